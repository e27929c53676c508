from coterie.drivers import SCHEMA, drivers
from coterie.warehouse import to_engine, to_pandas


def model(dbt, session):
    """Rank what drives the outcome and what drives the segments."""
    sampled = to_pandas(dbt.ref("int_drivers__sampled"), dbt.config.meta_get("row_cap"))
    return to_engine(drivers(sampled), SCHEMA)
