from coterie.publication import publish
from coterie.warehouse import previous, running_command, to_pandas


def model(dbt, session):
    """Publish the release: the last node, reached only when every test upstream passed."""
    request = to_pandas(dbt.ref("release_request"), 1).assign(command=running_command())
    tables = to_pandas(dbt.ref("published_tables"), 1000)
    retained = dbt.config.meta_get("retained_releases")
    return publish(session, request, tables, previous(dbt, session), retained)
