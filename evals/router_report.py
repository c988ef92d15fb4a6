"""What the router makes of labelled questions: scores by head, language and writer, calibration, the hardest cases."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from evals.classified import Bin, Scores, calibration, score
from retrieve.route import Router
from retrieve.router.labelled import Label
from retrieve.router.model import HEADS, PATHS, Model
from retrieve.router.reading import read

CLASSES = {"path": PATHS, "compute": ("no", "yes"), "fresh": ("no", "yes")}


@dataclass(frozen=True, slots=True)
class Calibration:
    """Expected calibration error of the path, over bins of its confidence."""

    ece: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class Hard:
    """A question decided wrongly, the surer the harder."""

    id: str
    query: str
    label: str
    path: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RouterReport:
    """``ms_p50``: one decision, embedding and tagging not counted. ``says``: the heaviest features of each SVM."""

    n: int
    heads: dict[str, Scores]
    by: dict[str, dict[str, dict[str, Scores]]]
    calibration: Calibration
    model: dict[str, str]
    ms_p50: float
    hardest: tuple[Hard, ...]
    says: dict[str, tuple[str, ...]]


def make(router: Router, labels: Sequence[Label], hardest: int = 20) -> RouterReport:
    """Decide every question and compare. Questions the model was trained on flatter it: the report cannot tell."""
    said: dict[str, list[str]] = {head: [] for head in CLASSES}
    sure, ms = [], []
    for label in labels:
        reading = read(label.query)
        vectors = router.vectors(reading)
        start = time.perf_counter()
        judged = router.judge(reading, vectors)
        ms.append((time.perf_counter() - start) * 1000)
        sure.append(judged.confidence)
        said["path"].append(judged.best)
        said["compute"].append("yes" if judged.compute >= 0.5 else "no")
        said["fresh"].append("yes" if judged.fresh >= 0.5 else "no")
    gold = {
        "path": [x.path for x in labels],
        "compute": ["yes" if x.compute else "no" for x in labels],
        "fresh": ["yes" if x.fresh else "no" for x in labels],
    }

    def scores(rows: Sequence[int]) -> dict[str, Scores]:
        return {h: score([gold[h][i] for i in rows], [said[h][i] for i in rows], c) for h, c in CLASSES.items()}

    right = [a == b for a, b in zip(gold["path"], said["path"], strict=True)]
    wrong = sorted((i for i, good in enumerate(right) if not good), key=lambda i: -sure[i])
    ece, bins = calibration(sure, right)
    return RouterReport(
        n=len(labels),
        heads=scores(range(len(labels))),
        by={
            key: {
                value: scores([i for i, x in enumerate(labels) if getattr(x, field) == value])
                for value in sorted({getattr(x, field) for x in labels})
            }
            for key, field in (("lang", "language"), ("writer", "writer"))
        },
        calibration=Calibration(ece, bins),
        model={"sha256": router.model.sha256, "embedder": ", ".join(d.embedder for d in router.model.dense)},
        ms_p50=median(ms) if ms else 0.0,
        hardest=tuple(
            Hard(labels[i].id, labels[i].query, labels[i].path, said["path"][i], sure[i]) for i in wrong[:hardest]
        ),
        says=heaviest(router.model),
    )


def heaviest(model: Model, n: int = 12) -> dict[str, tuple[str, ...]]:
    """The features that speak loudest for each SVM's yes, as ``block: feature``."""
    terms = [term.replace("\t", ": ", 1) for term in model.vocabulary]
    return {
        head: tuple(terms[i] for i in (-model.weights[:, h]).argsort(kind="stable")[:n]) for h, head in enumerate(HEADS)
    }
