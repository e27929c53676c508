with uses as (
    {% set found = [] %}
    {% if execute %}
    {% set exposures = graph.exposures.values() | sort(attribute='name') %}
    {% for table in var('published_tables') + ['releases'] %}
    {% set readers = [] %}
    {% set node = 'model.' ~ model.package_name ~ '.' ~ table %}
    {% for exposure in exposures if node in exposure.depends_on.nodes %}
    {% do readers.append((
        table, exposure.name, exposure.label or '', exposure.type, exposure.maturity or '',
        exposure.owner.name or '', exposure.owner.email or '',
    )) %}
    {% endfor %}
    {% do found.extend(readers or [(table, '', '', '', '', '', '')]) %}
    {% endfor %}
    {% endif %}
    {{ literal_rows(found, [
        'table_name', 'consumer', 'label', 'type', 'maturity', 'owner', 'email',
    ]) }}
),

counted as (
    select
        table_name,
        nullif(consumer, '') as consumer,
        nullif(label, '') as label,
        nullif(type, '') as type,
        nullif(maturity, '') as maturity,
        nullif(owner, '') as owner,
        nullif(email, '') as email,
        count(nullif(consumer, '')) over (partition by table_name) as consumer_count,
        {{ release_id() }} as release_id
    from uses
)

select * from counted
