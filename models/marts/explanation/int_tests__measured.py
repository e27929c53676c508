from coterie.differences import SCHEMA, differences
from coterie.warehouse import to_engine, to_pandas


def model(dbt, session):
    """Test whether segments differ, feature by feature and category by category."""
    cap = dbt.config.meta_get("row_cap")
    features = to_pandas(dbt.ref("int_profiles__aggregated"), cap)
    categories = to_pandas(dbt.ref("int_categories__counted"), cap)
    return to_engine(differences(features[features["segment_id"] > 0], categories), SCHEMA)
