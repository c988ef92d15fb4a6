"""Weigh each sentence of the evidence by how well it answers the question."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from clew.ports import Floats, Int8s, QueryVectors
from clew.records import Evidence, Span
from ingest.blocks import plain
from retrieve.content import Word, content_words, terms
from retrieve.wanted import Wanted, wanted_by

FROM = 8  # pieces of evidence whose sentences are looked at

# What each observation of a sentence is worth: a conditional logit on the questions of evals/abstention.py, rounded.
OWN = 4.8  # share of the question's words, by rarity, that the sentence has
OVER = 3.3  # share that only the title, the headings or the column names above it have
AROUND = 4.1  # share that its whole chunk has
NEAR = 4.3  # cosine of sentence and question
LIFT = 3.8  # how much nearer the sentence is than its chunk's sentences on average
RANK = 2.0  # divided by the rank of the piece of evidence
OFFER = 1.0  # has the kind of thing that was asked for; as much off if it has not
SHORT = 1.6  # taken off where fewer than FEW terms say nothing on their own
FEW = 3
LED = 1.0  # the graph path came here by this very sentence
FRESH = 2.0  # for the newest document among the evidence, falling to nothing for the oldest, if freshness was asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A sentence of the evidence and how well it answers. ``words`` is its text without markup."""

    evidence: Evidence
    span: Span
    words: str
    terms: frozenset[str]
    score: float
    offers: bool
    vector: Floats | None = None

    @property
    def key(self) -> tuple[str, Span]:
        return self.evidence.chunk.id, self.span


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question taken apart: its content words with their rarity among the evidence, the kind of answer it wants."""

    text: str
    words: tuple[Word, ...]
    rarity: Mapping[str, float]
    wants: Wanted
    vectors: QueryVectors | None

    def share(self, held: frozenset[str]) -> float:
        """How much of the question a set of terms covers, from 0 to 1."""
        return sum(self.rarity[term] for term in self.rarity.keys() & held) / (sum(self.rarity.values()) or 1.0)


def sentences(
    question: str,
    query: QueryVectors | None,
    evidence: Sequence[Evidence],
    vectors: Mapping[str, Int8s],
    *,
    fresh: bool = False,
) -> tuple[Question, list[Quote]]:
    """Every sentence of the first pieces of evidence, best first. ``vectors`` are their chunks' sentence vectors."""
    pieces = evidence[:FROM]
    said = [[plain(piece.chunk.quote(span)) for span in piece.chunk.sentences] for piece in pieces]
    over = [terms(". ".join((piece.chunk.document.title, *piece.chunk.headings))) for piece in evidence]
    whole = [above | terms(piece.chunk.text) for piece, above in zip(evidence, over, strict=True)]
    words = tuple(content_words(question))
    wanted = frozenset().union(*(word.terms for word in words))
    of = Question(text=question, words=words, rarity=_rarity(wanted, whole), wants=wanted_by(question), vectors=query)
    newness = _newness([piece.chunk.document.date for piece in pieces]) if fresh else [0.0] * len(pieces)
    found = []
    for rank, piece in enumerate(pieces):
        rows = vectors.get(piece.chunk.id) if query is not None else None
        near = rows.astype(np.float32) @ query.vector / 127 if rows is not None and query is not None else None
        bonus = AROUND * of.share(whole[rank]) + RANK / (1 + rank) + FRESH * newness[rank]
        middle = float(near.mean()) if near is not None and len(near) else 0.0
        led = {fact.span for fact in piece.facts if fact.chunk_id == piece.chunk.id}
        for nth, span in enumerate(piece.chunk.sentences):
            inside = terms(said[rank][nth])
            offers = of.wants.offered(said[rank][nth])
            own = of.share(inside)
            score = bonus + OWN * own + OVER * (of.share(inside | over[rank]) - own)
            if near is not None:
                score += NEAR * float(near[nth]) + LIFT * (float(near[nth]) - middle)
            if of.wants.kind:
                score += OFFER if offers else -OFFER
            if len(inside) < FEW:
                score -= SHORT
            if span in led:
                score += LED
            found.append(
                Quote(
                    evidence=piece,
                    span=span,
                    words=said[rank][nth],
                    terms=inside,
                    score=score,
                    offers=offers,
                    vector=rows[nth].astype(np.float32) / 127 if rows is not None else None,
                )
            )
    return of, sorted(found, key=lambda quote: -quote.score)


def _rarity(wanted: frozenset[str], held: Sequence[frozenset[str]]) -> dict[str, float]:
    """Each term by its rarity among all the pieces found, as BM25 has it."""
    counts = Counter(term for inside in held for term in wanted & inside)
    n = len(held)
    return {term: math.log(1 + (n - counts[term] + 0.5) / (counts[term] + 0.5)) for term in sorted(wanted)}


def _newness(dates: Sequence[date | None]) -> list[float]:
    """1 for the newest date, 0 for the oldest or none, by the order of the days."""
    days = sorted({day for day in dates if day is not None})
    if len(days) < 2:
        return [0.0] * len(dates)
    return [days.index(day) / (len(days) - 1) if day is not None else 0.0 for day in dates]
