{{ config(enabled='harbour_shop' in var('sources')) }}

with accounts as (
    select * from {{ source('harbour_shop', 'accounts') }}
),

unpivoted as (
    {{ identifiers_from('accounts', 'account_id', {
        'login': 'login',
        'email': 'email',
        'phone': 'phone',
        'first_name': 'given_name',
        'last_name': 'family_name',
        'birth_date': 'date_of_birth',
        'street': 'street',
        'city': 'town',
        'postcode': 'postcode',
        'loyalty_id': 'loyalty_card',
    }, observed_at='changed_at') }}
)

select * from unpivoted
