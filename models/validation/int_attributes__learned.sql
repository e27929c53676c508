with training_set as {{ inlined() }} (
    select * from {{ ref('seg_training_set') }}
),

categories as (
    select * from {{ ref('customer_categories') }}
),

protected_attributes as (
    select * from {{ ref('customer_protected_attributes') }}
),

learned as (
    select
        training_set.segmentation,
        training_set.customer_id,
        categories.attribute,
        categories.value,
        false as is_protected
    from training_set
    inner join categories
        on
            training_set.customer_id = categories.customer_id
            and training_set.as_of_date = categories.as_of_date
    where training_set.role = 'learn'
    union all
    select
        training_set.segmentation,
        training_set.customer_id,
        protected_attributes.attribute,
        protected_attributes.value,
        true as is_protected
    from training_set
    inner join protected_attributes
        on training_set.customer_id = protected_attributes.customer_id
    where training_set.role = 'learn' and protected_attributes.value != 'unknown'
)

select * from learned
