"""Random numbers: one stream for each seed, chunk and subject, so that nothing hangs on order."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Moments = NDArray[np.datetime64]


@dataclass(frozen=True)
class Dice:
    """The random numbers of one chunk of persons."""

    seed: int
    chunk: int

    def stream(self, subject: str) -> np.random.Generator:
        """Return the generator of one subject; the same words give the same numbers."""
        import numpy as np

        word = int.from_bytes(hashlib.md5(subject.encode()).digest()[:4], "big")
        parts = np.random.SeedSequence([self.seed, self.chunk, word])
        return np.random.Generator(np.random.PCG64(parts))


def chosen(rng: np.random.Generator, shares: Any) -> Ints:
    """Return one choice for each row of `shares`: an array (rows, choices) whose rows sum to 1."""
    import numpy as np

    ends = np.cumsum(np.asarray(shares, dtype=np.float64), axis=1)[:, :-1]
    return (rng.random(len(ends))[:, None] >= ends).sum(axis=1)


def moments(rng: np.random.Generator, days: Any, first: int = 7, last: int = 22) -> Moments:
    """Return a moment (seconds) on each day, between two hours of the clock."""
    seconds = rng.integers(first * 3600, last * 3600, len(days))
    result: Moments = days.astype("datetime64[s]") + seconds.astype("timedelta64[s]")
    return result


def between(rng: np.random.Generator, first: Any, last: Any, size: int) -> Moments:
    """Return `size` days from `first` (a day, or one for each) to before `last`."""
    import numpy as np

    start = np.broadcast_to(np.asarray(first, dtype="datetime64[D]"), size)
    stop = np.broadcast_to(np.asarray(last, dtype="datetime64[D]"), size)
    length = np.maximum((stop - start).astype(np.int64), 1)
    result: Moments = start + (rng.random(size) * length).astype(np.int64).astype("timedelta64[D]")
    return result
