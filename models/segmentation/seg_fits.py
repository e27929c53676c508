from coterie import refitting
from coterie.fitting import SCHEMA, fit_all
from coterie.spec_table import read
from coterie.warehouse import previous, to_engine, to_pandas


def model(dbt, session):
    """Fit what somebody asked for, and what is due; data alone add no version (var refit)."""
    cap = dbt.config.meta_get("row_cap")
    training = to_pandas(dbt.ref("seg_training_set"), cap)
    spec = read(to_pandas(dbt.ref("segmentation_spec"), cap))
    definitions = to_pandas(dbt.ref("seg_definitions"), cap)
    pins = to_pandas(dbt.ref("release_pins"), cap)
    refit = refitting.read(dbt.config.meta_get("refit"), to_pandas(dbt.ref("seg_refits_due"), cap))
    known = previous(dbt, session)
    new = fit_all(spec, training, definitions, known, pins, refit=refit, progress=print)
    return to_engine(new, SCHEMA)
