from coterie.denylist import require_decent
from coterie.descriptions import describe
from coterie.warehouse import to_pandas


def model(dbt, session):
    """Describe each segment in two sentences; stop on a name that may hurt."""
    cap = dbt.config.meta_get("row_cap")
    profiles = to_pandas(dbt.ref("segment_profiles"), cap)
    counts = to_pandas(dbt.ref("int_segments__counted"), cap)
    require_decent(counts["segment_name"])
    counts["is_fallback"] = counts["status"] == "fallback"
    currency = dbt.config.meta_get("reporting_currency")
    return describe(profiles[profiles["is_fitted"]], counts, currency)
