{#-
  How a large table lies in the warehouse, for reads by day and by key: {{ config(**layout('customer_id',
  'as_of_date')) }}. DuckDB keeps its own statistics by block, Fabric its column store: neither is told
  (and config() wants something to be told: that the model is enabled). Trino and Athena are taken to write Iceberg.
-#}
{%- macro layout(key, day) -%}
    {{ return({
        'snowflake': {'cluster_by': [day, key]},
        'bigquery': {'partition_by': {'field': day, 'data_type': 'date'}, 'cluster_by': [key]},
        'databricks': {'liquid_clustered_by': [day, key]},
        'redshift': {'dist': key, 'sort': [day, key]},
        'postgres': {'indexes': [{'columns': [key, day]}]},
        'trino': {'properties': {'partitioning': "array['month(" ~ day ~ ")']"}},
        'athena': {'table_type': 'iceberg', 'partitioned_by': ['month(' ~ day ~ ')']},
    }.get(target.type, {'enabled': true})) }}
{%- endmacro -%}
