with counted as (
    {{ missing_values_counted() }}
)

select * from counted
