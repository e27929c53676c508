"""One Python model, run in this process instead of in the warehouse."""

from typing import Any

from coterie.outside.reading import Query, Session
from coterie.outside.writing import Target, as_table, write


def run_model(adapter: Any, parsed_model: dict[str, Any], compiled_code: str) -> Any:
    """Run a model and write what it returns; stands for the adapter's `submit_python_job`.

    The code is what dbt compiles for any engine with Python models, and behind it, by the
    materialization `outside`: STAGED, the name of the table to write, IS_INCREMENTAL, TYPES (the
    words for types) and BINDING (the mark of a bound value).
    """
    from dbt.adapters.contracts.connection import AdapterResponse
    from threadpoolctl import threadpool_limits

    names: dict[str, Any] = {"__name__": f"model_{parsed_model['name']}"}
    exec(compile(compiled_code, parsed_model["original_file_path"], "exec"), names)
    dbt = names["dbtObj"](lambda relation: Query(adapter, f"select * from {relation}"))
    dbt.is_incremental = names["IS_INCREMENTAL"]
    with threadpool_limits(limits=1):
        table = as_table(names["model"](dbt, Session(adapter)))
    declared = {name: about.get("data_type") for name, about in parsed_model["columns"].items()}
    target = Target(names["STAGED"], names["TYPES"], names["BINDING"], declared)
    write(adapter, table, target)
    return AdapterResponse(_message=f"{table.num_rows} rows", rows_affected=table.num_rows)
