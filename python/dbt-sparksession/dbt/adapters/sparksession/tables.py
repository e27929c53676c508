"""What a Python model returns, as a table of the session."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession


def write(session: "SparkSession", rows: Any, relation: str, file_format: str) -> None:
    """Write a Spark frame, an Arrow table (or batches) or a pandas frame as a table."""
    frame = to_spark(session, rows)
    frame.write.mode("overwrite").format(file_format).saveAsTable(relation)


def to_spark(session: "SparkSession", rows: Any) -> "DataFrame":
    """Return rows as a Spark frame; moments without a time zone are UTC, all-null columns text."""
    import pandas as pd
    import pyarrow as pa

    if isinstance(rows, pd.DataFrame):
        rows = pa.Table.from_pandas(rows, preserve_index=False)
    elif isinstance(rows, pa.RecordBatchReader):
        rows = rows.read_all()
    return session.createDataFrame(_typed(rows)) if isinstance(rows, pa.Table) else rows


def _typed(rows: "pa.Table") -> "pa.Table":
    import pyarrow as pa

    return rows.replace_schema_metadata(None).cast(
        pa.schema(
            [
                pa.field(name, _type(kind))
                for name, kind in zip(rows.schema.names, rows.schema.types, strict=True)
            ]
        )
    )


def _type(kind: Any) -> Any:
    import pyarrow as pa

    if pa.types.is_null(kind):
        return pa.string()
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us", tz="UTC")
    return kind
