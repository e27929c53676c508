"""Gaussian mixture with diagonal covariances.

In the one scoring rule: precision = 1 / variance, offset = ln(weight) + 1/2 sum ln(precision)
(McLachlan and Peel, Finite Mixture Models, 2000).
"""

import numpy as np

from coterie.algorithms import Components, Task
from coterie.mixtures import mixture

RESTARTS = 3
REFIT_RESTARTS = 1


def fit(task: Task) -> Components:
    """Return means, precisions and offsets."""
    model = mixture(task, "diag")
    precision = model.precisions_
    return Components(
        mean=model.means_,
        precision=precision,
        offset=np.log(model.weights_) + 0.5 * np.log(precision).sum(axis=1),
        bic=float(model.bic(task.z)),
        is_converged=bool(model.converged_),
    )
