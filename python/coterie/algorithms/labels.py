"""Labels that somebody else gave, as a segmentation of its own: one segment per level.

Nothing is fitted. A customer whose label is missing, or was not there at the fit, is in no segment:
a level of its own lies at the squared distance 0, any other at 1, none at 1/2 (for weight 1).
"""

import numpy as np

from coterie.algorithms import Components, Task, UnfitError
from coterie.categories import MISSING, level_of

RESTARTS = 1
REFIT_RESTARTS = 1
IS_GIVEN = True  # there may be more segments than distinct rows: the labels are what they are
PRECISION = 100.0


def fit(task: Task) -> Components:
    """Return a point per label, with its name and a reach that only the label itself is within.

    Raises:
        UnfitError: the columns are not of one category, or hold another number of labels.

    """
    levels = [level_of(column) for column in task.columns]
    if not levels or "" in levels:
        raise UnfitError("labels copies one feature of kind category, and nothing else")
    named = [at for at, level in enumerate(levels) if level != MISSING]
    if len(named) != task.segment_count:
        raise UnfitError(
            f"the column has {len(named)} labels, not {task.segment_count}: "
            f"segment_count must allow {len(named)}"
        )
    value = float(task.z.max())
    mean = value * np.eye(len(levels))[named]
    return Components(
        mean=mean,
        precision=np.full(mean.shape, PRECISION),
        offset=np.zeros(len(named)),
        reach=np.full(len(named), PRECISION * value**2 / 2),
        names=tuple(levels[at] for at in named),
    )
