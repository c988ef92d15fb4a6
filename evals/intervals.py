"""Paired bootstrap intervals: how far a mean, or a difference of two means, could be off by the choice of questions.

All metrics and all systems share one set of resamples, so a difference is paired question by question and a
thousand intervals cost one matrix product (decision 0009 says why this is not scipy's bootstrap).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ROUNDS = 10_000
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over ``n`` questions with its interval."""

    mean: float
    low: float
    high: float
    n: int

    @property
    def detectable(self) -> bool:
        """Whether zero lies outside: for a difference, whether there is one to speak of."""
        return self.low > 0 or self.high < 0


class Bootstrap:
    """Resamples of ``n`` questions, the same for every call."""

    def __init__(self, n: int, *, rounds: int = ROUNDS, seed: int = 2026) -> None:
        if n < 1:
            raise ValueError("nothing to resample")
        self._n = n
        uniform = np.full(n, 1 / n)
        self._counts = np.random.default_rng(seed).multinomial(n, uniform, size=rounds).astype(np.float32)

    def estimate(self, values: NDArray[np.float64]) -> Estimate:
        """The mean of one value a question, NaN where the metric does not apply, with its percentile interval.

        A resample without any applicable question is left out. Where all values are equal the interval is that
        value: the bootstrap knows nothing of questions unlike those asked. Raises ValueError if no question applies.
        """
        if values.shape != (self._n,):
            raise ValueError(f"expected {self._n} values, got {values.shape}")
        here = ~np.isnan(values)
        n = int(here.sum())
        if n == 0:
            raise ValueError("the metric applies to no question")
        given = values[here]
        mean = float(given.mean())
        if np.ptp(given) == 0:
            return Estimate(mean, mean, mean, n)
        columns = np.stack([np.where(here, values, 0.0), here]).astype(np.float32)
        sums, weights = columns @ self._counts.T
        means = sums[weights > 0] / weights[weights > 0]
        low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        return Estimate(mean, float(low), float(high), n)

    def difference(self, a: NDArray[np.float64], b: NDArray[np.float64]) -> Estimate:
        """``b - a`` over the questions that both have a value for."""
        return self.estimate(b - a)
