"""Python models of a warehouse that runs no Python: run here, beside it, through dbt's adapter."""
