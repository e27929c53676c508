from coterie.overlap import SCHEMA, overlaps
from coterie.warehouse import to_engine, to_pandas


def model(dbt, session):
    """Measure how far each segmentation agrees with other ways of dividing customers."""
    flows = to_pandas(dbt.ref("int_overlaps__counted"), dbt.config.meta_get("row_cap"))
    return to_engine(overlaps(flows), SCHEMA)
