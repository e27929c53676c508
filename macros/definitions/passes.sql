{#-
  A table of customers and as-of dates that no memory would hold while it is made is made in passes: one
  for each as-of date, and for each range of customers when a date has more than var `rows_per_pass`. The
  model says where its rows are narrowed, with in_pass(), and has the rest inserted by its post_hook:

      config(post_hook='{{ "{{" }} remaining_passes(this) {{ "}}" }}')

  A small table has one pass, whose condition holds for all; so has what is only compiled. What is grouped by
  lines is made in passes by the hash of a key, of at most var `lines_per_pass` lines: in_bucket() and
  remaining_passes(this, buckets_of([...])), both with the relations whose rows count.
-#}
{%- macro in_pass(customer_id, as_of_date) -%}
    {%- set passes = passes_of(ref('customers'), ref('as_of_dates')) -%}
    /* pass: {{ customer_id }} {{ as_of_date }} */ {{ pass_condition(passes[0], customer_id, as_of_date) }} /* end */
{%- endmacro -%}

{%- macro in_bucket(key, relations) -%}
    {%- set passes = buckets_of(relations) -%}
    /* pass: {{ key }} */ {{ pass_condition(passes[0], key) }} /* end */
{%- endmacro -%}

{%- macro remaining_passes(relation, passes=none) -%}
    {%- set code = model.compiled_code if execute else '' -%}
    {%- if '/* pass: ' in code and '*/ 1 = 1 /*' not in code -%}
        {%- for one in (passes or passes_of(ref('customers'), ref('as_of_dates')))[1:] -%}
            {%- set parts = [] -%}
            {%- for part in code.split('/* pass: ') -%}
                {%- if loop.first -%}
                    {%- do parts.append(part) -%}
                {%- else -%}
                    {%- set names = part.split(' */')[0].split(' ') -%}
                    {%- do parts.append(pass_condition(one, *names)) -%}
                    {%- do parts.append(part.split('/* end */', 1)[1]) -%}
                {%- endif -%}
            {%- endfor -%}
            {%- do run_query('insert into ' ~ relation ~ '\n' ~ parts | join('')) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro -%}

{#- The passes: a date, and the first customer of the range and of the one after it; none for no bound. -#}
{%- macro passes_of(customers, as_of_dates) -%}
    {%- set passes = [none] -%}
    {%- if execute and load_relation(customers) is not none and load_relation(as_of_dates) is not none -%}
        {%- set rows_per_pass = var('rows_per_pass') -%}
        {%- set counted = run_query(
            'select count(*), (select count(*) from ' ~ as_of_dates ~ ') from ' ~ customers
        ).rows[0] -%}
        {%- if counted[0] * counted[1] > rows_per_pass -%}
            {%- set passes = [] -%}
            {%- set starts = run_query(
                'select min(customer_id) from (select customer_id, row_number() over (order by customer_id) - 1 as place from '
                ~ customers ~ ') as placed group by floor(place / ' ~ rows_per_pass ~ ') order by 1'
            ).columns[0].values() if counted[0] > rows_per_pass else [none] -%}
            {%- for date in run_query('select as_of_date from ' ~ as_of_dates ~ ' order by 1').columns[0].values() -%}
                {%- for start in starts -%}
                    {%- do passes.append({
                        'date': date,
                        'first': start if not loop.first else none,
                        'next': starts[loop.index] if not loop.last else none,
                    }) -%}
                {%- endfor -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endif -%}
    {{ return(passes) }}
{%- endmacro -%}

{#- The passes by hash: which bucket of how many. A run that carries on has few lines, and one pass. -#}
{%- macro buckets_of(relations) -%}
    {%- set counts = [0] -%}
    {%- for relation in relations if execute and lines_per_pass() and not is_incremental() -%}
        {%- if load_relation(relation) is not none -%}
            {%- do counts.append(run_query('select count(*) from ' ~ relation).rows[0][0]) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set passes = [none] -%}
    {%- if counts | sum > (lines_per_pass() or 0) -%}
        {%- set buckets = (counts | sum / lines_per_pass()) | round(0, 'ceil') | int -%}
        {%- set passes = [] -%}
        {%- for each in [none] * buckets -%}
            {%- do passes.append({'bucket': loop.index0, 'buckets': buckets}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(passes) }}
{%- endmacro -%}

{%- macro pass_condition(one, customer_id, as_of_date=none) -%}
    {%- if one is none -%}1 = 1
    {%- elif one.buckets -%}{{ in_one_bucket(customer_id, one.bucket, one.buckets) }}
    {%- else -%}
        ({{ as_of_date }} = cast('{{ one.date }}' as date)
        {%- if one.first %} and {{ customer_id }} >= {{ literal(one.first) }}{% endif -%}
        {%- if one.next %} and {{ customer_id }} < {{ literal(one.next) }}{% endif -%})
    {%- endif -%}
{%- endmacro -%}
