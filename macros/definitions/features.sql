{#-
  Every feature of every family, as its YAML describes it: the columns of feat_customers__* with a unit.
  This is the one dictionary: the wide table, the vectors, the profiles and the published
  feature_definitions all loop over it, so that a new feature is one column and its YAML.
  Empty while dbt parses, when the graph is not known yet.
-#}
{%- macro features() -%}
    {%- set found = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() | sort(attribute='name')
            if node.resource_type == 'model' and node.name.startswith('feat_customers__')
                and node.package_name == model.package_name -%}
            {%- set sql = modules.re.sub('\\s+', ' ', node.raw_code) -%}
            {%- for column in node.columns.values() if 'unit' in column.config.meta -%}
                {%- set meta = column.config.meta -%}
                {%- do found.append({
                    'name': column.name,
                    'model': node.name,
                    'family': node.name.split('__')[1],
                    'unit': meta.unit,
                    'label': meta.label,
                    'description': column.description,
                    'tags': column.tags | join(','),
                    'is_allowed': column.tags | select('in', ['pii', 'sensitive', 'proxy_risk']) | list | length == 0,
                    'missing_policy': meta.get('missing', 'none'),
                    'high_phrase': meta.high,
                    'low_phrase': meta.low,
                    'definition_hash': local_md5(sql ~ column.name ~ meta | string ~ column.tags | string),
                }) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found) }}
{%- endmacro -%}


{#- Text as a SQL literal. -#}
{%- macro literal(text) -%}'{{ (text | string).replace("'", "''").replace('\n', ' ') | trim }}'{%- endmacro -%}

{#- The layer of a node: source, seed, or the folder under models/. -#}
{%- macro layer_of(unique_id) -%}
    {%- set node = graph.nodes.get(unique_id) -%}
    {{ return(node.fqn[1] if node and node.resource_type == 'model' else unique_id.split('.')[0]) }}
{%- endmacro -%}
