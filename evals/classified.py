"""Score decisions against labels: confusion, F1 by class, macro-F1 with a bootstrap interval, calibration."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """``confusion[i][j]``: questions labelled ``labels[i]`` and decided ``labels[j]``. ``ci``: 95 % of resamples."""

    n: int
    labels: tuple[str, ...]
    macro_f1: float
    ci: tuple[float, float]
    accuracy: float
    per_class: dict[str, dict[str, float]]
    confusion: tuple[tuple[int, ...], ...]


def score(gold: Sequence[str], decided: Sequence[str], labels: Sequence[str], seed: int = 0) -> Scores:
    """Compare decisions with labels. A decision that is no label ("both") counts as a miss of its class.

    Classes that no question is labelled with are left out of the mean.
    """
    at = {label: i for i, label in enumerate(labels)}
    k = len(labels)
    pairs = np.array([at[g] * (k + 1) + at.get(d, k) for g, d in zip(gold, decided, strict=True)])
    cells = np.bincount(pairs, minlength=k * (k + 1))
    confusion = cells.reshape(k, k + 1)
    rng = np.random.default_rng(seed)
    resampled = rng.multinomial(len(pairs), cells / max(len(pairs), 1), size=RESAMPLES) if len(pairs) else cells[None]
    present = confusion.sum(1) > 0
    spread = np.array([_f1(c.reshape(k, k + 1))[present].mean() for c in resampled]) if present.any() else np.zeros(1)
    f1 = _f1(confusion)
    hits, said, real = np.diag(confusion), confusion[:, :k].sum(0), confusion.sum(1)
    return Scores(
        n=len(pairs),
        labels=tuple(labels),
        macro_f1=float(f1[present].mean()) if present.any() else 0.0,
        ci=(float(np.quantile(spread, 0.025)), float(np.quantile(spread, 0.975))),
        accuracy=float(hits.sum() / max(len(pairs), 1)),
        per_class={
            label: {
                "precision": float(hits[i] / max(said[i], 1)),
                "recall": float(hits[i] / max(real[i], 1)),
                "f1": float(f1[i]),
                "n": int(real[i]),
            }
            for i, label in enumerate(labels)
        },
        confusion=tuple(tuple(int(v) for v in row[:k]) for row in confusion),
    )


def _f1(confusion: NDArray[np.int64]) -> NDArray[np.float64]:
    """F1 by class of a (classes, classes + 1) table whose last column is "something else"."""
    k = len(confusion)
    hits = confusion[np.arange(k), np.arange(k)]
    both: NDArray[np.float64] = 2 * hits / np.maximum(confusion.sum(1) + confusion[:, :k].sum(0), 1)
    return both


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Decisions of like confidence: how sure they were on average and how often right."""

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float


def calibration(confidence: Sequence[float], right: Sequence[bool]) -> tuple[float, tuple[Bin, ...]]:
    """The expected calibration error over bins of equal width, and the bins that hold anything."""
    sure, hit = np.asarray(confidence, float), np.asarray(right, float)
    where = np.minimum((sure * BINS).astype(int), BINS - 1)
    bins = tuple(
        Bin(
            low=b / BINS,
            high=(b + 1) / BINS,
            n=int((where == b).sum()),
            confidence=float(sure[where == b].mean()),
            accuracy=float(hit[where == b].mean()),
        )
        for b in range(BINS)
        if (where == b).any()
    )
    ece = sum(b.n * abs(b.confidence - b.accuracy) for b in bins) / max(len(sure), 1)
    return float(ece), bins
