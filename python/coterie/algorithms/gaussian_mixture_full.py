"""Gaussian mixture with full covariances: segments may be long in any direction.

In the one scoring rule root = the transposed Cholesky factor of the precision matrix and offset =
ln(weight) + ln det(root), so that a score is the log density of the component, without its
constant d/2 ln(2 pi) (McLachlan and Peel, Finite Mixture Models, 2000). SMALLEST_VARIANCE is added
to every variance.
"""

import warnings

import numpy as np

from coterie.algorithms import Components, Task
from coterie.rounding import Floats

RESTARTS = 3
REFIT_RESTARTS = 1
MAXIMUM_ROWS = 50_000
MAXIMUM_ITERATIONS = 300
SMALLEST_VARIANCE = 1e-4


def fit(task: Task) -> Components:
    """Return means, roots and offsets; a warm start has equal weights and round shapes."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture

    model = GaussianMixture(
        n_components=task.segment_count,
        covariance_type="full",
        n_init=task.restarts if task.initial is None else 1,
        max_iter=MAXIMUM_ITERATIONS,
        reg_covar=SMALLEST_VARIANCE,
        random_state=task.seed,
        **_start(task.z, task.initial),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # is_converged says it
        model.fit(task.z)
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


def _start(z: Floats, initial: Floats | None) -> dict[str, object]:
    if initial is None:
        return {"init_params": "kmeans"}
    share = np.full(len(initial), 1 / len(initial))
    spread = np.maximum(z.var(axis=0) / len(initial), SMALLEST_VARIANCE)
    return {
        "init_params": "random_from_data",
        "means_init": initial,
        "weights_init": share,
        "precisions_init": np.tile(np.diag(1 / spread), (len(initial), 1, 1)),
    }
