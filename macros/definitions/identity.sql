{#-
  One form for what people write in many ways, by identifier type. What has no such form (a phone of
  three digits, a date that is none) is null: it identifies nobody, and is counted.
-#}
{%- macro normalised_identifier(identifier_type, value) -%}
    case
        when {{ identifier_type }} = 'email' then {{ normalised_email(value) }}
        when {{ identifier_type }} = 'phone' then {{ normalised_phone(value) }}
        when {{ identifier_type }} in ('national_id', 'loyalty_id') then {{ normalised_number(value) }}
        when {{ identifier_type }} in ('first_name', 'last_name') then {{ normalised_name(value) }}
        when {{ identifier_type }} = 'birth_date' then {{ normalised_birth_date(value) }}
        when {{ identifier_type }} = 'postcode'
            then nullif({{ replace_pattern('upper(' ~ value ~ ')', '[^A-Z0-9]', '') }}, '')
        when {{ identifier_type }} = 'street' then {{ normalised_street(value) }}
        when {{ identifier_type }} in ('city', 'region') then {{ normalised_words(value) }}
        else nullif(lower(trim({{ value }})), '')
    end
{%- endmacro -%}

{#- One digit with a nought before it; two as they are. -#}
{%- macro two_digits(text) -%}{{ dbt.right("'0' || " ~ text, 2) }}{%- endmacro -%}

{#- Lower case, without what follows a plus sign. -#}
{%- macro normalised_email(value) -%}
    case
        when {{ matches_pattern('trim(' ~ value ~ ')', '^[^@ ]+@[^@ ]+[.][^@ ]+$') }}
            then {{ replace_pattern('lower(trim(' ~ value ~ '))', '[+][^@]*@', '@') }}
    end
{%- endmacro -%}

{#- The last nine digits, so that country codes and leading zeros do not matter. -#}
{%- macro normalised_phone(value) -%}
    {%- set digits = replace_pattern(replace_pattern(value, '[^0-9]', ''), '^0+', '') -%}
    case
        when
            length({{ digits }}) >= 7
            and not {{ matches_pattern(digits, '^(1+|2+|3+|4+|5+|6+|7+|8+|9+|123456789?0?)$') }}
            then {{ dbt.right(digits, 9) }}
    end
{%- endmacro -%}

{%- macro normalised_number(value) -%}
    nullif(
        {{ replace_pattern(replace_pattern('lower(' ~ value ~ ')', '[^a-z0-9]', ''), '^0+$', '') }}, ''
    )
{%- endmacro -%}

{#- Letters only, of any script; a hyphen parts two names, an apostrophe does not. -#}
{%- macro normalised_name(value) -%}
    {%- set plain = strip_accents("lower(replace(replace(" ~ value ~ ", " ~ literal("'") ~ ", ''), '’', ''))") -%}
    {%- set name = 'trim(' ~ replace_pattern(plain, '[^\\p{L}]+', ' ') ~ ')' -%}
    case
        when {{ name }} not in ('', 'unknown', 'none', 'null', 'nan', 'na', 'n a', 'test', 'xxx')
            then {{ name }}
    end
{%- endmacro -%}

{%- macro normalised_words(value) -%}
    nullif(trim(
        {{ replace_pattern(strip_accents('lower(' ~ value ~ ')'), '[^\\p{L}0-9]+', ' ') }}
    ), '')
{%- endmacro -%}

{#- Words, the last of them short where people write it both ways. -#}
{%- macro normalised_street(value) -%}
    {%- set short = {
        '(street|strasse|straße|str)$': 'st', 'road$': 'rd', 'avenue$': 'ave', 'drive$': 'dr',
        'place$': 'pl', 'lane$': 'ln', 'court$': 'ct', 'boulevard$': 'blvd',
    } -%}
    {%- set text = namespace(sql=normalised_words(value)) -%}
    {%- for word, abbreviation in short.items() -%}
        {%- set text.sql = replace_pattern(text.sql, word, abbreviation) -%}
    {%- endfor -%}
    {{ text.sql }}
{%- endmacro -%}

{#-
  yyyymmdd, from yyyy-mm-dd, yyyymmdd and dd/mm/yyyy (or mm/dd/yyyy, where only that can be); also of
  a day that no calendar has, because a slip of the finger is still close to the right day. The first
  of January of 1900 and 1970 mean that nobody knows.
-#}
{%- macro normalised_birth_date(value) -%}
    {%- set text = 'trim(' ~ value ~ ')' -%}
    {%- set parts = replace_pattern(text, '[-./]', '/') -%}
    {%- set first = two_digits(dbt.split_part(parts, "'/'", 1)) -%}
    {%- set second = two_digits(dbt.split_part(parts, "'/'", 2)) -%}
    {%- set year = dbt.split_part(parts, "'/'", 3) -%}
    {%- set read -%}
        case
            when {{ matches_pattern(text, '^[0-9]{4}-[0-9]{2}-[0-9]{2}') }}
                then {{ replace_pattern('substr(' ~ text ~ ', 1, 10)', '-', '') }}
            when {{ matches_pattern(text, '^[0-9]{8}$') }} then {{ text }}
            when {{ matches_pattern(text, '^[0-9]{1,2}[-./][0-9]{1,2}[-./][0-9]{4}$') }}
                then {{ year }} || case
                    when {{ second }} > '12' and {{ first }} <= '12' then {{ first }} || {{ second }}
                    else {{ second }} || {{ first }}
                end
        end
    {%- endset -%}
    case
        when {{ read }} between '18500101' and '20991231' and {{ read }} not in ('19000101', '19700101')
            then {{ read }}
    end
{%- endmacro -%}
