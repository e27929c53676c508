{#-
  A table of customers and as-of dates that no memory would hold while it is made is made in passes: ranges of
  customers with all their dates, so many times var `rows_per_pass` rows as the model says. The model says where
  its rows are narrowed, with in_pass(), and has the rest inserted by its post_hook:

      config(post_hook='{{ "{{" }} remaining_passes(this, customer_passes()) {{ "}}" }}')

  A pass of hundreds of thousands of rows fills row groups, which DuckDB writes at once; smaller ones wait in
  memory until the last. Medians need all customers of a date: in_date_pass() and date_passes().

  A small table has one pass, whose condition holds for all; so has what is only compiled. What is grouped by
  lines is made in passes of at most var `lines_per_pass` lines, by the hash of a key: in_bucket() and
  buckets_of([...]), or by ranges of customers, which an engine can hand on to both sides of a join: in_range()
  and ranges_of(). The relations are those whose rows count.
-#}
{%- macro in_pass(customer_id, times=10, dated=none) -%}
    {{ narrowed(customer_id, customer_passes(times, dated)) }}
{%- endmacro -%}

{%- macro in_date_pass(as_of_date) -%}{{ narrowed(as_of_date, date_passes()) }}{%- endmacro -%}

{%- macro in_bucket(key, relations) -%}{{ narrowed(key, buckets_of(relations)) }}{%- endmacro -%}

{%- macro in_range(customer_id, relations) -%}{{ narrowed(customer_id, ranges_of(relations)) }}{%- endmacro -%}

{%- macro narrowed(column, passes) -%}
    /* pass: {{ column }} */ {{ pass_condition(passes[0], column) }} /* end */
{%- endmacro -%}

{%- macro remaining_passes(relation, passes) -%}
    {%- set code = model.compiled_code if execute else '' -%}
    {%- if '/* pass: ' in code and '*/ 1 = 1 /*' not in code -%}
        {%- for one in passes[1:] -%}
            {%- set parts = [] -%}
            {%- for part in code.split('/* pass: ') -%}
                {%- if loop.first -%}
                    {%- do parts.append(part) -%}
                {%- else -%}
                    {%- do parts.append(pass_condition(one, part.split(' */')[0])) -%}
                    {%- do parts.append(part.split('/* end */', 1)[1]) -%}
                {%- endif -%}
            {%- endfor -%}
            {%- do run_query('insert into ' ~ relation ~ '\n' ~ parts | join('')) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro -%}

{#- A date in each pass, with all its customers. -#}
{%- macro date_passes() -%}
    {%- set passes, customers, as_of_dates = [none], ref('customers'), ref('as_of_dates') -%}
    {%- if execute and load_relation(customers) is not none and load_relation(as_of_dates) is not none -%}
        {%- set dates = run_query('select as_of_date from ' ~ as_of_dates ~ ' order by 1').columns[0].values() -%}
        {%- set customer_count = run_query('select count(*) from ' ~ customers).rows[0][0] -%}
        {%- if customer_count * dates | length > var('rows_per_pass') -%}
            {%- set passes = [] -%}
            {%- for date in dates %}{% do passes.append({'date': date}) %}{% endfor -%}
        {%- endif -%}
    {%- endif -%}
    {{ return(passes) }}
{%- endmacro -%}

{#-
  Ranges of customers with all dates that are computed: so many times `rows_per_pass` rows. A layer that does not
  read the customers names a table of them by as-of date. It has one pass in a run that carries on: is_unscored()
  asks the table itself which versions have rows, so a second pass would find those of the first and add none.
-#}
{%- macro customer_passes(times=10, dated=none) -%}
    {%- set passes, customers, as_of_dates = [none], dated or ref('customers'), ref('as_of_dates') -%}
    {%- set is_made_at_once = not execute or (dated and is_incremental()) -%}
    {%- if not is_made_at_once and load_relation(customers) is not none and load_relation(as_of_dates) is not none -%}
        {%- if dated -%}
            {%- set customers = '(select customer_id from ' ~ dated ~ ' where is_current) as dated' -%}
        {%- endif -%}
        {%- set kept = kept_dates('int_as_of_dates__kept') if is_incremental() else [] -%}
        {%- set dates = run_query('select count(*) from ' ~ as_of_dates).rows[0][0] - kept | length -%}
        {%- set customer_count = (times * var('rows_per_pass') / ([dates, 1] | max)) | round(0, 'ceil') | int -%}
        {%- if run_query('select count(*) from ' ~ customers).rows[0][0] > customer_count -%}
            {%- set passes = ranges_by(customers, customer_count) -%}
        {%- endif -%}
    {%- endif -%}
    {{ return(passes) }}
{%- endmacro -%}

{#- Ranges of so many customers: the first of the range and of the one after it; none for no bound. -#}
{%- macro ranges_by(customers, row_count) -%}
    {%- set ranges = [] -%}
    {%- set starts = run_query(
        'select min(customer_id) from (select customer_id, row_number() over (order by customer_id) - 1 as place from '
        ~ customers ~ ') as placed group by floor(place / ' ~ row_count ~ ') order by 1'
    ).columns[0].values() -%}
    {%- for start in starts -%}
        {%- do ranges.append({
            'first': start if not loop.first else none,
            'next': starts[loop.index] if not loop.last else none,
        }) -%}
    {%- endfor -%}
    {{ return(ranges) }}
{%- endmacro -%}

{#- How many passes lines need. A run that carries on has few, and one pass. -#}
{%- macro pass_count(relations) -%}
    {%- set counts = [0] -%}
    {%- for relation in relations if execute and lines_per_pass() and not is_incremental() -%}
        {%- if load_relation(relation) is not none -%}
            {%- do counts.append(run_query('select count(*) from ' ~ relation).rows[0][0]) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return((counts | sum / (lines_per_pass() or 1)) | round(0, 'ceil') | int) }}
{%- endmacro -%}

{#- The passes by hash: which bucket of how many. -#}
{%- macro buckets_of(relations) -%}
    {%- set buckets = pass_count(relations) -%}
    {%- set passes = [] if buckets > 1 else [none] -%}
    {%- for each in [none] * buckets if buckets > 1 -%}
        {%- do passes.append({'bucket': loop.index0, 'buckets': buckets}) -%}
    {%- endfor -%}
    {{ return(passes) }}
{%- endmacro -%}

{#- The passes by ranges of customers. -#}
{%- macro ranges_of(relations) -%}
    {%- set passes, customers, count = [none], ref('customers'), pass_count(relations) -%}
    {%- if count > 1 -%}
        {%- set customer_count = run_query('select count(*) from ' ~ customers).rows[0][0] -%}
        {%- set passes = ranges_by(customers, (customer_count / count) | round(0, 'ceil') | int) -%}
    {%- endif -%}
    {{ return(passes or [none]) }}
{%- endmacro -%}

{%- macro pass_condition(one, column) -%}
    {%- if one is none -%}1 = 1
    {%- elif one.buckets -%}{{ in_one_bucket(column, one.bucket, one.buckets) }}
    {%- elif one.date -%}{{ column }} = cast('{{ one.date }}' as date)
    {%- else -%}
        (1 = 1
        {%- if one.first %} and {{ column }} >= {{ literal(one.first) }}{% endif -%}
        {%- if one.next %} and {{ column }} < {{ literal(one.next) }}{% endif -%})
    {%- endif -%}
{%- endmacro -%}
