"""Why a customer is in this segment and not in the next best: feature by feature, exactly.

The score difference of the two best components is the sum of one term per feature and of the
difference of their offsets (the base rate). SQL computes the same, and a test compares.
"""

import numpy as np

from coterie.algorithms import Components
from coterie.rounding import Floats, decimals


def losses(z: Floats, components: Components, at: int) -> Floats:
    """Return what each feature takes from the score of one component, (n, d).

    They sum to offset less score. A point: 1/2 precision (z - mean)^2. A full precision P:
    1/2 (z - mean)_i (P (z - mean))_i, half of each product to either feature. A box:
    1/2 precision gap^2, and the step outside in equal parts to the features that are outside.

    Args:
        z: (n, d), standardised.
        components: c components.
        at: which, from 0.

    """
    if components.is_box(at):
        return _box_losses(z, components, at)
    apart = z - components.mean[at]
    if components.root is not None:
        return 0.5 * apart * (apart @ (components.root[at].T @ components.root[at]))
    return 0.5 * components.precision[at] * apart**2


def contributions(z: Floats, components: Components, first: int, second: int) -> Floats:
    """Return what each feature adds to the score of the first component over the second, (n, d)."""
    return decimals(losses(z, components, second) - losses(z, components, first))


def population_contributions(z: Floats, components: Components, at: int) -> Floats:
    """Return the same against the population's mean, 0, as if it had the component's spread.

    For models of one segment. A box is compared as a point of its precision.
    """
    none = np.zeros_like(components.mean)
    everyone = Components(
        none, components.precision, components.offset,
        root=None if components.is_box(at) else components.root,
    )  # fmt: skip
    return decimals(losses(z, everyone, at) - losses(z, components, at))


def _box_losses(z: Floats, components: Components, at: int) -> Floats:
    low = -np.inf if components.low is None else components.low[at]
    high = np.inf if components.high is None else components.high[at]
    gap = np.maximum(np.maximum(low - z, z - high), 0)
    outside = gap > 0
    count = np.maximum(outside.sum(axis=1, keepdims=True), 1)
    step = 0.0 if components.outside is None else components.outside[at]
    return np.asarray(0.5 * components.precision[at] * gap**2 + step * outside / count)
