from coterie.identity.resolution import CLUSTERS_SCHEMA, resolve
from coterie.warehouse import to_arrow, to_engine


def model(dbt, session):
    """Join what rules, model and reviewers say is one person, within the guards."""
    cap = dbt.config.meta_get("row_cap")
    limits = {
        "accepted_probability": dbt.config.meta_get("accepted_probability"),
        "largest_cluster": dbt.config.meta_get("largest_cluster"),
    }
    records = to_arrow(dbt.ref("int_records__widened"), cap)
    pairs = to_arrow(dbt.ref("int_identity__paired"), cap)
    scored = to_arrow(dbt.ref("int_identity__scored"), cap)
    seen = to_arrow(dbt.ref("int_identity__seen"), cap)
    reviews = to_arrow(dbt.ref("int_identity__reviewed"), cap)
    return to_engine(resolve(records, pairs, scored, seen, reviews, **limits), CLUSTERS_SCHEMA)
