{% set judged = relation_of_last_run('input', 'int_order_lines__judged') if carries_on() %}

with touched as {{ inlined() }} (
    select * from {{ ref('int_order_lines__touched') }}
),

{% if judged %}
keyed as (
    select distinct source, order_line_id
    from touched
),

judged as (
    select * from {{ judged }}
),

replaced as (
    select judged.*
    from judged
    inner join keyed on {{ same_key('judged', 'keyed', ['source', 'order_line_id']) }}
)
{% else %}
replaced as (
    select * from touched
    where 1 = 0
)
{% endif %}

select * from replaced
