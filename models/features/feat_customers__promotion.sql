{{ config(pre_hook='{{ remove_stale(this) }}') }}

with orders as (
    select * from {{ ref('int_orders__summed') }}
    where {{ is_stale() }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

contacts as (
    select * from {{ ref('int_campaign_contacts__identified') }}
),

contacted as (
    select
        contacts.customer_id,
        as_of_dates.as_of_date,
        count(*) as campaign_contact_count,
        count(case when contacts.first_responded_on < as_of_dates.as_of_date then 1 end)
            as campaign_response_count
    from contacts
    inner join as_of_dates on contacts.contacted_on < as_of_dates.as_of_date
    group by contacts.customer_id, as_of_dates.as_of_date
),

measured as (
    select
        orders.customer_id,
        orders.as_of_date,
        {{ ratio('discount_cents', 'amount_cents + discount_cents + coupon_cents') }}
            as discount_share,
        {{ ratio('discounted_line_count', 'line_count') }} as discounted_line_share,
        {{ ratio('coupon_cents', 'amount_cents + discount_cents + coupon_cents') }}
            as coupon_share,
        {{ ratio('coupon_order_count', 'order_count') }} as coupon_order_share,
        coalesce(contacted.campaign_contact_count, 0) as campaign_contact_count,
        coalesce(contacted.campaign_response_count, 0) as campaign_response_count,
        {{ ratio('contacted.campaign_response_count', 'contacted.campaign_contact_count') }}
            as campaign_response_rate
    from orders
    left join contacted
        on
            orders.customer_id = contacted.customer_id
            and orders.as_of_date = contacted.as_of_date
)

select * from measured
