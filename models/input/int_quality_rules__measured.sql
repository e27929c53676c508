with measured as (
    {{ quality_measured() }}
)

select * from measured
