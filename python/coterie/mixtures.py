"""Gaussian mixtures fitted by expectation-maximisation, of either shape of covariance."""

import warnings
from typing import Any

import numpy as np

from coterie.algorithms import Task
from coterie.rounding import Floats

MAXIMUM_ITERATIONS = 300
SMALLEST_VARIANCE = 1e-4


def mixture(task: Task, covariance_type: str) -> Any:
    """Return the fitted GaussianMixture of scikit-learn, converged or not.

    SMALLEST_VARIANCE is added to every variance, in squared standard deviations of the features,
    so that no component can shrink to a point. A warm start has equal weights and round shapes.

    Args:
        task: what to fit.
        covariance_type: diag or full.

    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture

    model = GaussianMixture(
        n_components=task.segment_count,
        covariance_type=covariance_type,
        n_init=task.restarts if task.initial is None else 1,
        max_iter=MAXIMUM_ITERATIONS,
        reg_covar=SMALLEST_VARIANCE,
        random_state=task.seed,
        **_start(task.z, task.initial, covariance_type),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # is_converged says it
        return model.fit(task.z)


def _start(z: Floats, initial: Floats | None, covariance_type: str) -> dict[str, object]:
    if initial is None:
        return {"init_params": "kmeans"}
    precision = 1 / np.maximum(z.var(axis=0) / len(initial), SMALLEST_VARIANCE)
    shape = precision if covariance_type == "diag" else np.diag(precision)
    return {
        "init_params": "random_from_data",
        "means_init": initial,
        "weights_init": np.full(len(initial), 1 / len(initial)),
        "precisions_init": np.stack([shape] * len(initial)),
    }
