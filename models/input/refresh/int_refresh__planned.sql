{{ config(post_hook='{{ begin_refresh() }}') }}
{% set reason = reason_to_rebuild(ref('int_loads__counted')) %}

with planned as (
    select
        {{ 'true' if reason else 'false' }} as is_full,
        {{ text_or_null(reason) }} as reason,
        {{ release_id() }} as planned_release_id
)

select * from planned
