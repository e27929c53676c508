"""Who is who: from records of sources to persons, with rules, a model and guards."""
