{{ config(enabled='harbour_crm' in var('sources')) }}

with contacts as (
    select * from {{ source('harbour_crm', 'contacts') }}
),

unpivoted as (
    {{ identifiers_from('contacts', 'contact_id', {
        'first_name': 'first_name',
        'last_name': 'last_name',
        'email': 'email',
        'phone': 'phone',
        'birth_date': 'birth_date',
        'street': 'street',
        'city': 'city',
        'postcode': 'postcode',
        'region': 'region',
        'loyalty_id': 'loyalty_number',
    }, observed_at='modified_at') }}
)

select * from unpivoted
