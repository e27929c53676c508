{#-
  What keeps large tables within the memory of one machine. Clusters and servers have their own ways, and
  do without: one pass, keys grouped as they are, rows in any order.
-#}

{#- Of how many lines a table is made at a time; 0: of all. -#}
{%- macro lines_per_pass() -%}{{ return(adapter.dispatch('lines_per_pass', 'coterie')()) }}{%- endmacro -%}
{%- macro default__lines_per_pass() -%}{{ return(0) }}{%- endmacro -%}
{%- macro duckdb__lines_per_pass() -%}{{ return(var('lines_per_pass')) }}{%- endmacro -%}

{#- Whether a key is in one of so many buckets. -#}
{%- macro in_one_bucket(key, bucket, buckets) -%}
    {{ adapter.dispatch('in_one_bucket', 'coterie')(key, bucket, buckets) }}
{%- endmacro -%}
{%- macro default__in_one_bucket(key, bucket, buckets) -%}1 = 1{%- endmacro -%}
{#- By ranges of the hash: DuckDB hands a comparison on to the scan, through a window and a group; a remainder not. -#}
{%- macro duckdb__in_one_bucket(key, bucket, buckets) -%}
    {%- set first, next = bucket * 2**64 // buckets, (bucket + 1) * 2**64 // buckets -%}
    (hash({{ key }}) >= cast({{ first }} as ubigint) and hash({{ key }}) <= cast({{ next - 1 }} as ubigint))
{%- endmacro -%}

{#- A query of the keys that occur more than once, and how often. -#}
{%- macro repeated_keys(rows, columns) -%}
    {{ adapter.dispatch('repeated_keys', 'coterie')(rows, columns) }}
{%- endmacro -%}
{%- macro default__repeated_keys(rows, columns, where='1 = 1') -%}
    select {{ columns | join(', ') }}, count(*) as row_count
    from {{ rows }}
    where {{ where }}
    group by {{ columns | join(', ') }}
    having count(*) > 1
{%- endmacro -%}

{#- Only keys whose hashes occur more than once are compared as texts: a third of the memory. -#}
{%- macro duckdb__repeated_keys(rows, columns) -%}
    {%- set digest = 'hash(' ~ columns | join(', ') ~ ')' -%}
    {%- set hashes -%}
        select {{ digest }} from {{ rows }} group by {{ digest }} having count(*) > 1
    {%- endset -%}
    {{ default__repeated_keys(rows, columns, digest ~ ' in (' ~ hashes ~ ')') }}
{%- endmacro -%}

{#- Behind a query: rows in the order of a key, so that a pass over a range of it reads only its part. -#}
{%- macro in_order_of(key) -%}{{ adapter.dispatch('in_order_of', 'coterie')(key) }}{%- endmacro -%}
{%- macro default__in_order_of(key) -%}{%- endmacro -%}
{%- macro duckdb__in_order_of(key) -%}order by {{ key }}{%- endmacro -%}
