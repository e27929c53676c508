{#- The purposes that consent is asked for, each on its own. -#}
{%- macro purposes() -%}{{ return(['profiling', 'marketing', 'sharing']) }}{%- endmacro -%}

{#- The moment up to which statements count: when this run began. -#}
{%- macro consent_moment() -%}
    cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S") }}' as timestamp)
{%- endmacro -%}

{#- In a company of which no source has consents and none states a legal basis, nobody could be in. -#}
{%- macro consent_faults() -%}
    {%- set faults = [] -%}
    {%- set grounds = [] -%}
    {%- for source in var('sources') -%}
        {%- if 'consents' in entities_of(source) or legal_basis(source) -%}{%- do grounds.append(source) -%}{%- endif -%}
    {%- endfor -%}
    {%- if not grounds -%}
        {%- do faults.append(
            'no source has consents and none states a legal basis, so no customer may be profiled: state '
            ~ 'config.meta.legal_basis in models/staging/<source>/_<source>.yml, or add the entity consents'
        ) -%}
    {%- endif -%}
    {{ return(faults) }}
{%- endmacro -%}

{#- What a table that grows from run to run holds of people who are no customers any more: it goes. -#}
{%- macro remove_strangers(log, customers) -%}
    {%- if is_incremental() -%}
        {{ delete_strangers(log, 'customer_id', customers, config.get('unique_key')) }}
    {%- endif -%}
{%- endmacro -%}
