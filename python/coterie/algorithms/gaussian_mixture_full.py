"""Gaussian mixture with full covariances: segments may be long in any direction.

In the one scoring rule root = the transposed Cholesky factor of the precision matrix and offset =
ln(weight) + ln det(root), so that a score is the log density of the component, without its
constant d/2 ln(2 pi) (McLachlan and Peel, Finite Mixture Models, 2000).
"""

import numpy as np

from coterie.algorithms import Components, Task
from coterie.mixtures import mixture

RESTARTS = 3
REFIT_RESTARTS = 1
MAXIMUM_ROWS = 50_000


def fit(task: Task) -> Components:
    """Return means, roots and offsets."""
    model = mixture(task, "full")
    root = np.swapaxes(model.precisions_cholesky_, 1, 2)
    diagonal = np.diagonal(root, axis1=1, axis2=2)
    return Components(
        mean=model.means_,
        precision=(root**2).sum(axis=1),
        offset=np.log(model.weights_) + np.log(diagonal).sum(axis=1),
        root=root,
        bic=float(model.bic(task.z)),
        is_converged=bool(model.converged_),
    )
