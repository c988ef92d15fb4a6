"""Fit and measure which sentences an answer without a model quotes.

    python -m evals.quoting INDEX --train CASES [CASES …] [--test CASES]

INDEX is an index of the folder that the cases ask about. Looks at answerable cases of split dev of the first files,
whose gold facts stand in one document of the question's language; prints what each observation of a sentence is worth
(``OBSERVED`` in retrieve/weigh.py), how well such weights do on questions they were not fitted on, and how the code as
it is does; last, if asked, the code as it is on the split test of another file.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clew.ports import Floats
from clew.settings import load
from evals.cases import Case, read_cases
from evals.evidence import evidence_for, fitting
from retrieve.assembly import Index, open_index
from retrieve.quote import choose, weigh
from retrieve.weigh import OBSERVED, WEIGHTS, observed

FOLDS = 8
PENALTY = 0.02  # of the squared weights, each in units of its observation's spread
LEAST = 12  # letters of a sentence that may be a part of a fact

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Seen:
    """One question: what is seen of each sentence, which of them state a gold fact, and what the answer quotes: how
    many sentences, how many of these state one, and the share of the facts that are stated."""

    language: str
    seen: Floats
    right: Bools
    quoted: int
    quoted_right: int
    facts: float


def main() -> None:
    """Read the command line, print one JSON object."""
    given = fitting(__doc__).parse_args()
    with open_index(given.index, load(threads=1, llm="none"), doing="evals.quoting") as index:
        train = [seen for path in given.train for seen in look(index, read_cases(path), "dev")]
        fitted = fit([one for one in train if one.right.any()])
        report: dict[str, Any] = {
            "worth": {name: round(float(worth), 2) for name, worth in zip(OBSERVED, fitted, strict=True)},
            "out_of_sample": found(train, out_of_sample(train)),
            "as_it_is": found(train, [one.seen @ WEIGHTS for one in train]) | quoted(train),
        }
        if given.test is not None:
            test = look(index, read_cases(given.test), "test")
            report["test"] = found(test, [one.seen @ WEIGHTS for one in test]) | quoted(test)
    print(json.dumps(report, indent=1))


def look(index: Index, cases: Iterable[Case], split: str) -> list[Seen]:
    """Ask each answerable question of the split whose facts share its language, by the passages path."""
    spoken = {document.path: document.language for document in index.store.documents()}
    rows = []
    for case in cases:
        languages = {spoken.get(path) for path in case.gold_documents}
        if case.split != split or case.path != "passages" or not case.gold_facts or languages != {case.lang}:
            continue
        query, evidence, vectors = evidence_for(index, case.question)
        _, sentences, seen = observed(case.question, query, evidence, vectors)
        facts = [_letters(fact) for fact in case.gold_facts]
        stating = [_states(one.words, facts) for one in sentences]
        shown = [_states(one.words, facts) for one in choose(weigh(case.question, query, evidence, vectors))]
        rows.append(
            Seen(
                language=case.lang,
                seen=seen,
                right=np.array([bool(states) for states in stating], np.bool_),
                quoted=len(shown),
                quoted_right=sum(bool(states) for states in shown),
                facts=len(frozenset().union(*shown)) / len(facts),
            )
        )
    return rows


def fit(rows: Sequence[Seen]) -> Floats:
    """(len(OBSERVED),): the weights of a conditional logit, which makes a right sentence the likeliest of a question's
    sentences."""
    from scipy.optimize import minimize

    spread = np.concatenate([one.seen for one in rows]).std(0) + 1e-6
    scaled = [(one.seen / spread).astype(np.float64) for one in rows]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, slope = PENALTY * float(weights @ weights), 2 * PENALTY * weights
        for one, x in zip(rows, scaled, strict=True):
            score = x @ weights
            likely = np.exp(score - score.max())
            likely /= likely.sum()
            right = float(likely[one.right].sum()) + 1e-12
            total -= np.log(right) / len(rows)
            slope = slope - ((likely * one.right / right) - likely) @ x / len(rows)
        return total, slope

    best = minimize(loss, np.zeros(len(spread)), jac=True, method="L-BFGS-B")
    weights: Floats = (best.x / spread).astype(np.float32)
    return weights


def out_of_sample(rows: Sequence[Seen]) -> list[Floats]:
    """Each question's scores by weights that were fitted on the others."""
    fold = np.random.default_rng(0).permutation(len(rows)) % FOLDS
    scores: list[Floats] = [np.zeros(0, np.float32)] * len(rows)
    for left_out in range(FOLDS):
        weights = fit([one for n, one in enumerate(rows) if fold[n] != left_out and one.right.any()])
        for n in np.flatnonzero(fold == left_out).tolist():
            scores[n] = rows[n].seen @ weights
    return scores


def found(rows: Sequence[Seen], scores: Sequence[Floats]) -> dict[str, Any]:
    """Share of questions with a right sentence among the first 1 and 3, by language, and among all looked at."""
    shares: dict[str, Any] = {}
    for language in sorted({one.language for one in rows}):
        own = [
            one.right[np.argsort(-score, kind="stable")]
            for one, score in zip(rows, scores, strict=True)
            if one.language == language
        ]
        first = {f"first {most}": round(float(np.mean([right[:most].any() for right in own])), 3) for most in (1, 3)}
        shares[language] = {
            "questions": len(own),
            **first,
            "all": round(float(np.mean([right.any() for right in own])), 3),
        }
    return shares


def quoted(rows: Sequence[Seen]) -> dict[str, float]:
    """What the answers quote: the share of the facts, of their sentences those that state one, and their number."""
    return {
        "facts quoted": round(float(np.mean([one.facts for one in rows])), 3),
        "right of those quoted": round(sum(one.quoted_right for one in rows) / sum(one.quoted for one in rows), 3),
        "sentences": round(float(np.mean([one.quoted for one in rows])), 2),
    }


def _states(sentence: str, facts: Sequence[str]) -> frozenset[int]:
    """The numbers of the facts that a sentence states, or is a part of."""
    words = _letters(sentence)
    return frozenset(n for n, fact in enumerate(facts) if fact in words or (len(words) > LEAST and words in fact))


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


if __name__ == "__main__":
    main()
