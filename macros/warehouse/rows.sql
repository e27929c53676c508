{#-
  The statement that takes rows out of a table that grows from run to run: those whose `key` is not among
  `kept`. `partition` are the columns that the table is kept by, where an engine replaces whole partitions.
-#}
{%- macro delete_strangers(relation, key, kept, partition) -%}
    {{ adapter.dispatch('delete_strangers', 'coterie')(relation, key, kept, partition) }}
{%- endmacro -%}
{%- macro default__delete_strangers(relation, key, kept, partition) -%}
    delete from {{ relation }} where {{ key }} not in (select {{ key }} from {{ kept }})
{%- endmacro -%}

{#- Parquet has no delete: a partition with nobody left is dropped, one with some left is written again. -#}
{%- macro spark__delete_strangers(relation, key, kept, partition) -%}
    {%- set columns = adapter.get_columns_in_relation(relation) | map(attribute='name') | join(', ') -%}
    {%- set named = partition | join(', ') -%}
    {%- set counted -%}
        select {{ named }}, count(*) as row_count, count(kept_key) as kept_count
        from {{ relation }}
        left join (select distinct {{ key }} as kept_key from {{ kept }}) as kept on {{ key }} = kept_key
        group by {{ named }}
        having count(kept_key) < count(*)
    {%- endset -%}
    {%- for row in run_query('select * from (' ~ counted ~ ') as counted where kept_count = 0').rows -%}
        {%- set parts = [] -%}
        {%- for name in partition %}{% do parts.append(name ~ " = '" ~ row[name] ~ "'") %}{% endfor -%}
        {%- do run_query('alter table ' ~ relation ~ ' drop if exists partition (' ~ parts | join(', ') ~ ')') -%}
    {%- endfor -%}
    insert overwrite table {{ relation }} partition ({{ named }}) ({{ columns }})
    select {{ columns }}
    from {{ relation }}
    where
        {{ key }} in (select {{ key }} from {{ kept }})
        and ({{ named }}) in (select {{ named }} from ({{ counted }}) as counted)
{%- endmacro -%}

{#- Rows of text as a query, in one piece: hundreds of them one below the other are slow to plan. -#}
{%- macro literal_rows(rows, columns) -%}
    {{ adapter.dispatch('literal_rows', 'coterie')(rows, columns) }}
{%- endmacro -%}
{%- macro default__literal_rows(rows, columns) -%}
    select * from (values
    {%- for row in rows %}
    (
        {%- for value in row %}{{ literal(value) }}{{ ', ' if not loop.last }}{% endfor -%}
    ){{ ',' if not loop.last }}
    {%- endfor %}
    ) as listed ({{ columns | join(', ') }})
{%- endmacro -%}

{#-
  Replace the rows of a log's keys. dbt-duckdb pairs every row of a key with every new row of it, which
  for a key of a million rows never ends; dbt's own statement asks once whether the key is among the new.
-#}
{%- macro duckdb__get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates) -%}
    {{ dbt.default__get_delete_insert_merge_sql(
        target, source, unique_key, dest_columns, incremental_predicates
    ) }}
{%- endmacro -%}
