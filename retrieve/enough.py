"""Decide whether the evidence answers a question at all, from two things that can be seen and said.

``behind``  how far the best sentence that offers the kind of thing asked for (a sum, a year, a name …) scores behind
            the best sentence of all. 0 where the best one offers it.
``open``    the question's words that the best sentence does not have, pooled from the question's own token states, and
            how near that is to the sentence: does it at least speak of what it does not name? Where there are no
            vectors for the question's language the score of the best offering sentence stands in its place.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieve.wanted import Kind
from retrieve.weigh import Question, Quote

# Logistic regression, fitted by `python -m evals.abstention`; see docs/decisions/0011.
VECTORS = (1.03, 1.88, -4.54)  # intercept, behind, open
WORDS = (1.15, 0.0, -0.26)  # intercept, behind (tells nothing there), score of the best offering sentence
REFUSE_VECTORS = 0.58  # refuses a tenth of the answerable training questions, out of sample
REFUSE_WORDS = 0.616
FURTHEST = 3.0  # a sentence further behind is no worse, and none at all no better
ALL_SAID = 0.45  # nearness of what is open if nothing is: that of an answer's open words, on average


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether there is enough to answer with, how doubtful that is (0 to 1), and the kind of thing not seen."""

    enough: bool
    doubt: float
    missing: Kind = ""


def judge(question: Question, quotes: Sequence[Quote]) -> Verdict:
    """Judge by the weighed sentences, best first. No sentence at all is not enough."""
    if not quotes:
        return Verdict(enough=False, doubt=1.0, missing=question.wants.kind)
    seen = observe(question, quotes)
    weights, refuse = (WORDS, REFUSE_WORDS) if question.vectors is None else (VECTORS, REFUSE_VECTORS)
    doubt = 1 / (1 + math.exp(-weights[0] - sum(w * x for w, x in zip(weights[1:], seen, strict=True))))
    return Verdict(enough=doubt < refuse, doubt=doubt, missing="" if quotes[0].offers else question.wants.kind)


def observe(question: Question, quotes: Sequence[Quote]) -> tuple[float, float]:
    """What the verdict rests on: ``behind``, then ``open`` or the score. ``quotes`` are best first and not empty."""
    best = quotes[0].score
    offering = next((quote.score for quote in quotes if quote.offers), best - FURTHEST)
    behind = min(FURTHEST, best - offering)
    return behind, offering if question.vectors is None else _open(question, quotes[0])


def _open(question: Question, quote: Quote) -> float:
    """How near the sentence is to what it does not say in words of the question."""
    query = question.vectors
    if query is None or quote.vector is None or not len(query.tokens):
        return ALL_SAID
    pooled = np.zeros(len(query.vector), np.float32)
    for word in question.words:
        if word.terms & quote.terms:
            continue
        inside = [nth for nth, at in enumerate(query.offsets) if word.span.start <= at.start < at.end <= word.span.end]
        if inside:
            state = query.tokens[inside].mean(0)
            weight = max(question.rarity[term] for term in word.terms)
            pooled += weight * state / max(float(np.linalg.norm(state)), 1e-9)
    length = float(np.linalg.norm(pooled))
    return float(pooled @ quote.vector) / length if length else ALL_SAID
