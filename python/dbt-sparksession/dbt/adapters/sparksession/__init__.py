"""The dbt adapter `sparksession`: dbt-spark in one live session, Python models included."""

from dbt.adapters.base import AdapterPlugin
from dbt.adapters.sparksession.adapter import SparkSessionAdapter
from dbt.adapters.sparksession.connections import SparkSessionCredentials
from dbt.include import sparksession

Plugin = AdapterPlugin(
    adapter=SparkSessionAdapter,  # type: ignore[arg-type]  # dbt-spark says so of its own too
    credentials=SparkSessionCredentials,
    include_path=sparksession.PACKAGE_PATH,
    dependencies=["spark"],
)
