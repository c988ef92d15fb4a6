"""How far a mean, or a difference of two means, could be off by the choice of questions: paired bootstrap intervals.

Where few questions changed the bootstrap is too sure of itself (all resamples lean one way), so a difference counts
as detectable only if a sign-flip test agrees: were the two systems alike, either sign of each change is as likely.

All metrics and all systems share one set of resamples, so a difference is paired question by question and a
thousand intervals cost one matrix product (decision 0009 says why this is not scipy's bootstrap).
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

ROUNDS = 10_000
LEVEL = 0.95
FLIPS = 4_000
EXACT = 12  # changes, up to which all signs are tried
TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over ``n`` questions with its interval; ``p`` is the sign-flip test's, for a difference."""

    mean: float
    low: float
    high: float
    n: int
    p: float = 1.0

    @property
    def detectable(self) -> bool:
        """Whether there is a difference to speak of: zero lies outside the interval, and the signs are no chance."""
        return (self.low > 0 or self.high < 0) and self.p < 1 - LEVEL


class Bootstrap:
    """Resamples of ``n`` questions, the same for every call."""

    def __init__(self, n: int, *, rounds: int = ROUNDS, seed: int = 2026) -> None:
        if n < 1:
            raise ValueError("nothing to resample")
        self._n = n
        self._seed = seed
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
        estimate = self.estimate(b - a)
        return replace(estimate, p=self._sign_flip(b - a))

    def _sign_flip(self, values: NDArray[np.float64]) -> float:
        """How often random signs make a sum as far from zero; all signs are tried where the changes are few."""
        changes = values[~np.isnan(values) & (values != 0)]
        m = len(changes)
        if m == 0:
            return 1.0
        if m <= EXACT:
            signs = ((np.arange(2**m)[:, None] >> np.arange(m)) & 1) * 2.0 - 1.0
            return float((np.abs(signs @ changes) >= abs(changes.sum()) - TINY).mean())
        as_far = int((np.abs(self._signs[:, :m] @ changes) >= abs(changes.sum()) - TINY).sum())
        return (1 + as_far) / (1 + FLIPS)

    @cached_property
    def _signs(self) -> NDArray[np.float64]:
        return np.random.default_rng(self._seed).choice(np.array([-1.0, 1.0]), size=(FLIPS, self._n))
