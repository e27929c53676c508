{#-
  Every feature of every family, as its YAML describes it: the columns of feat_customers__* and
  feat_products__* with a unit; with `entity`, only those of customers or of products.
  This is the one dictionary: the wide table, the vectors, the profiles and the published
  feature_definitions all loop over it, so that a new feature is one column and its YAML.
  Empty while dbt parses, when the graph is not known yet.

  What a family's meta says, outside of the definition hash: `needs`, the input entity without which
  nothing of it is known (or one for each feature that has one), `missing_means`, why all of it may be
  missing, and `zero_is_absent`, when a feature that is 0 for every customer means that the company
  records nothing of it.
-#}
{%- macro features(entity=none) -%}
    {%- set found = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() | sort(attribute='name')
            if node.resource_type == 'model' and node.package_name == model.package_name
                and node.name.startswith('feat_' ~ (entity ~ 's__' if entity else '')) -%}
            {%- set sql = modules.re.sub('\\s+', ' ', node.raw_code) -%}
            {%- set needs = node.config.meta.get('needs', '') -%}
            {%- for column in node.columns.values() if 'unit' in column.config.meta -%}
                {%- set meta = column.config.meta -%}
                {%- do found.append({
                    'name': column.name,
                    'entity': node.name.split('_')[1][:-1],
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

{#- The policies of a feature that may come down to the median of its as-of date. -#}
{%- macro needs_median(feature) -%}
    {{ return(feature.missing_policy in ['median', 'forward_fill', 'regression']) }}
{%- endmacro -%}

{#-
  The value of a feature with its missing policy, by coterie's imputation macros. What a forward fill or
  a regression has nothing to go by for gets the median of the as-of date: of customers the column
  <feature>_median, since a window would hold every row of a wide table at once.
-#}
{%- macro filled_feature(feature) -%}
    {%- set policy, parameter = feature.missing_policy, feature.missing_parameter -%}
    {%- set is_customer = feature.entity == 'customer' -%}
    {%- set median -%}
        {%- if is_customer -%}coalesce({{ feature.name }}, {{ feature.name }}_median)
        {%- else -%}{{ imputed(feature.name, 'median', none, ['as_of_date']) }}
        {%- endif -%}
    {%- endset -%}
    {%- if policy == 'zero' -%}
        coalesce({{ feature.name }}, 0)
    {%- elif policy == 'median' -%}
        {{ median }}
    {%- elif policy in ['forward_fill', 'regression'] -%}
        {%- set key = 'customer_id' if is_customer else 'product_key' -%}
        {%- set partition = [key] if policy == 'forward_fill' else ['as_of_date'] -%}
        coalesce(
            {{ imputed(feature.name, policy, parameter, partition, ['as_of_date']) }},
            {{ median }}
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
        max(case when attribute = '{{ attribute.name }}' then {{ value }} end) as {{ attribute.name }}
    {%- endfor -%}
{%- endmacro -%}

{#- A level as coterie.categories reads it: a missing one is (unknown), a bar is a slash. -#}
{%- macro category_text(value) -%}replace(coalesce({{ value }}, '(unknown)'), '|', '/'){%- endmacro -%}

{#- Whether <feature>_was_imputed stands beside a feature. -#}
{%- macro is_flagged(feature) -%}
    {{ return(feature.missing_policy not in ['none', 'exclude']) }}
{%- endmacro -%}

{#- One column per feature that says whether it is available, from rows of feature_availability. -#}
{%- macro available_columns(features) -%}
    count(*) as feature_count
    {%- for feature in features %},
    count(case when feature = '{{ feature.name }}' and availability = 'available' then 1 end) = 1
        as {{ feature.name }}_is_available
    {%- endfor %}
{%- endmacro -%}

{#- The features with their missing policies, and what was imputed. -#}
{%- macro filled_columns(features) -%}
    {%- for feature in features %},
    {{ filled_feature(feature) }} as {{ feature.name }}
    {%- if is_flagged(feature) %},
    {{ feature.name }} is null as {{ feature.name }}_was_imputed
    {%- endif %}
    {%- endfor %}
{%- endmacro -%}

{#- The filled features, null where the feature is not available. -#}
{%- macro masked_columns(features) -%}
    {%- for feature in features %},
    case when available.{{ feature.name }}_is_available then imputed.{{ feature.name }} end
        as {{ feature.name }}
    {%- if is_flagged(feature) %},
    case
        when available.{{ feature.name }}_is_available
            then imputed.{{ feature.name }}_was_imputed
    end as {{ feature.name }}_was_imputed
    {%- endif %}
    {%- endfor %}
{%- endmacro -%}

{#-
  A feature that baselines, ranks and monthly metrics read of every subject: of a product it is the feature
  of products that says the same. Any other feature is itself.
-#}
{%- macro of_subject(features, name) -%}
    {%- set of_product = {
        'recency_days': 'days_since_sold', 'order_count': 'orders_with_product',
        'spend_cents': 'revenue_cents', 'spend_30_days_cents': 'revenue_30_days_cents',
        'order_count_30_days': 'orders_with_product_30_days',
    }.get(name) -%}
    {%- if of_product -%}coalesce({{ features }}.{{ name }}, {{ features }}.{{ of_product }})
    {%- else -%}{{ features }}.{{ name }}
    {%- endif -%}
{%- endmacro -%}

{#- Every feature of customers and of products, as columns of the rows of one entity: null where not its own. -#}
{%- macro subject_columns(entity) -%}
    {%- for feature in features() %},
    {%- set own = feature.entity == entity %}
    {{ double(feature.name if own else 'null') }} as {{ feature.name }}
    {%- if is_flagged(feature) %},
    {{ feature.name ~ '_was_imputed' if own else 'cast(null as boolean)' }} as {{ feature.name }}_was_imputed
    {%- endif %}
    {%- endfor %}
{%- endmacro -%}

{#- The key of a product among subjects: no source is called so, and thus no customer_id begins so. -#}
{%- macro product_key(source, product_id) -%}
    'product/' || {{ source }} || ':' || {{ product_id }}
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
{%- macro literal(text) -%}
    '{{ dbt.escape_single_quotes((text | string).replace('\n', ' ') | trim) }}'
{%- endmacro -%}

{#- The layer of a node: source, seed, or the folder under models/. -#}
{%- macro layer_of(unique_id) -%}
    {%- set node = graph.nodes.get(unique_id) -%}
    {{ return(node.fqn[1] if node and node.resource_type == 'model' else unique_id.split('.')[0]) }}
{%- endmacro -%}
