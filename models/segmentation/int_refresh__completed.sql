{{ config(post_hook='{{ forget_replaced("orders") }}') }}
{{ config(post_hook='{{ forget_replaced("order_lines") }}') }}
-- depends_on: {{ ref('customer_features') }}
-- depends_on: {{ ref('int_availability__remembered') }}
-- depends_on: {{ ref('int_scores__ranked') }}
-- depends_on: {{ ref('seg_scores') }}
-- depends_on: {{ ref('seg_standardised') }}
-- depends_on: {{ ref('customer_categories') }}
-- depends_on: {{ ref('feat_customers__basket') }}
-- depends_on: {{ ref('feat_customers__breadth') }}
-- depends_on: {{ ref('feat_customers__category') }}
-- depends_on: {{ ref('feat_customers__channel') }}
-- depends_on: {{ ref('feat_customers__context') }}
-- depends_on: {{ ref('feat_customers__engagement') }}
-- depends_on: {{ ref('feat_customers__gaps') }}
-- depends_on: {{ ref('feat_customers__mix') }}
-- depends_on: {{ ref('feat_customers__onboarding') }}
-- depends_on: {{ ref('feat_customers__place_time') }}
-- depends_on: {{ ref('feat_customers__promotion') }}
-- depends_on: {{ ref('feat_customers__referral') }}
-- depends_on: {{ ref('feat_customers__rfm') }}
-- depends_on: {{ ref('feat_customers__seasonality') }}
-- depends_on: {{ ref('feat_customers__service') }}
-- depends_on: {{ ref('feat_customers__tenure') }}
-- depends_on: {{ ref('feat_customers__trend') }}
-- depends_on: {{ ref('int_categories__as_of') }}
-- depends_on: {{ ref('int_categories__first_bought') }}
-- depends_on: {{ ref('int_customers__as_of') }}
-- depends_on: {{ ref('int_days__summed') }}
-- depends_on: {{ ref('int_departments__as_of') }}
-- depends_on: {{ ref('int_departments__summed') }}
-- depends_on: {{ ref('int_features__joined') }}
-- depends_on: {{ ref('int_orders__summed') }}
-- depends_on: {{ ref('int_orders__totalled') }}
-- depends_on: {{ ref('int_places__as_of') }}
-- depends_on: {{ ref('int_products__remembered') }}
-- depends_on: {{ ref('int_events__remembered') }}
-- depends_on: {{ ref('int_as_of_dates__remembered') }}
with loads as (
    select * from {{ ref('int_loads__remembered') }}
),

records as (
    select * from {{ ref('int_records__remembered') }}
),

completed as (
    select
        (select count(*) from loads) as load_count,
        (select count(*) from records) as record_count,
        {{ literal(definitions_hash() if execute else '') }} as definitions_hash
)

select * from completed
