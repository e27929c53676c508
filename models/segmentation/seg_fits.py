from coterie.fitting import SCHEMA, fit_all
from coterie.spec import read
from coterie.warehouse import previous, to_engine, to_pandas


def model(dbt, session):
    """Fit what has no fit yet: a new spec, new features or new data add a version."""
    cap = dbt.config.meta_get("row_cap")
    training = to_pandas(dbt.ref("seg_training_set"), cap)
    spec = read(to_pandas(dbt.ref("segmentation_spec"), cap))
    definitions = to_pandas(dbt.ref("seg_definitions"), cap)
    new = fit_all(spec, training, definitions, previous(dbt, session), progress=print)
    return to_engine(new, SCHEMA)
