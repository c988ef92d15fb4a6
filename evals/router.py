"""Measure the router on labelled questions: five folds, one writer left out at a time, learning curve, ablations.

Every decision is made by the arrays that serve questions, trained without the question's fold.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from retrieve.router.model import PATHS, Model
from retrieve.router.train import Prepared, fit
from retrieve.router.weigh import unweighed

Rows = NDArray[np.int64]
Fold = tuple[Rows, Rows]  # numbers of the questions trained on, and of those decided


@dataclass(frozen=True, slots=True)
class Decision:
    """What a model that had not seen the question made of it."""

    path: str
    confidence: float
    compute: bool
    fresh: bool
    paths: tuple[float, ...]


def five_folds(prepared: Prepared, n: int, seed: int = 0) -> list[Fold]:
    """Five folds of the first ``n`` questions, path and language spread evenly; the rest are only trained on."""
    from sklearn.model_selection import StratifiedKFold

    strata = [f"{x.path} {x.language}" for x in prepared.labels[:n]]
    extra = np.arange(n, len(prepared.labels))
    folds = StratifiedKFold(5, shuffle=True, random_state=seed).split(strata, strata)
    return [(np.concatenate([inside, extra]), outside) for inside, outside in folds]


def by_writer(prepared: Prepared, n: int) -> list[Fold]:
    """One fold a writer of the first ``n`` questions; the rest are only trained on."""
    writers = np.array([x.writer for x in prepared.labels[:n]])
    extra = np.arange(n, len(prepared.labels))
    return [
        (np.concatenate([np.flatnonzero(writers != w), extra]), np.flatnonzero(writers == w))
        for w in sorted(set(writers))
    ]


def decide(model: Model, prepared: Prepared, row: int) -> Decision:
    """Decide a prepared question as the router would."""
    features = {
        block: [
            name
            for at, count in zip(counts.indices, counts.data, strict=True)
            for name in [prepared.names[block][at]] * int(count)
        ]
        for block in model.blocks
        for counts in [prepared.counts[block][row]]
    }
    vectors = {name: v[row] for name, v in prepared.vectors.items()}
    paths, compute, fresh = model.judge(features, prepared.labels[row].language, vectors)
    best = int(paths.argmax())
    return Decision(PATHS[best], float(paths[best]), compute >= 0.5, fresh >= 0.5, tuple(map(float, paths)))


def trained(
    prepared: Prepared, folds: Iterable[Fold], train: Callable[[Prepared, Rows], Model] = fit
) -> list[tuple[Model, Rows]]:
    """A model for each fold, with the questions that it has not seen."""
    return [(train(prepared, inside), outside) for inside, outside in folds]


def decide_all(prepared: Prepared, models: Iterable[tuple[Model, Rows]]) -> dict[int, Decision]:
    """Each fold's questions as its model decides them."""
    return {int(i): decide(model, prepared, int(i)) for model, outside in models for i in outside}


def cross(
    prepared: Prepared, folds: Iterable[Fold], train: Callable[[Prepared, Rows], Model] = fit
) -> dict[int, Decision]:
    """Decide each fold's questions by a model trained on the others."""
    return decide_all(prepared, trained(prepared, folds, train))


def alone(model: Model) -> Model:
    """The six SVMs alone: the parts' shares are added up and not weighed again."""
    slope, offset = unweighed(len(model.blocks) + len(model.dense))
    return replace(model, slope=slope, offset=offset)


def shrunk(folds: Sequence[Fold], share: float, seed: int = 0) -> list[Fold]:
    """The same folds with a random part of what is trained on, for the learning curve."""
    rng = np.random.default_rng(seed)
    return [(np.sort(rng.permutation(inside)[: int(len(inside) * share)]), outside) for inside, outside in folds]


def pairs(
    prepared: Prepared, decided: Mapping[int, Decision], head: str, language: str = ""
) -> tuple[list[str], list[str]]:
    """Labels and decisions of one head, of one language or all."""
    rows = [i for i in sorted(decided) if not language or prepared.labels[i].language == language]
    return (
        [_word(getattr(prepared.labels[i], head)) for i in rows],
        [_word(getattr(decided[i], head)) for i in rows],
    )


def _word(value: str | bool) -> str:
    return value if isinstance(value, str) else ("yes" if value else "no")
