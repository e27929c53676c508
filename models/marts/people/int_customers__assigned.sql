with customers as (
    select * from {{ ref('int_customers__as_of') }}
),

as_of_dates as (
    select * from {{ ref('as_of_dates') }}
),

places as (
    select * from {{ ref('int_places__as_of') }}
),

located as (
    select * from {{ ref('int_customers__located') }}
),

territories as (
    select * from {{ ref('territories') }}
),

current_customers as (
    select customers.customer_id, customers.as_of_date
    from customers
    inner join as_of_dates on customers.as_of_date = as_of_dates.as_of_date
    where as_of_dates.is_current
),

visited as (
    select
        current_customers.customer_id,
        places.location_id,
        row_number() over (
            partition by current_customers.customer_id
            order by sum(places.order_count) desc, places.location_id asc
        ) as place
    from current_customers
    inner join places
        on
            current_customers.customer_id = places.customer_id
            and current_customers.as_of_date = places.as_of_date
    where places.location_id is not null
    group by current_customers.customer_id, places.location_id
),

assigned as (
    select
        current_customers.customer_id,
        coalesce(stores.territory, regions.territory, located.region, 'unassigned') as territory,
        coalesce(stores.business_unit, regions.business_unit, 'unassigned') as business_unit,
        coalesce(stores.owner, regions.owner) as owner
    from current_customers
    left join visited on current_customers.customer_id = visited.customer_id and visited.place = 1
    left join located on current_customers.customer_id = located.customer_id
    left join territories as stores
        on stores.place_kind = 'location' and visited.location_id = stores.place
    left join territories as regions
        on regions.place_kind = 'region' and located.region = regions.place
)

select * from assigned
