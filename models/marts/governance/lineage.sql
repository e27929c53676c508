with edges as (
    {% set found = [] %}
    {% if execute %}
    {% for node in graph.nodes.values() if node.resource_type in ['model', 'seed'] %}
    {% for parent in node.depends_on.nodes if parent.split('.')[0] in ['model', 'seed', 'source'] %}
    {% do found.append((
        parent.split('.', 2)[2], layer_of(parent), node.name, layer_of(node.unique_id)
    )) %}
    {% endfor %}
    {% endfor %}
    {% for exposure in graph.exposures.values() %}
    {% for parent in exposure.depends_on.nodes %}
    {% do found.append((parent.split('.', 2)[2], layer_of(parent), exposure.name, 'exposure')) %}
    {% endfor %}
    {% endfor %}
    {% endif %}
    {{ literal_rows(found | sort, ['parent', 'parent_layer', 'child', 'child_layer']) }}
),

released as (
    select
        *,
        {{ release_id() }} as release_id
    from edges
)

select * from released
