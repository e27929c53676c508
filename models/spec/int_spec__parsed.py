import yaml

from coterie.spec import parse
from coterie.spec_table import entries


def model(dbt, session):
    """Parse the spec; a wrong one stops here, naming key, value and what is allowed."""
    segmentations = yaml.safe_load(dbt.config.meta_get("segmentations"))
    return entries(parse(segmentations, yaml.safe_load(dbt.config.meta_get("rfm_weights"))))
