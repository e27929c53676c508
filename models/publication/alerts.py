from coterie.alerts import announce
from coterie.warehouse import running_command, to_pandas


def model(dbt, session):
    """Say beside the serving file that it is stale, and why; take it back when it is not."""
    request = to_pandas(dbt.ref("alert_request"), dbt.config.meta_get("row_cap"))
    return announce(session, request, running_command())
