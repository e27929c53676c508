with fingerprinted as (
    {% for table in var('published_tables') %}
    {% set relation = ref(table) %}
    select
        '{{ table }}' as table_name,
        '{{ relation.schema }}.{{ relation.identifier }}' as relation,
        count(*) as row_count,
        {{ content_fingerprint(relation) }} as fingerprint,
        count(distinct release_id) as release_id_count,
        max(release_id) as release_id
    from {{ relation }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from fingerprinted
