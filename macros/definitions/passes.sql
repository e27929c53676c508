{#-
  A table of customers and as-of dates that no memory would hold while it is made is made in passes: one
  for each as-of date, and for each range of customers when a date has more than var `rows_per_pass`. The
  model says where its rows are narrowed, with in_pass(), and has the rest inserted by its post_hook:

      config(post_hook='{{ "{{" }} remaining_passes(this) {{ "}}" }}')

  A table of few columns takes all dates in one pass and ten times as many rows, or as many times as it says:
  in_narrow_pass() and remaining_passes(this, narrow_passes()). Medians need all customers of a date:
  in_date_pass() and remaining_passes(this, date_passes()).

  A small table has one pass, whose condition holds for all; so has what is only compiled. What is grouped by
  lines is made in passes of at most var `lines_per_pass` lines, by the hash of a key: in_bucket() and
  remaining_passes(this, buckets_of([...])), or by ranges of customers, which an engine can hand on to both sides
  of a join: in_range() and ranges_of(). The relations are those whose rows count.
-#}
{%- macro in_pass(customer_id, as_of_date) -%}
    {%- set passes = passes_of(ref('customers'), ref('as_of_dates')) -%}
    /* pass: {{ customer_id }} {{ as_of_date }} */ {{ pass_condition(passes[0], customer_id, as_of_date) }} /* end */
{%- endmacro -%}

{%- macro in_narrow_pass(customer_id, times=10, dated=none) -%}
    {%- set passes = narrow_passes(times, dated) -%}
    /* pass: {{ customer_id }} */ {{ pass_condition(passes[0], customer_id) }} /* end */
{%- endmacro -%}

{%- macro in_date_pass(as_of_date) -%}
    {%- set passes = date_passes() -%}
    /* pass: - {{ as_of_date }} */ {{ pass_condition(passes[0], '-', as_of_date) }} /* end */
{%- endmacro -%}

{%- macro in_bucket(key, relations) -%}
    {%- set passes = buckets_of(relations) -%}
    /* pass: {{ key }} */ {{ pass_condition(passes[0], key) }} /* end */
{%- endmacro -%}

{%- macro in_range(customer_id, relations) -%}
    {%- set passes = ranges_of(relations) -%}
    /* pass: {{ customer_id }} */ {{ pass_condition(passes[0], customer_id) }} /* end */
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
            {%- set ranges = ranges_by(customers, rows_per_pass) -%}
            {%- for date in run_query('select as_of_date from ' ~ as_of_dates ~ ' order by 1').columns[0].values() -%}
                {%- for one in ranges -%}
                    {%- do passes.append({'date': date, 'first': one.first, 'next': one.next}) -%}
                {%- endfor -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endif -%}
    {{ return(passes) }}
{%- endmacro -%}

{#- A date in each pass, with all its customers. -#}
{%- macro date_passes() -%}
    {%- set passes, dates = [], [] -%}
    {%- for one in passes_of(ref('customers'), ref('as_of_dates')) if one and one.date not in dates -%}
        {%- do dates.append(one.date) -%}
        {%- do passes.append({'date': one.date}) -%}
    {%- endfor -%}
    {{ return(passes or [none]) }}
{%- endmacro -%}

{#-
  Ranges of customers with all their dates: so many times `rows_per_pass` rows. A layer that does not read the
  customers names a table of them by as-of date. It has one pass in a run that carries on: is_unscored() asks the
  table itself which versions have rows, so a second pass would find those of the first and add none.
-#}
{%- macro narrow_passes(times=10, dated=none) -%}
    {%- set passes, customers, as_of_dates = [none], dated or ref('customers'), ref('as_of_dates') -%}
    {%- set is_made_at_once = not execute or (dated and is_incremental()) -%}
    {%- if not is_made_at_once and load_relation(customers) is not none and load_relation(as_of_dates) is not none -%}
        {%- if dated -%}
            {%- set customers = '(select customer_id from ' ~ dated ~ ' where is_current) as dated' -%}
        {%- endif -%}
        {%- set dates = run_query('select count(*) from ' ~ as_of_dates).rows[0][0] -%}
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

{%- macro pass_condition(one, customer_id, as_of_date=none) -%}
    {%- if one is none -%}1 = 1
    {%- elif one.buckets -%}{{ in_one_bucket(customer_id, one.bucket, one.buckets) }}
    {%- else -%}
        ({{ as_of_date ~ " = cast('" ~ one.date ~ "' as date)" if one.date else '1 = 1' }}
        {%- if one.first %} and {{ customer_id }} >= {{ literal(one.first) }}{% endif -%}
        {%- if one.next %} and {{ customer_id }} < {{ literal(one.next) }}{% endif -%})
    {%- endif -%}
{%- endmacro -%}
