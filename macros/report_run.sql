{#-
  The last words of a run: each breach with its place, value, bounds and owner; and, after a run that
  cannot publish, that it did not.
-#}
{%- macro report_run(results) -%}
    {%- if execute and flags.WHICH in ['build', 'run', 'test'] -%}
        {%- set broken = results | selectattr('status', 'in', ['fail', 'error']) | list -%}
        {%- set judged = results | selectattr('node.name', 'equalto', 'check_results')
            | selectattr('status', 'equalto', 'success') | list -%}
        {%- if judged -%}
            {%- for line in breach_lines(judged[0].node.relation_name) -%}
                {%- do log(line, info=true) -%}
            {%- endfor -%}
        {%- endif -%}
        {%- set decided = results | selectattr('node.name', 'equalto', 'live_versions')
            | selectattr('status', 'equalto', 'success') | list -%}
        {%- if decided -%}
            {%- for line in missing_lines(decided[0].node.relation_name) -%}
                {%- do log(line, info=true) -%}
            {%- endfor -%}
        {%- endif -%}
        {%- set measured = results | selectattr('node.name', 'equalto', 'quality_rule_results')
            | selectattr('status', 'equalto', 'success') | list -%}
        {%- if measured -%}
            {%- for line in broken_rule_lines(measured[0].node.relation_name) -%}
                {%- do log(line, info=true) -%}
            {%- endfor -%}
        {%- endif -%}
        {%- set carried = refresh_line(results) -%}
        {%- if carried %}{% do log(carried, info=true) %}{% endif -%}
        {%- if flags.WHICH == 'run' -%}
            {%- do log('Built, not published: dbt run runs no tests. Publish with: dbt build', info=true) -%}
        {%- elif flags.WHICH == 'build' and broken -%}
            {%- do log('Nothing new was published; the last release, if any, still serves.', info=true) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro -%}

{%- macro breach_lines(check_results) -%}
    {%- set lines = [] -%}
    {%- set query -%}
        select
            segmentation, model_version, family, check_name, slice,
            round(value, 3) as value, round(low, 3) as low, round(high, 3) as high,
            minimum, maximum, customer_count, message, owner
        from {{ check_results }}
        where status = 'fail' and is_live
        order by segmentation, family, check_name, slice
    {%- endset -%}
    {%- for row in run_query(query).rows -%}
        {%- do lines.append(
            'BREACH ' ~ row['segmentation'] ~ ' v' ~ row['model_version'] ~ ', ' ~ row['family'] ~ ': ' ~ row['check_name']
            ~ (' of ' ~ row['slice'] if row['slice'] else '') ~ ' ' ~ row['message']
            ~ ' (' ~ evidence(row) ~ '). Owner: ' ~ row['owner']
        ) -%}
    {%- endfor -%}
    {%- if lines -%}
        {%- do lines.append(
            'Mend the cause, or waive a breach with a reason, an approver and an expiry in seeds/check_waivers.csv.'
        ) -%}
    {%- endif -%}
    {{ return(lines) }}
{%- endmacro -%}

{#- Why a segmentation has no version to publish: a pin to nothing, a fit without a result, an alert. -#}
{%- macro missing_lines(live_versions) -%}
    {%- set lines = [] -%}
    {%- set nodes = graph.nodes -%}
    {%- set query -%}
        with verdicts as (
            select
                segmentation, note,
                row_number() over (partition by segmentation order by model_version desc) as verdict_number
            from {{ nodes['model.' ~ project_name ~ '.seg_fits'].relation_name }}
            where parameter = 'verdict'
        )

        select
            live.segmentation, live.pinned_version, live.model_version, live.obstacle_kind, live.obstacle,
            live.serving_version, verdicts.note
        from {{ live_versions }} as live
        left join verdicts on live.segmentation = verdicts.segmentation and verdicts.verdict_number = 1
        where live.model_version is null or live.obstacle_kind = 'not_promoted'
        order by live.segmentation
    {%- endset -%}
    {%- for row in run_query(query).rows -%}
        {%- if row['obstacle_kind'] in ['cannot_score', 'not_promoted'] -%}
            {%- do lines.append(alert_line(row)) -%}
        {%- elif row['pinned_version'] is not none -%}
            {%- do lines.append('NO VERSION ' ~ row['segmentation'] ~ ': version ' ~ row['pinned_version']
                ~ ' is pinned in seeds/release_pins.csv, and there is no such version with a model.'
                ~ ' Pin one that model_versions lists, or remove the row.') -%}
        {%- else -%}
            {%- do lines.append('NO VERSION ' ~ row['segmentation'] ~ ': ' ~ (row['note'] or 'no customers to fit on')
                ~ '. Why each candidate failed: column reason of '
                ~ nodes['model.' ~ project_name ~ '.seg_candidates'].relation_name ~ '.') -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(lines) }}
{%- endmacro -%}

{#- Why the live version may not be live, what serves instead, and what to do. -#}
{%- macro alert_line(row) -%}
    {%- set remedy = 'Promote a challenger that can score, or put back what changed; nobody can waive this.'
        if row['obstacle_kind'] == 'cannot_score'
        else 'Waive the gate in seeds/check_waivers.csv, or roll back: python -m coterie.rollback ' ~ row['segmentation'] -%}
    {{ return(
        'ALERT ' ~ row['segmentation']
        ~ (': the live version cannot score, ' if row['obstacle_kind'] == 'cannot_score'
            else ' v' ~ row['model_version'] ~ ' is pinned, and a gate of its promotion is shut: ')
        ~ row['obstacle'] ~ '. '
        ~ ('Version ' ~ row['serving_version'] ~ ' of the last good release still serves. ' if row['serving_version'] is not none else '')
        ~ remedy
    ) }}
{%- endmacro -%}

{#- What was measured and what is allowed, without what there is none of. -#}
{%- macro evidence(row) -%}
    {%- set parts = [] -%}
    {%- for word in ['value', 'minimum', 'maximum'] if row[word] is not none -%}
        {%- do parts.append(word ~ ' ' ~ row[word]) -%}
    {%- endfor -%}
    {%- if row['low'] is not none and row['low'] != row['high'] -%}
        {%- do parts.append('interval ' ~ row['low'] ~ ' to ' ~ row['high']) -%}
    {%- endif -%}
    {%- do parts.append(row['customer_count'] ~ ' customers') -%}
    {{ return(parts | join(', ')) }}
{%- endmacro -%}
