{#- What a playbook says of a segment: the columns of segment_playbook, the fields of seed playbook. -#}
{%- macro playbook_fields() -%}
    {{ return(['greeting', 'offer', 'channel', 'service_level', 'what_to_do', 'what_not_to_do']) }}
{%- endmacro -%}

{#- What seed crm_mapping may send to another system, by table; the keys are columns of crm_segment_export. -#}
{%- macro crm_columns() -%}
    {{ return({
        'customer_segments': [
            'segment_id', 'segment_name', 'assignment_method', 'is_borderline', 'as_of_date', 'valid_until',
            'model_version',
        ],
        'segment_playbook': playbook_fields(),
        'segment_journeys': ['persona', 'journey_stage'],
    }) }}
{%- endmacro -%}
