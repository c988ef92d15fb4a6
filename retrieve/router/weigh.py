"""Fit what turns the SVMs' margins into probabilities: logistic regressions on what they said of unseen questions.

An SVM adds its blocks up, each with one weight for all questions. Here each block's share is weighed once more, and the
six margins against each other: a sum is seldom a summary, a question for the newest state seldom asks for a theme.
"""

import numpy as np
from numpy.typing import NDArray

from retrieve.router.model import HEADS, PATHS

COST = 0.05  # of signs scaled to one; chosen in docs/decisions/0007-the-router.md


def weigh(
    seen: NDArray[np.float64], parts: int, answers: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Slope (signs, heads) and offset (heads,) for ``signs`` of questions with these answers (questions, heads).

    A head with one answer for all of them keeps its SVM's margin.
    """
    slope, offset = unweighed(parts)
    paths = answers[:, : len(PATHS)]
    if paths.any(0).all():
        slope[:, : len(PATHS)], offset[: len(PATHS)] = _logistic(seen, paths.argmax(1))
    for h in range(len(PATHS), len(HEADS)):
        if answers[:, h].any() and not answers[:, h].all():
            slope[:, h : h + 1], offset[h : h + 1] = _logistic(seen, answers[:, h])
    return slope, offset


def unweighed(parts: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The slope and offset that leave the margins as the SVMs give them."""
    margins, products = len(HEADS) + 1, (len(HEADS) + 1) * (len(HEADS) + 2) // 2
    slope = np.zeros((parts * len(HEADS) + margins + products, len(HEADS)))
    slope[parts * len(HEADS) :][: len(HEADS)] = np.eye(len(HEADS))
    return slope, np.zeros(len(HEADS))


def _logistic(
    seen: NDArray[np.float64], classes: NDArray[np.generic]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A logistic regression on signs scaled to one, given for signs as they come."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(seen)
    fitted = LogisticRegression(C=COST, max_iter=3000).fit(scaler.transform(seen), classes)
    slope = (fitted.coef_ / scaler.scale_).T
    return slope, fitted.intercept_ - scaler.mean_ @ slope
