from coterie.fairness import measure
from coterie.measurements import MEASUREMENTS_SCHEMA
from coterie.warehouse import to_engine, to_pandas


def model(dbt, session):
    """Measure how evenly the groups of each protected attribute are spread over segments."""
    counts = to_pandas(dbt.ref("int_fairness__counted"), dbt.config.meta_get("row_cap"))
    minimum = dbt.config.meta_get("minimum_group_size")
    attributes = dbt.config.meta_get("audited_attributes")
    return to_engine(measure(counts, minimum, attributes=attributes), MEASUREMENTS_SCHEMA)
