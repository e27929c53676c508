{#-
  A daily run carries on where the last complete run ended: of what the sources say about loads, only
  what came in, changed or went is judged and valued again. Which models do so says their meta
  `refreshed`; int_refresh__planned decides for all of them whether this run may, and says why not.
-#}

{#-
  Overrides dbt's own: a refreshed model is rebuilt when this run was not planned to carry on, so that
  is_incremental() is true only in a run that may.
-#}
{%- macro should_full_refresh() -%}
    {%- set asked = config.get('full_refresh') -%}
    {%- if asked is none %}{% set asked = flags.FULL_REFRESH %}{% endif -%}
    {%- if not asked and execute and model.config.get('meta', {}).get('refreshed') -%}
        {%- set asked = not carries_on() -%}
    {%- endif -%}
    {%- do return(asked) -%}
{%- endmacro -%}

{#- Whether this run carries on: what int_refresh__planned wrote, if it was this run that wrote it. -#}
{%- macro carries_on() -%}
    {%- set plan = relation_of_last_run('input', 'int_refresh__planned') -%}
    {%- if not plan %}{{ return(false) }}{% endif -%}
    {%- set found = run_query(
        'select count(*) as run_count from ' ~ plan ~ ' where not is_full and planned_release_id = ' ~ release_id()
    ) -%}
    {{ return(found.rows[0][0] > 0) }}
{%- endmacro -%}

{#- The ids of the models that carry on from run to run. -#}
{%- macro refreshed_models() -%}
    {%- set found = [] -%}
    {%- for node in graph.nodes.values()
        if node.resource_type == 'model' and node.config.meta.get('refreshed') -%}
        {%- do found.append(node.unique_id) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro -%}

{#-
  An md5 of everything that is not data and decides what the refreshed tables hold: the text of every
  macro, of the models up to the features, their columns, the vars and the seeds that they follow.
-#}
{%- macro definitions_hash() -%}
    {%- set parts = [target.type] -%}
    {%- for name, entry in context[project_name].items() | sort(attribute='0') -%}
        {%- do parts.append(name ~ entry.macro.macro_sql) -%}
    {%- endfor -%}
    {%- for node in graph.nodes.values() | sort(attribute='unique_id') -%}
        {%- if node.resource_type == 'model' and node.fqn[1] in ['staging', 'input', 'features'] -%}
            {%- do parts.append(node.unique_id ~ node.raw_code ~ node.config.meta | string) -%}
            {%- for column in node.columns.values() -%}
                {%- do parts.append(column.name ~ column.data_type ~ column.config.meta | string) -%}
            {%- endfor -%}
        {%- elif node.name in ['missing_values', 'quality_rules', 'exchange_rates'] -%}
            {%- do parts.append(node.name ~ node.checksum.checksum) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for name in [
        'sources', 'reporting_currency', 'largest_line_amount_cents', 'onboarding', 'rfm_weights',
        'segmentations', 'legacy_scheme', 'replay_months',
    ] -%}
        {%- do parts.append(name ~ var(name) | string) -%}
    {%- endfor -%}
    {{ return(local_md5(parts | join('|'))) }}
{%- endmacro -%}

{#- Whether a column is there to be read; false where nothing is read, in dbt parse, compile and docs. -#}
{%- macro has_column(relation, name) -%}
    {%- set found = [] -%}
    {%- if execute and flags.WHICH in ['build', 'run', 'retry'] -%}
        {%- for column in adapter.get_column_schema_from_query('select * from ' ~ relation ~ ' where 1 = 0')
            if column.name | lower == name -%}
            {%- do found.append(column.name) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found | length > 0) }}
{%- endmacro -%}

{#- The entities that are read load by load, where their source says when a row was loaded. -#}
{%- macro loaded_entities() -%}{{ return(['orders', 'order_lines']) }}{%- endmacro -%}

{#- The sources with orders and lines, and whether both say when a row was loaded. -#}
{%- macro load_times_of_sources() -%}
    {%- set found = {} -%}
    {%- for source in var('sources') if 'order_lines' in entities_of(source) or 'orders' in entities_of(source) -%}
        {%- set silent = [] -%}
        {%- for entity in loaded_entities() if entity in entities_of(source) -%}
            {%- set relation = ref('stg_' ~ source ~ '__' ~ entity) -%}
            {%- set columns = adapter.get_columns_in_relation(relation) if execute else [] -%}
            {%- if 'loaded_at' not in columns | map(attribute='name') | map('lower') -%}
                {%- do silent.append(entity) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- do found.update({source: not silent}) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro -%}

{#-
  The sources whose loads of an entity are counted, as a list for `in`: those that say when a row was
  loaded, but orders that are made of the rows of another entity (meta `loads_with`), which tell nothing new.
-#}
{%- macro timed_sources(entity) -%}
    {%- set names = [] -%}
    {%- for source, is_timed in load_times_of_sources().items() if is_timed -%}
        {%- set staged = graph.nodes['model.' ~ model.package_name ~ '.stg_' ~ source ~ '__' ~ entity] if execute else none -%}
        {%- if staged and not staged.config.meta.get('loads_with') -%}
            {%- do names.append(literal(source)) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(names | join(', ') or "''") }}
{%- endmacro -%}

{#-
  Why this run has to read and compute everything; none when it may carry on. Said in the output of the
  run. An earlier reason hides the later ones.
-#}
{%- macro reason_to_rebuild(counted) -%}
    {%- set policies = global_policies() -%}
    {%- set sources = load_times_of_sources() -%}
    {%- if not execute %}{{ return('it is only parsed') }}{% endif -%}
    {%- set last = relation_of_last_run('segmentation', 'int_refresh__completed') -%}
    {%- set before = relation_of_last_run('features', 'int_loads__remembered') -%}
    {%- set silent = [] -%}
    {%- for source, is_timed in sources.items() if not is_timed -%}
        {%- do silent.append(source) -%}
    {%- endfor -%}
    {%- if flags.FULL_REFRESH %}{{ return('--full-refresh was asked for') }}{% endif -%}
    {%- if silent -%}
        {{ return('source ' ~ silent | join(', ') ~ ' does not say when its orders or lines were loaded (loaded_at)') }}
    {%- endif -%}
    {%- if not replaces_rows() %}{{ return('rows of a table cannot be replaced on ' ~ target.type) }}{% endif -%}
    {%- if refreshed_models() | reject('in', selected_resources) | list -%}
        {{ return('only a part of the project is built') }}
    {%- endif -%}
    {%- set hashes = run_query('select definitions_hash from ' ~ last).rows if last and before else [] -%}
    {%- if hashes | length != 1 %}{{ return('there is no complete build to carry on from') }}{% endif -%}
    {%- if hashes[0][0] != definitions_hash() -%}
        {{ return('definitions changed since the last build: models, macros, vars or seeds') }}
    {%- endif -%}
    {%- if policies -%}
        {{ return('a policy of missing values or outliers looks at all rows: ' ~ policies | join(', ')) }}
    {%- endif -%}
    {%- if run_query('select count(*) from ' ~ counted ~ ' where loaded_on is null').rows[0][0] > 0 -%}
        {{ return('orders or lines are without loaded_at') }}
    {%- endif -%}
    {%- if changed_share(counted, before) > 0.3 -%}
        {{ return('more than 30% of the lines are new or changed') }}
    {%- endif -%}
    {{ return(none) }}
{%- endmacro -%}

{#- Policies by which a row's value depends on other rows of orders or lines. -#}
{%- macro global_policies() -%}
    {%- set found = [] -%}
    {%- for entity in loaded_entities() -%}
        {%- for policy in missing_policies(entity)
            if policy.policy in ['median', 'mode', 'forward_fill', 'regression'] -%}
            {%- do found.append(entity ~ '.' ~ policy.attribute ~ ' ' ~ policy.policy) -%}
        {%- endfor -%}
        {%- for rule in quarantining_rules(entity) if rule.kind.startswith('outlier_') -%}
            {%- do found.append(rule.rule) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro -%}

{#- The share of rows in loads that are new or differ from what the last complete run counted. -#}
{%- macro changed_share(counted, before) -%}
    {%- set query -%}
        select coalesce(sum(changed.row_count), 0) / nullif(max(everything.row_count), 0) as share
        from (select * from {{ counted }} {{ dbt.except() }} select * from {{ before }}) as changed
        cross join (select {{ double('sum(row_count)') }} as row_count from {{ counted }}) as everything
    {%- endset -%}
    {{ return(run_query(query).rows[0][0] or 0) }}
{%- endmacro -%}

{#- The first day of the loads that changed, for engines that skip files by a literal; none without any. -#}
{%- macro first_changed_day() -%}
    {%- set changed = ref('int_loads__changed') -%}
    {%- if execute and carries_on() -%}
        {{ return(run_query('select min(loaded_on) as loaded_on from ' ~ changed).rows[0][0]) }}
    {%- endif -%}
{%- endmacro -%}

{#- The rows of an entity, as its sources give them, that came in loads which changed. -#}
{%- macro rows_of_changed_loads(entity) -%}
    {%- set since = first_changed_day() %}
    select given.*
    from ({{ union_sources(entity) }}) as given
    inner join {{ ref('int_loads__changed') }} as loads
        on
            given.source = loads.source
            and cast(given.loaded_at as date) = loads.loaded_on
    where {{ "given.loaded_at >= cast('" ~ since ~ "' as timestamp)" if since else '1 = 0' }}
{%- endmacro -%}

{#-
  The rows of an entity that are judged in this run: all, or those of the changed loads and those that
  share a key with them or are judged anew for another reason, as the sources gave them. `carried` says
  for a model that is not incremental itself whether it is these.
-#}
{%- macro rows_to_judge(entity, carried=none) -%}
    {%- set carried = is_incremental() if carried is none else carried -%}
    {%- if not carried %}{{ return(union_sources(entity)) }}{% endif -%}
    {%- set columns = [] -%}
    {%- set given = contract_columns(entity) -%}
    {%- for column in contract_of(entity) -%}
        {%- set value = given_value(entity, column.name) if column.name in given else column.name -%}
        {%- do columns.append(value | trim ~ ' as ' ~ column.name) -%}
    {%- endfor %}
    {{ rows_of_changed_loads(entity) }}
    union all
    select
        replaced.source,
        {{ columns | join(',\n        ') }}
    from {{ ref('int_' ~ entity ~ '__replaced') }} as replaced
    left join {{ ref('int_loads__changed') }} as loads
        on
            replaced.source = loads.source
            and cast(replaced.loaded_at as date) = loads.loaded_on
    where loads.loaded_on is null
{%- endmacro -%}

{#- A table of this run's keys joined to rows: a condition of equal keys, a missing one counting as ''. -#}
{%- macro same_key(one, other, columns) -%}
    {%- for column in columns -%}
        coalesce({{ one }}.{{ column }}, '') = coalesce({{ other }}.{{ column }}, '')
        {{- ' and ' if not loop.last }}
    {%- endfor -%}
{%- endmacro -%}

{#- The rule that sets an order of tomorrow aside, until then. -#}
{%- macro future_rule() -%}order_date is in the future{%- endmacro -%}

{#- In a run that carries on: only the rows of a table with these keys. -#}
{%- macro only_keys(table, keys, columns) -%}
    {%- if is_incremental() -%}
        where exists (
            select 1
            from {{ keys }} as touched
            where {{ same_key('touched', table.identifier, columns) }}
        )
    {%- endif -%}
{%- endmacro -%}

{#- Before a refreshed table gets this run's rows: the rows with these keys go. -#}
{%- macro remove_keys(table, keys, columns) -%}
    {%- if is_incremental() -%}delete from {{ table }} {{ only_keys(table, keys, columns) }}{%- endif -%}
{%- endmacro -%}

{#- The rows that are in one of two CTEs and not in the other. -#}
{%- macro differing_rows(one, other) -%}
    (select * from {{ one }} {{ dbt.except() }} select * from {{ other }})
    union all
    (select * from {{ other }} {{ dbt.except() }} select * from {{ one }})
{%- endmacro -%}

{#- From now on until int_refresh__completed is built again, no run may carry on (some engines never do). -#}
{%- macro begin_refresh() -%}
    {%- set last = relation_of_last_run('segmentation', 'int_refresh__completed') -%}
    {%- if last and replaces_rows() %}delete from {{ last }}{% endif -%}
{%- endmacro -%}

{#- What was replaced is of no use any more, and may be of somebody who is to be forgotten. -#}
{%- macro forget_replaced(entity) -%}
    {%- set replaced = relation_of_last_run('input', 'int_' ~ entity ~ '__replaced') -%}
    {%- if replaced and replaces_rows() %}delete from {{ replaced }}{% endif -%}
{%- endmacro -%}

{#- A run of a part of the project changes tables that the others were made from: the next starts afresh. -#}
{%- macro end_partial_refresh() -%}
    {%- if execute and flags.WHICH in ['build', 'run', 'retry'] -%}
        {%- set chosen = refreshed_models() | select('in', selected_resources) | list -%}
        {%- if chosen and chosen | length < refreshed_models() | length -%}{{ begin_refresh() }}{%- endif -%}
    {%- endif -%}
{%- endmacro -%}

{#- What the run says of it: one line, when there was something to carry on from and it was not done. -#}
{%- macro refresh_line(results) -%}
    {%- set planned = results | selectattr('node.name', 'equalto', 'int_refresh__planned')
        | selectattr('status', 'equalto', 'success') | list -%}
    {%- if planned -%}
        {%- set row = run_query('select is_full, reason from ' ~ planned[0].node.relation_name).rows[0] -%}
        {{ return('Everything was read and computed: ' ~ row['reason'] ~ '.' if row['is_full']
            else 'Carried on from the last build: only loads that changed were read.') }}
    {%- endif -%}
{%- endmacro -%}

{#- The as-of dates, as SQL, whose rows a run that carries on keeps as they are; none in any other run. -#}
{%- macro kept_dates(kept) -%}
    {%- set relation = ref(kept) -%}
    {%- set dates = [] -%}
    {%- if is_incremental() -%}
        {%- for date in run_query('select as_of_date from ' ~ relation ~ ' order by 1').columns[0].values() -%}
            {%- do dates.append("cast('" ~ date ~ "' as date)") -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(dates) }}
{%- endmacro -%}

{#-
  Whether rows of an as-of date are computed in this run. With a customer: also those of customers who
  came or went, whose rows may be needed for kept dates as well.
-#}
{%- macro is_stale(as_of_date='as_of_date', customer_id=none, kept='int_as_of_dates__kept') -%}
    {%- set dates = kept_dates(kept) -%}
    {%- set moved = ref('int_records__changed') if customer_id else none -%}
    {%- if not dates -%}1 = 1
    {%- else -%}
        ({{ as_of_date }} not in ({{ dates | join(', ') }})
        {%- if customer_id %} or {{ customer_id }} in (select customer_id from {{ moved }}){% endif -%})
    {%- endif -%}
{%- endmacro -%}

{#- Before a table of customers and as-of dates gets this run's rows: the rows that it computes go. -#}
{%- macro remove_stale(table, customer_id=none, kept='int_as_of_dates__kept') -%}
    {%- set condition = is_stale('as_of_date', customer_id, kept) -%}
    {%- if is_incremental() -%}delete from {{ table }} where {{ condition }}{%- endif -%}
{%- endmacro -%}

{#- The same for a table of scores, which loses the versions that are no longer retained as well. -#}
{%- macro remove_stale_scores(table, versions) -%}
    {%- set condition = is_stale(kept='int_features__kept') -%}
    {%- if is_incremental() -%}
        delete from {{ table }}
        where
            {{ condition }}
            or not exists (
                select 1
                from {{ versions }} as retained
                where
                    retained.segmentation = {{ table.identifier }}.segmentation
                    and retained.model_version = {{ table.identifier }}.model_version
            )
    {%- endif -%}
{%- endmacro -%}

{#- Whether rows are scored in this run: of an as-of date that is computed, or of a version without kept rows. -#}
{%- macro is_unscored(as_of_date, version) -%}
    {%- set stale = is_stale(as_of_date, kept='int_features__kept') -%}
    {%- if not is_incremental() -%}1 = 1
    {%- else -%}
        ({{ stale }} or not exists (
            select 1
            from {{ this }} as kept
            where
                kept.segmentation = {{ version }}.segmentation
                and kept.model_version = {{ version }}.model_version
        ))
    {%- endif -%}
{%- endmacro -%}

{#- Events besides orders that features are made of, and the day of each; none where any change touches all days. -#}
{%- macro dated_events() -%}
    {{ return({
        'campaign_contacts': 'contacted_on', 'campaign_responses': 'responded_on',
        'interactions': 'occurred_on', 'relationships': 'started_on',
        'legacy_segments': none, 'context': none,
    }) }}
{%- endmacro -%}

{#- Before all days: of a change that touches every as-of date. -#}
{%- macro no_day() -%}cast('1900-01-01' as date){%- endmacro -%}
