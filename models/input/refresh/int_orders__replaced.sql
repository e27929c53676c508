{% set judged = relation_of_last_run('input', 'int_orders__judged') if carries_on() %}

with touched as {{ inlined() }} (
    select * from {{ ref('int_orders__touched') }}
),

{% if judged %}
judged as (
    select * from {{ judged }}
),

replaced as (
    select judged.*
    from judged
    inner join touched on {{ same_key('judged', 'touched', ['source', 'order_id']) }}
)
{% else %}
replaced as (
    select * from touched
    where 1 = 0
)
{% endif %}

select * from replaced
