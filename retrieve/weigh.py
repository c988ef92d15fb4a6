"""Weigh each sentence of the evidence by how well it answers the question."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from clew.ports import Floats, Int8s, QueryVectors
from clew.records import Evidence, Span
from ingest.blocks import plain
from retrieve.content import Word, content_words, terms
from retrieve.states import states_of
from retrieve.tables import cells, columns
from retrieve.wanted import LABELLED, MEASURED, PRICE, Wanted, wanted_by

FROM = 12  # pieces of evidence whose sentences are looked at

OBSERVED = {
    "own": 6.8,  # share of the question's words, by rarity, that the sentence has
    "over": 5.4,  # share that only the title, the headings or the column names above it have
    "around": 3.9,  # share that its whole chunk has
    "near": 4.6,  # its cosine to the question
    "open": 8.3,  # its cosine to the words of the question that it does not have
    "rank": 1.1,  # 1 / the rank of its piece of evidence
    "offer": 0.9,  # 1 if it has the kind of thing that was asked for, -1 if not, 0 if none is asked for
    "short": -0.7,  # 1 where fewer than FEW terms say nothing on their own
}
"""What is seen of each sentence, and what it is worth: a conditional logit, fitted by `python -m evals.quoting` and
rounded; see docs/decisions/0011."""

FEW = 3
ALL_SAID = 0.45  # "open" if no word is: that of an answer's open words, on average
LED = 1.0  # the graph path came here by this very sentence
FRESH = 2.0  # for the newest document among the evidence, falling to nothing for the oldest, if freshness was asked for

WEIGHTS = np.array(list(OBSERVED.values()), np.float32)
OPEN = list(OBSERVED).index("open")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A sentence of the evidence and how well it answers. ``words`` is its text without markup, ``open`` how near it
    is to the words of the question that it does not have (0 without vectors)."""

    evidence: Evidence
    span: Span
    words: str
    terms: frozenset[str]
    offers: bool
    score: float = 0.0
    open: float = 0.0

    @property
    def key(self) -> tuple[str, Span]:
        return self.evidence.chunk.id, self.span

    @property
    def row(self) -> bool:
        """Whether it is a row of a table."""
        return self.evidence.chunk.quote(self.span).lstrip().startswith("|")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question taken apart: its content words with their rarity among the evidence, the kind of answer it wants.

    ``states`` (words, size) is what each word means here, as long as the word is rare; None where the embedder lacks
    the language.
    """

    text: str
    words: tuple[Word, ...]
    rarity: Mapping[str, float]
    wants: Wanted
    states: Floats | None

    def share(self, held: frozenset[str]) -> float:
        """How much of the question a set of terms covers, from 0 to 1."""
        return sum(self.rarity[term] for term in self.rarity.keys() & held) / (sum(self.rarity.values()) or 1.0)

    def open(self, held: Sequence[frozenset[str]], rows: Floats) -> Floats:
        """(sentences,): how near each sentence vector (sentences, size) is to the words that its terms do not have."""
        if self.states is None:
            return np.zeros(len(rows), np.float32)
        lacks = np.array([[word.terms.isdisjoint(inside) for word in self.words] for inside in held], np.float32)
        pooled = lacks @ self.states
        length = np.linalg.norm(pooled, axis=1)
        near: Floats = np.where(length > 0, (pooled * rows).sum(1) / np.maximum(length, 1e-9), np.float32(ALL_SAID))
        return near


def sentences(
    question: str,
    query: QueryVectors | None,
    evidence: Sequence[Evidence],
    vectors: Mapping[str, Int8s],
    *,
    fresh: bool = False,
) -> tuple[Question, list[Quote]]:
    """Every sentence of the first pieces of evidence, best first. ``vectors`` are their chunks' sentence vectors."""
    of, found, seen = observed(question, query, evidence, vectors)
    pieces = evidence[:FROM]
    newness = _newness([piece.chunk.document.date for piece in pieces]) if fresh else [0.0] * len(pieces)
    new = dict(zip((piece.chunk.id for piece in pieces), newness, strict=True))
    quotes = []
    for one, score, opened in zip(found, (seen @ WEIGHTS).tolist(), seen[:, OPEN].tolist(), strict=True):
        chunk = one.evidence.chunk.id
        led = any(fact.chunk_id == chunk and fact.span == one.span for fact in one.evidence.facts)
        quotes.append(replace(one, score=score + FRESH * new[chunk] + LED * led, open=opened))
    return of, sorted(quotes, key=lambda quote: -quote.score)


def observed(
    question: str, query: QueryVectors | None, evidence: Sequence[Evidence], vectors: Mapping[str, Int8s]
) -> tuple[Question, list[Quote], Floats]:
    """The question taken apart, the sentences of the first pieces of evidence in their order and not scored yet, and
    what is seen of them: (sentences, len(OBSERVED))."""
    over = [terms(". ".join((piece.chunk.document.title, *piece.chunk.headings))) for piece in evidence]
    whole = [above | terms(piece.chunk.text) for piece, above in zip(evidence, over, strict=True)]
    words = tuple(content_words(question))
    wanted = frozenset().union(*(word.terms for word in words))
    rarity = _rarity(wanted, whole)
    of = Question(
        text=question, words=words, rarity=rarity, wants=wanted_by(question), states=_states(words, rarity, query)
    )
    found: list[Quote] = []
    seen = [np.zeros((0, len(OBSERVED)), np.float32)]
    for rank, piece in enumerate(evidence[:FROM]):
        own = [_read(of, piece, span) for span in piece.chunk.sentences]
        if own:
            rows = vectors.get(piece.chunk.id) if query is not None else None
            fits = rows is not None and len(rows) == len(own)  # an answer kept may have been cut into others
            floats = None if rows is None or not fits else rows.astype(np.float32) / np.float32(127)
            seen.append(_seen(of, own, rank, over[rank], whole[rank], query, floats))
        found += own
    return of, found, np.concatenate(seen)


def _read(of: Question, piece: Evidence, span: Span) -> Quote:
    """A sentence as it stands."""
    words = plain(piece.chunk.quote(span))
    offers = of.wants.offered(words) or _labelled(of, piece, span, words)
    return Quote(evidence=piece, span=span, words=words, terms=terms(words), offers=offers)


def _labelled(of: Question, piece: Evidence, span: Span, words: str) -> bool:
    """Whether a number without a unit stands where the question's own words say what it is: behind them, or in a row
    of a table with such a column."""
    if of.wants.kind not in MEASURED:
        return False
    asked = frozenset().union(*(word.terms for word in of.words))
    if any(asked & terms(label.replace("_", " ")) for label in LABELLED.findall(words)):
        return True
    row = piece.chunk.quote(span)
    inside = cells(row) if "|" in row else []
    pairs = zip(columns(piece.chunk, span, len(inside)) if inside else (), inside, strict=False)
    prices = PRICE if of.wants.kind == "money" else None
    return any(
        any(map(str.isdigit, cell)) and (not asked.isdisjoint(terms(name)) or bool(prices and prices.search(name)))
        for name, cell in pairs
    )


def _seen(
    of: Question,
    own: Sequence[Quote],
    rank: int,
    over: frozenset[str],
    whole: frozenset[str],
    query: QueryVectors | None,
    rows: Floats | None,
) -> Floats:
    """What is seen of the sentences of one piece, with the terms above them and of all of it: (sentences,
    len(OBSERVED))."""
    held = [one.terms for one in own]
    count = len(own)
    shares = np.array([of.share(inside) for inside in held], np.float32)
    column: dict[str, Floats] = {
        "own": shares,
        "over": np.array([of.share(inside | over) for inside in held], np.float32) - shares,
        "around": np.full(count, of.share(whole), np.float32),
        "near": np.zeros(count, np.float32) if rows is None or query is None else rows @ query.vector,
        "open": np.zeros(count, np.float32) if rows is None else of.open(held, rows),
        "rank": np.full(count, 1 / (1 + rank), np.float32),
        "offer": np.array([(1 if one.offers else -1) if of.wants.kind else 0 for one in own], np.float32),
        "short": np.array([len(inside) < FEW for inside in held], np.float32),
    }
    found: Floats = np.stack([column[name] for name in OBSERVED], axis=1)
    return found


def _states(words: Sequence[Word], rarity: Mapping[str, float], query: QueryVectors | None) -> Floats | None:
    """(words, size): each word's mean token state, as long as the rarest of its terms is rare."""
    if query is None:
        return None
    rare = np.array([max(rarity[term] for term in word.terms) for word in words], np.float32)
    return states_of(query, [word.span for word in words]) * rare[:, None]


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
