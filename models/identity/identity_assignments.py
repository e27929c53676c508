from coterie.identity.assignment import ASSIGNMENTS_SCHEMA, changed_assignments
from coterie.warehouse import previous, to_arrow, to_engine


def model(dbt, session):
    """Give each cluster its customer_id, and keep what is new since the run before."""
    cap = dbt.config.meta_get("row_cap")
    grouped = to_arrow(dbt.ref("int_identity__grouped"), cap).to_pandas()
    return to_engine(changed_assignments(grouped, previous(dbt, session)), ASSIGNMENTS_SCHEMA)
