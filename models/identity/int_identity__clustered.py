from coterie.identity.resolution import CLUSTERS_SCHEMA, resolve
from coterie.warehouse import to_arrow, to_engine


def model(dbt, session):
    """Join what rules, model and reviewers say is one person, within the guards."""
    meta = dbt.config.meta_get
    records = to_arrow(dbt.ref("int_records__widened"), meta("row_cap"))
    pairs = to_arrow(dbt.ref("int_identity__paired"), meta("row_cap"))
    scored = to_arrow(dbt.ref("int_identity__scored"), meta("row_cap"))
    seen = to_arrow(dbt.ref("int_identity__seen"), meta("row_cap"))
    reviews = to_arrow(dbt.ref("int_identity__reviewed"), meta("row_cap"))
    limits = (meta("accepted_probability"), meta("largest_cluster"))
    found = resolve(records, pairs, scored, seen, reviews, *limits)
    return to_engine(found, CLUSTERS_SCHEMA)
