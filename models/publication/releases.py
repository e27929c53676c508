from coterie.publication import publish
from coterie.warehouse import previous, to_pandas


def model(dbt, session):
    """The last node: reached only when every test upstream passed, it publishes the release."""
    request = to_pandas(dbt.ref("release_request"), 1)
    tables = to_pandas(dbt.ref("published_tables"), 1000)
    retained = dbt.config.meta_get("retained_releases")
    return publish(session, request, tables, previous(dbt, session), retained)
