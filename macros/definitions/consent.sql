{#- The purposes that consent is asked for, each on its own. -#}
{%- macro purposes() -%}{{ return(['profiling', 'marketing', 'sharing']) }}{%- endmacro -%}

{#- The legal basis that a source's YAML states for profiling the people it knows; none when it states none. -#}
{%- macro legal_basis(source) -%}
    {%- set found = [] -%}
    {%- if execute -%}
        {%- for table in graph.sources.values() if table.source_name == source -%}
            {%- do found.append(table.config.meta.get('legal_basis') or table.meta.get('legal_basis')) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found | select | first) }}
{%- endmacro -%}

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
