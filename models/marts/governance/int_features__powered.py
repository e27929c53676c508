from coterie.power import SCHEMA, power
from coterie.warehouse import to_engine, to_pandas


def model(dbt, session):
    """Measure what each feature and attribute by itself tells of the outcome."""
    cap = dbt.config.meta_get("row_cap")
    features = to_pandas(dbt.ref("int_features__learned"), cap)
    attributes = to_pandas(dbt.ref("int_attributes__learned"), cap)
    definitions = to_pandas(dbt.ref("feature_definitions"), cap)
    found = power(features, attributes, definitions, dbt.config.meta_get("attitudinal"))
    return to_engine(found, SCHEMA)
