"""How coarse a segmentation is, and the defaults that follow where its spec is silent.

| key | tactical | strategic | | key | macro | micro |
|---|---|---|---|---|---|---|
| outcome.window_days | 30 | 180 | | segment_count.minimum | 3 | 8 |
| refresh | weekly | quarterly | | segment_count.maximum | 6 | 12 |
"""

from collections.abc import Mapping
from typing import Any

HORIZONS: dict[str, dict[str, Any]] = {
    "tactical": {"outcome": {"window_days": 30}, "refresh": "weekly"},
    "strategic": {"outcome": {"window_days": 180}, "refresh": "quarterly"},
}
LEVELS: dict[str, dict[str, Any]] = {
    "macro": {"segment_count": {"minimum": 3, "maximum": 6}},
    "micro": {"segment_count": {"minimum": 8, "maximum": 12}},
}
INCOMPLETE = {"outcome"}  # its metric has no preset: left out, it is missing


def with_presets(given: Any) -> Any:
    """Return a segmentation as written, with the presets of its granularity below its own keys.

    What is no mapping, or names no known granularity, comes back as it is: to be refused elsewhere.
    """
    if not isinstance(given, Mapping) or not isinstance(given.get("granularity"), Mapping):
        return given
    chosen = given["granularity"]
    presets: dict[str, Any] = {}
    for key, table in (("horizon", HORIZONS), ("level", LEVELS)):
        word = chosen.get(key)
        presets |= table.get(word, {}) if isinstance(word, str) else {}
    own = {**{key: preset for key, preset in presets.items() if key not in INCOMPLETE}, **given}
    return {key: _over(presets.get(key), value) for key, value in own.items()}


def _over(preset: Any, own: Any) -> Any:
    return {**preset, **own} if isinstance(preset, dict) and isinstance(own, Mapping) else own
