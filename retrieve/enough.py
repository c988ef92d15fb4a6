"""Decide whether the evidence answers a question at all, from two things that can be seen and said.

``behind``  how far the best sentence that offers the kind of thing asked for (a sum, a year, a name …) scores behind
            the best sentence of all. 0 where the best one offers it.
``open``    the question's words that the best sentence does not have, pooled from the question's own token states, and
            how near that is to the sentence: does it at least speak of what it does not name? 0 where there are no
            vectors for the question's language. A table's row is taken to: its cells mean little as a sentence; and
            what stands under the very year that is asked for.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from retrieve.content import over_it
from retrieve.topic import YEAR
from retrieve.wanted import Kind
from retrieve.weigh import ALL_SAID, Question, Quote

# Logistic regression, fitted by `python -m evals.abstention`; see docs/decisions/0011.
VECTORS = (0.4, 0.68, -1.67)  # intercept, behind, open
WORDS = (-0.11, 0.61, 0.0)
REFUSE_VECTORS = 0.539  # refuses a tenth of the answerable practice questions, out of sample
REFUSE_WORDS = 0.5
FURTHEST = 3.0  # a sentence further behind is no worse, and none at all no better


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
    weights, refuse = (WORDS, REFUSE_WORDS) if question.states is None else (VECTORS, REFUSE_VECTORS)
    doubt = 1 / (1 + math.exp(-weights[0] - sum(w * x for w, x in zip(weights[1:], seen, strict=True))))
    return Verdict(enough=doubt < refuse, doubt=doubt, missing="" if quotes[0].offers else question.wants.kind)


def observe(question: Question, quotes: Sequence[Quote]) -> tuple[float, float]:
    """What the verdict rests on: ``behind`` and ``open``. ``quotes`` are best first and not empty."""
    best = quotes[0].score
    offering = next((quote.score for quote in quotes if quote.offers), best - FURTHEST)
    behind = min(FURTHEST, best - offering)
    years = set(filter(YEAR.fullmatch, question.rarity))
    taken = quotes[0].row or not years.isdisjoint(over_it(quotes[0].evidence.chunk))
    return behind, ALL_SAID if taken else quotes[0].open
