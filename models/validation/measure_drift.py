from coterie.drift import measure
from coterie.measurements import MEASUREMENTS_SCHEMA
from coterie.warehouse import to_engine, to_pandas


def model(dbt, session):
    """Measure how far the features have moved from the reference of each fit."""
    cap = dbt.config.meta_get("row_cap")
    reference = to_pandas(dbt.ref("seg_reference"), cap)
    current = to_pandas(dbt.ref("int_drift__compared"), cap)
    return to_engine(measure(reference, current), MEASUREMENTS_SCHEMA)
