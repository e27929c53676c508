from coterie.live_separation import measure
from coterie.measurements import MEASUREMENTS_SCHEMA
from coterie.warehouse import to_engine, to_pandas


def model(dbt, session):
    """Measure how well each version's segments are set apart today."""
    scored = to_pandas(dbt.ref("int_separation__compared"), dbt.config.meta_get("row_cap"))
    return to_engine(measure(scored), MEASUREMENTS_SCHEMA)
