"""The score that rules may read: the probability of no order in the outcome window.

A logistic regression on the standardised features, with scikit-learn's ridge penalty (C = 1),
learned from rows whose window is over. Nothing of the window itself is among its inputs.
"""

from dataclasses import dataclass

import numpy as np

from coterie.rounding import Floats, decimals, significant


@dataclass(frozen=True)
class Risk:
    """logit(p) = intercept + coefficients . z, of the columns that are fitted, in their order."""

    name: str
    intercept: float
    coefficients: Floats

    def logit(self, z: Floats) -> Floats:
        """Return ln(p / (1 - p)) of each row of z, (n, d), rounded to 9 decimals."""
        return decimals(self.intercept + (z * self.coefficients).sum(axis=1))

    def column(self, z: Floats) -> Floats:
        """Return z with the logit as its last column, (n, d + 1)."""
        return np.column_stack([z, self.logit(z)])

    def probability(self, z: Floats) -> Floats:
        """Return p of each row of z, (n, d)."""
        return np.asarray(1 / (1 + np.exp(-self.logit(z))))


def logit(probability: float) -> float:
    """Return ln(p / (1 - p))."""
    return float(np.log(probability / (1 - probability)))


def learn(name: str, z: Floats, outcome: Floats) -> Risk | None:
    """Return the score learned from rows whose window is over; None where nothing can be learned.

    Args:
        name: of the score.
        z: (m, d), as they were at the start of the window.
        outcome: (m,), what came in it: 0 is no order.

    """
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    gone = outcome <= 0
    if len(z) == 0 or len(np.unique(gone)) < 2:
        return None
    with threadpool_limits(limits=1):
        model = LogisticRegression(solver="newton-cholesky", tol=1e-10, max_iter=1000).fit(z, gone)
    return Risk(name, float(significant(model.intercept_[0])), significant(model.coef_[0]))
