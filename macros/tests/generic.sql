{#- Fails with each of the columns that has nulls, and how many: one test, where not_null would be many. -#}
{% test has_no_nulls(model, columns) %}
with counted as (
    select
        count(*) as rows_in_all,
        {%- for column in columns %}
        count({{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ model }}
)

{% for column in columns %}
select '{{ column }}' as column_name, rows_in_all - {{ column }} as null_count
from counted
where {{ column }} < rows_in_all
{{ 'union all' if not loop.last }}
{% endfor %}
{% endtest %}

{#- Fails on every combination of the columns that occurs more than once. -#}
{% test is_unique_together(model, columns) %}
{{ repeated_keys(model, columns) }}
{% endtest %}

{#- Nothing is lost: what came in was kept or is in quarantine, and every rule's count adds up. -#}
{% test rows_in_are_kept_or_quarantined(model) %}
with totals as (
    select * from {{ model }} where rule = 'all rules'
),

ruled as (
    select
        source,
        entity,
        sum(rows_quarantined) as rows_quarantined,
        sum(rows_flagged) as rows_flagged,
        sum(amount_cents_quarantined) as amount_cents_quarantined
    from {{ model }}
    where rule != 'all rules'
    group by source, entity
)

select totals.*
from totals
left join ruled on totals.source = ruled.source and totals.entity = ruled.entity
where
    totals.rows_in != totals.rows_kept + totals.rows_quarantined
    or totals.rows_quarantined != coalesce(ruled.rows_quarantined, 0)
    or totals.rows_flagged != coalesce(ruled.rows_flagged, 0)
    or totals.amount_cents_quarantined != coalesce(ruled.amount_cents_quarantined, 0)
{% endtest %}

{#- Every known person is in or left out, once, on every date. -#}
{% test everyone_is_in_or_left_out(model) %}
with counted as (
    select segmentation, as_of_date, sum(customer_count) as customer_count
    from {{ model }}
    group by segmentation, as_of_date
)

select counted.*
from counted
left join {{ ref('segmentation_spec') }} as spec on counted.segmentation = spec.segmentation
where
    counted.customer_count != case
        when spec.entity = 'product' then (
            select count(*) from {{ ref('int_products__as_of') }} where is_current
        )
        else (select count(*) from {{ ref('customers') }})
    end
{% endtest %}

{#-
  To the cent: received + conversion = quarantined + without person + uncounted + later + features, and
  features = segments + left out.
-#}
{% test revenue_reconciles(model) %}
select *
from {{ model }}
where
    received_cents + conversion_cents
    != quarantined_cents + without_person_cents + uncounted_cents + later_cents + features_cents
    or features_cents != segments_cents + left_out_cents
{% endtest %}

{#- A waiver waives a check of check_policies, or a promotion gate of release_policies. -#}
{% test is_a_known_check(model, column_name) %}
select {{ column_name }}
from {{ model }}
where
    {{ column_name }} not in (select check_name from {{ ref('check_policies') }})
    and {{ column_name }} not in (
        select policy from {{ ref('release_policies') }} where decides = 'promotion'
    )
{% endtest %}
