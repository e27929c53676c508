"""Gaussian mixture with diagonal covariances, fitted by expectation-maximisation.

In the one scoring rule: precision = 1 / variance, offset = ln(weight) + 1/2 sum ln(precision)
(McLachlan and Peel, Finite Mixture Models, 2000). SMALLEST_VARIANCE is added to every variance, in
squared standard deviations of the features, so that no component can shrink to a point.
"""

import warnings

import numpy as np

from coterie.algorithms import Components, Task
from coterie.rounding import Floats

RESTARTS = 3
REFIT_RESTARTS = 1
MAXIMUM_ITERATIONS = 300
SMALLEST_VARIANCE = 1e-4


def fit(task: Task) -> Components:
    """Return means, precisions and offsets; a warm start has equal weights and unit shapes."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture

    model = GaussianMixture(
        n_components=task.segment_count,
        covariance_type="diag",
        n_init=task.restarts if task.initial is None else 1,
        max_iter=MAXIMUM_ITERATIONS,
        reg_covar=SMALLEST_VARIANCE,
        random_state=task.seed,
        **_start(task.z, task.initial),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # is_converged says it
        model.fit(task.z)
    precision = model.precisions_
    return Components(
        mean=model.means_,
        precision=precision,
        offset=np.log(model.weights_) + 0.5 * np.log(precision).sum(axis=1),
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
        "precisions_init": np.tile(1 / spread, (len(initial), 1)),
    }
