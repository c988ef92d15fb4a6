"""Fit and measure when the assistant says that the folder does not tell.

    python -m evals.abstention INDEX --train CASES [CASES …] [--test CASES]

INDEX is an index of the folder that the cases ask about. Fits on the cases of split dev in the first files, prints the
coefficients that stand in retrieve/enough.py with their cross-validated quality, and last, if asked, what the code as
it is does on the split test of another file.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clew.settings import load
from evals.cases import Case, read_cases
from evals.evidence import evidence_for, fitting
from retrieve.assembly import Index, open_index
from retrieve.enough import judge, observe
from retrieve.weigh import sentences

FALSE_REFUSALS = 0.1  # of the answerable questions that share a language with their documents
FOLDS, SEEDS = 10, 5


@dataclass(frozen=True, slots=True)
class Seen:
    """One question: what the verdict rests on, the verdict, and which group it counts in."""

    case: Case
    group: str
    features: tuple[float, float]
    refused: bool


def main() -> None:
    """Read the command line, print one JSON object."""
    given = fitting(__doc__).parse_args()
    with open_index(given.index, load(threads=1), doing="evals.abstention") as index:
        train = [seen for path in given.train for seen in look(index, read_cases(path), "dev")]
        report: dict[str, Any] = {"fit": {name: fit(train, name) for name in ("en", "zh")}, "dev": rates(train)}
        if given.test is not None:
            report["test"] = rates(look(index, read_cases(given.test), "test"))
    print(json.dumps(report, indent=1))


def look(index: Index, cases: Iterable[Case], split: str) -> list[Seen]:
    """Ask each question of the split that needs a look into the folder, by the passages path."""
    spoken = {document.path: document.language for document in index.store.documents()}
    found = []
    for case in cases:
        if case.split != split or case.path == "direct" or not set(case.gold_documents) <= spoken.keys():
            continue
        query, evidence, vectors = evidence_for(index, case.question)
        question, quotes = sentences(case.question, query, evidence, vectors)
        foreign = case.gold_documents and all(spoken[path] != case.lang for path in case.gold_documents)
        found.append(
            Seen(
                case=case,
                group="across" if foreign else case.lang,
                features=observe(question, quotes),
                refused=not judge(question, quotes).enough,
            )
        )
    return found


def fit(seen: Sequence[Seen], language: str) -> dict[str, Any]:
    """Logistic regression of 'not answerable', in the features' own units, and what it is worth out of sample."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score, roc_curve
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    rows = [one for one in seen if one.group == language]
    x: NDArray[np.float64] = np.array([one.features for one in rows])
    if language == "zh":
        x = x[:, :1]  # without vectors nothing else is seen
    y = np.array([not one.case.answerable for one in rows])
    model = make_pipeline(StandardScaler(), LogisticRegression(class_weight="balanced"))
    folds = [StratifiedKFold(FOLDS, shuffle=True, random_state=seed) for seed in range(SEEDS)]
    doubt = np.mean([cross_val_predict(model, x, y, cv=fold, method="predict_proba")[:, 1] for fold in folds], axis=0)
    false, true, at = roc_curve(y, doubt)
    last = int(np.flatnonzero(false <= FALSE_REFUSALS)[-1])
    model.fit(x, y)
    slope = model[-1].coef_[0] / model[0].scale_
    return {
        "questions": len(rows),
        "unanswerable": int(y.sum()),
        "intercept": round(float(model[-1].intercept_[0] - slope @ model[0].mean_), 2),
        "slopes": [round(float(one), 2) for one in slope],
        "auc": round(float(roc_auc_score(y, doubt)), 3),
        "refuse_at": round(float(at[last]), 3),
        "refused_of_unanswerable": {
            str(most): round(float(true[false <= most].max()), 2) for most in (0.05, 0.1, 0.2, 0.3, 0.5)
        },
    }


def rates(seen: Iterable[Seen]) -> dict[str, str]:
    """Refused of all, by group and answerability, for the code as it is."""
    counts: dict[str, list[bool]] = defaultdict(list)
    for one in seen:
        kind = "answerable" if one.case.answerable else "unanswerable"
        for group in ("all", one.group):
            counts[f"{kind} {group}"].append(one.refused)
    return {name: f"{sum(hits)}/{len(hits)} = {sum(hits) / len(hits):.2f}" for name, hits in sorted(counts.items())}


if __name__ == "__main__":
    main()
