from coterie.identity.matching import PAIRS_SCHEMA, probable_pairs
from coterie.warehouse import to_arrow, to_engine


def model(dbt, session):
    """Score the pairs of records that may be one person."""
    records = to_arrow(dbt.ref("int_records__widened"), dbt.config.meta_get("row_cap"))
    return to_engine(probable_pairs(records), PAIRS_SCHEMA)
