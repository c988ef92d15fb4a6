"""The answer without an LLM: the sentences that answer, word for word, each with its source."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from clew.language import language_of
from clew.ports import Int8s, QueryVectors
from clew.records import Citation, Evidence, Sentence, Span
from ingest.blocks import plain
from retrieve.terms import terms

FROM = 8  # pieces of evidence whose sentences are looked at
MOST = 3  # sentences of one answer
FADE = 0.62  # a further sentence needs this share of the best one's score
COVERED = 0.35  # what a word is still worth once another sentence has it
RANK = 0.3  # what standing in the first piece of evidence is worth
SHORT = 3  # sentences with fewer terms say nothing on their own

THIN_WORDS = 0.5
THIN_NEARNESS = 0.45
"""Evidence is thin if the best pieces cover less of the question than the one and no sentence is nearer than the
other. Chosen on the samples' dev split; see docs/decisions/0011-extractive-answers-and-abstention.md."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A sentence of the evidence, how well it answers, and how near it is in meaning (0 if unknown)."""

    evidence: Evidence
    span: Span
    score: float
    nearness: float
    covers: frozenset[int]

    @property
    def words(self) -> str:
        return plain(self.evidence.chunk.quote(self.span))

    @property
    def key(self) -> tuple[str, Span]:
        return self.evidence.chunk.id, self.span


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """The sentences of the evidence, best first, and whether there is enough to answer with."""

    quotes: tuple[Quote, ...]
    coverage: float
    nearness: float

    @property
    def thin(self) -> bool:
        return self.coverage < THIN_WORDS and self.nearness < THIN_NEARNESS


def weigh(
    question: str, query: QueryVectors | None, evidence: Sequence[Evidence], vectors: Mapping[str, Int8s]
) -> Weighed:
    """Score every sentence of the first pieces of evidence. ``vectors`` are their chunks' sentence vectors."""
    asked = _weights(terms(question), evidence)
    total = sum(asked.values()) or 1.0
    quotes = []
    for rank, piece in enumerate(evidence[:FROM]):
        rows = vectors.get(piece.chunk.id)
        near = rows.astype(np.float32) @ query.vector / 127 if query is not None and rows is not None else None
        over = terms(". ".join((piece.chunk.document.title, *piece.chunk.headings)))
        for nth, span in enumerate(piece.chunk.sentences):
            inside = terms(plain(piece.chunk.quote(span)))
            if len(inside) < SHORT:
                continue
            covers = asked.keys() & (inside | over)
            own = sum(asked[term] for term in asked.keys() & inside)
            said = 0.75 * own + 0.25 * sum(asked[term] for term in covers)
            nearness = float(near[nth]) if near is not None else 0.0
            quotes.append(
                Quote(
                    evidence=piece,
                    span=span,
                    score=nearness + said / total + RANK / (1 + rank),
                    nearness=nearness,
                    covers=frozenset(covers),
                )
            )
    quotes.sort(key=lambda quote: -quote.score)
    together = frozenset().union(*(_whole(piece) for piece in evidence[:3])) if evidence else frozenset()
    return Weighed(
        quotes=tuple(quotes),
        coverage=sum(weight for term, weight in asked.items() if term in together) / total,
        nearness=max((quote.nearness for quote in quotes), default=0.0),
    )


def choose(weighed: Weighed, used: frozenset[tuple[str, Span]] = frozenset(), most: int = MOST) -> list[Quote]:
    """The next sentences to show: good ones that add something, none of ``used``, best first."""
    left = [quote for quote in weighed.quotes if quote.key not in used]
    chosen: list[Quote] = []
    seen: set[str] = set()
    covered: Counter[int] = Counter()
    while left and len(chosen) < most:
        best = max(left, key=lambda quote: _worth(quote, covered))
        left.remove(best)
        if best.words in seen:
            continue
        if chosen and _worth(best, covered) < FADE * chosen[0].score:
            break
        chosen.append(best)
        seen.add(best.words)
        covered.update(best.covers)
    return chosen


def compose(quotes: Sequence[Quote], first_marker: int = 1) -> tuple[str, list[Sentence], list[Citation]]:
    """Sentences in a row, each with a marker of its own, numbers from ``first_marker`` on."""
    text = ""
    sentences, citations = [], []
    for marker, quote in enumerate(quotes, first_marker):
        start = len(text)
        text += f"{quote.words} [{marker}]"
        sentences.append(Sentence(span=Span(start, len(text)), markers=(marker,), supported=True))
        text += "\n\n"
        citations.append(
            Citation(marker=marker, chunk=quote.evidence.chunk, span=quote.span, support=1.0, supported=True)
        )
    return text.rstrip(), sentences, citations


def nothing_found(question: str, *, closest: bool) -> str:
    """What is said when the folder does not tell."""
    if language_of(question) == "zh":
        return "文件夹里没有找到能回答这个问题的内容。" + ("最接近的是：" if closest else "")
    return "I found nothing in this folder that answers this." + (" The closest I found:" if closest else "")


def _weights(asked: frozenset[int], evidence: Sequence[Evidence]) -> dict[int, float]:
    """Each term of the question by its rarity among the pieces found."""
    held = [_whole(piece) for piece in evidence]
    n = len(held)
    counts = Counter(term for inside in held for term in asked & inside)
    return {term: math.log(1 + (n - counts[term] + 0.5) / (counts[term] + 0.5)) for term in asked}


def _whole(piece: Evidence) -> frozenset[int]:
    return terms(". ".join((piece.chunk.document.title, *piece.chunk.headings)) + "\n" + plain(piece.chunk.text))


def _worth(quote: Quote, covered: Counter[int]) -> float:
    """The score, less what words already covered brought into it."""
    if not covered or not quote.covers:
        return quote.score
    repeated = sum(1 for term in quote.covers if covered[term]) / len(quote.covers)
    return quote.score * (1 - (1 - COVERED) * repeated * 0.5)


def nothing_more(question: str) -> str:
    """What is said when every sentence found has been shown."""
    return "没有更多内容了。" if language_of(question) == "zh" else "There is nothing more on this in what was found."
