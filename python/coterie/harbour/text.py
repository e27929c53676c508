"""Columns of text made at once: picked, joined, numbered, and spoilt as people spoil them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from coterie.harbour.streams import Ints


def pick(words: Sequence[str | None], positions: Ints) -> Any:
    """Return the word at each position, as an Arrow array."""
    import pyarrow as pa

    return pa.array(words, pa.string()).take(pa.array(positions))


def join(*parts: Any) -> Any:
    """Return texts joined row by row; parts are Arrow arrays or words. Null in, null out."""
    import pyarrow as pa
    import pyarrow.compute as pc

    words = [pa.scalar(part) if isinstance(part, str) else part for part in parts]
    return pc.binary_join_element_wise(*words, "")


def digits(numbers: Ints, width: int) -> Any:
    """Return numbers as text, padded with zeros to `width`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.utf8_lpad(pc.cast(pa.array(numbers), pa.string()), width, "0")


def where(mask: Any, these: Any, those: Any) -> Any:
    """Return `these` where the mask holds, else `those`; None is null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    sides = [pa.scalar(side, pa.string()) if side is None else side for side in (these, those)]
    return pc.if_else(pa.array(mask), *sides)


def kept(mask: Any, values: Any) -> Any:
    """Return values, null where the mask does not hold; for columns of any type."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column = values if isinstance(values, (pa.Array, pa.ChunkedArray)) else pa.array(values)
    return pc.if_else(pa.array(mask), column, pa.scalar(None, column.type))


def mistyped(rng: np.random.Generator, words: Any, share: float) -> Any:
    """Return words, a share of them with two letters swapped or one left out."""
    import numpy as np
    import pyarrow.compute as pc

    fault = np.where(rng.random(len(words)) < share, rng.integers(0, 6, len(words)), -1)
    for place in (1, 2, 3):
        head = pc.utf8_slice_codeunits(words, 0, place)
        one = pc.utf8_slice_codeunits(words, place, place + 1)
        two = pc.utf8_slice_codeunits(words, place + 1, place + 2)
        tail = pc.utf8_slice_codeunits(words, place + 2)
        words = where(fault == place - 1, join(head, two, one, tail), words)
        words = where(fault == place + 2, join(head, two, tail), words)
    return words


def untidy(rng: np.random.Generator, words: Any, share: float) -> Any:
    """Return words, a share of them in capitals, in lower case, or with blanks around them."""
    import pyarrow.compute as pc

    draw = rng.random(len(words)) / share
    words = where(draw < 1 / 3, pc.utf8_upper(words), words)
    words = where((draw >= 1 / 3) & (draw < 2 / 3), pc.utf8_lower(words), words)
    return where((draw >= 2 / 3) & (draw < 1), join(" ", words, " "), words)
