"""The slices of checks: 'attribute=age, segment=3' as a dictionary."""

from typing import Any

from coterie import formats


def slice_of(text: Any) -> dict[str, str]:
    """Return the parts of a slice by name; empty for the whole."""
    if formats.is_missing(text):
        return {}
    parts = (part.partition("=") for part in str(text).split(", "))
    return {name: value for name, sign, value in parts if sign}


def segment_of(text: Any) -> int | None:
    """Return the segment that a slice is about, or None."""
    value = slice_of(text).get("segment", "")
    return int(value) if value.lstrip("-").isdigit() else None
