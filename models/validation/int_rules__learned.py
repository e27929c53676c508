from coterie.rules import SCHEMA, rules
from coterie.warehouse import to_engine, to_pandas


def model(dbt, session):
    """Say each version's segments in a few rules, bound by bound."""
    cap = dbt.config.meta_get("row_cap")
    sampled = to_pandas(dbt.ref("int_rules__sampled"), cap)
    scales = to_pandas(dbt.ref("seg_feature_scales"), cap)
    definitions = to_pandas(dbt.ref("feature_definitions"), cap)
    return to_engine(rules(sampled, scales, definitions), SCHEMA)
