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
        {%- if flags.WHICH == 'run' -%}
            {%- do log('Built, not published: dbt run runs no tests. Publish with: dbt build', info=true) -%}
        {%- elif flags.WHICH == 'build' and broken -%}
            {%- do log('Nothing new was published; the last release still serves.', info=true) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro -%}

{%- macro breach_lines(check_results) -%}
    {%- set lines = [] -%}
    {%- set query -%}
        select
            segmentation, model_version, family, check_name, slice,
            round(value, 3) as value, round(low, 3) as low, round(high, 3) as high,
            minimum, maximum, message, owner
        from {{ check_results }}
        where status = 'fail' and is_live
        order by segmentation, family, check_name, slice
    {%- endset -%}
    {%- for row in run_query(query).rows -%}
        {%- do lines.append(
            'BREACH ' ~ row['segmentation'] ~ ' v' ~ row['model_version'] ~ ', ' ~ row['family'] ~ ': ' ~ row['check_name']
            ~ (' of ' ~ row['slice'] if row['slice'] else '') ~ ' ' ~ row['message']
            ~ ' (value ' ~ row['value'] ~ ', interval ' ~ row['low'] ~ ' to ' ~ row['high']
            ~ ', minimum ' ~ row['minimum'] ~ ', maximum ' ~ row['maximum'] ~ '). Owner: ' ~ row['owner']
        ) -%}
    {%- endfor -%}
    {%- if lines -%}
        {%- do lines.append(
            'Mend the cause, or waive a breach with a reason, an approver and an expiry in seeds/check_waivers.csv.'
        ) -%}
    {%- endif -%}
    {{ return(lines) }}
{%- endmacro -%}
