"""The version that dbt reports."""

version = "1.11.0"
