{#-
  Every feature of every family, as its YAML describes it: the columns of feat_customers__* with a unit.
  This is the one dictionary: the wide table, the vectors, the profiles and the published
  feature_definitions all loop over it, so that a new feature is one column and its YAML.
  Empty while dbt parses, when the graph is not known yet.

  What a family's meta says, outside of the definition hash: `needs`, the input entity without which
  nothing of it is known (or one for each feature that has one), `missing_means`, why all of it may be
  missing, and `zero_is_absent`, when a feature that is 0 for every customer means that the company
  records nothing of it.
-#}
{%- macro features() -%}
    {%- set found = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() | sort(attribute='name')
            if node.resource_type == 'model' and node.name.startswith('feat_customers__')
                and node.package_name == model.package_name -%}
            {%- set sql = modules.re.sub('\\s+', ' ', node.raw_code) -%}
            {%- set needs = node.config.meta.get('needs', '') -%}
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
                    'needs': needs if needs is string else needs.get(column.name, ''),
                    'missing_means': node.config.meta.get('missing_means', ''),
                    'zero_is_absent': node.config.meta.get('zero_is_absent', false),
                    'missing_policy': meta.get('missing', 'none'),
                    'missing_parameter': meta.get('missing_parameter'),
                    'high_phrase': meta.high,
                    'low_phrase': meta.low,
                    'definition_hash': local_md5(sql ~ column.name ~ meta | string ~ column.tags | string),
                }) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found) }}
{%- endmacro -%}

{#-
  The value of a feature with its missing policy, by coterie's imputation macros. What a forward fill, a
  regression or a mode has nothing to go by for gets the median of the as-of date.
-#}
{%- macro filled_feature(feature) -%}
    {%- set policy, parameter = feature.missing_policy, feature.missing_parameter -%}
    {%- if policy == 'zero' -%}
        coalesce({{ feature.name }}, 0)
    {%- elif policy in ['forward_fill', 'regression'] -%}
        {%- set partition = ['customer_id'] if policy == 'forward_fill' else ['as_of_date'] -%}
        coalesce(
            {{ imputed(feature.name, policy, parameter, partition, ['as_of_date']) }},
            {{ imputed(feature.name, 'median', none, ['as_of_date']) }}
        )
    {%- else -%}
        {{ imputed(feature.name, policy, parameter, ['as_of_date']) }}
    {%- endif -%}
{%- endmacro -%}

{#- The features that any segmentation of the spec reads: to fit, to rank, or for its baselines. -#}
{%- macro asked_features() -%}
    {%- set names = ['recency_days', 'order_count', 'spend_cents'] -%}
    {%- for segmentation in var('segmentations').values() if execute -%}
        {%- do names.append(segmentation.get('rank_by')) -%}
        {%- do names.extend(segmentation.features | map(attribute='name')) -%}
    {%- endfor -%}
    {{ return(features() | selectattr('is_allowed') | selectattr('name', 'in', names) | list) }}
{%- endmacro -%}

{#-
  Every attribute of customer_categories, as its YAML describes it (model meta `attributes`): what a spec
  may name with kind category. Empty while dbt parses.
-#}
{%- macro categories() -%}
    {%- set found = [] -%}
    {%- set node = graph.nodes.get('model.' ~ model.package_name ~ '.customer_categories') if execute -%}
    {%- if node -%}
        {%- set sql = modules.re.sub('\\s+', ' ', node.raw_code) -%}
        {%- for name, meta in node.config.meta.attributes.items() | sort -%}
            {%- set tags = meta.get('tags', []) -%}
            {%- do found.append({
                'name': name,
                'label': meta.label,
                'phrase': meta.get('phrase', ''),
                'tags': tags | join(','),
                'is_allowed': tags | select('in', ['pii', 'sensitive', 'proxy_risk']) | list | length == 0,
                'barred_levels': meta.get('barred_levels', []),
                'definition_hash': local_md5(sql ~ name ~ meta | string),
            }) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found) }}
{%- endmacro -%}

{#- The categories that any segmentation of the spec reads, and may read. -#}
{%- macro asked_categories() -%}
    {%- set names = [] -%}
    {%- for segmentation in var('segmentations').values() if execute -%}
        {%- for feature in segmentation.features if feature.get('kind') == 'category' -%}
            {%- do names.append(feature.name) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(categories() | selectattr('is_allowed') | selectattr('name', 'in', names) | list) }}
{%- endmacro -%}

{#-
  The value of each of these attributes as a column, from rows of customer_categories; a level that
  stands for what no fit may use is (other).
-#}
{%- macro category_columns(attributes) -%}
    {%- for attribute in attributes %}
        {%- set value = 'value' -%}
        {%- if attribute.barred_levels -%}
            {%- set barred = "'" ~ attribute.barred_levels | join("', '") ~ "'" -%}
            {%- set value = 'case when value in (' ~ barred ~ ") then '(other)' else value end" -%}
        {%- endif -%},
        max({{ value }}) filter (where attribute = '{{ attribute.name }}') as {{ attribute.name }}
    {%- endfor -%}
{%- endmacro -%}

{#- A level as coterie.categories reads it: a missing one is (unknown), a bar is a slash. -#}
{%- macro category_text(value) -%}replace(coalesce({{ value }}, '(unknown)'), '|', '/'){%- endmacro -%}

{#- Whether <feature>_was_imputed stands beside a feature. -#}
{%- macro is_flagged(feature) -%}
    {{ return(feature.missing_policy not in ['none', 'exclude']) }}
{%- endmacro -%}

{#- The channel of an order in three words; what is none of them stays as the source calls it. -#}
{%- macro channel_group(channel) -%}
    case
        when lower({{ channel }}) in ('store', 'shop', 'branch') then 'store'
        when lower({{ channel }}) in ('online', 'web', 'app', 'mobile') then 'online'
        when lower({{ channel }}) in ('call centre', 'call_centre', 'call center', 'phone')
            then 'call centre'
        else lower({{ channel }})
    end
{%- endmacro -%}

{#- Text as a SQL literal. -#}
{%- macro literal(text) -%}'{{ (text | string).replace("'", "''").replace('\n', ' ') | trim }}'{%- endmacro -%}

{#- The layer of a node: source, seed, or the folder under models/. -#}
{%- macro layer_of(unique_id) -%}
    {%- set node = graph.nodes.get(unique_id) -%}
    {{ return(node.fqn[1] if node and node.resource_type == 'model' else unique_id.split('.')[0]) }}
{%- endmacro -%}
