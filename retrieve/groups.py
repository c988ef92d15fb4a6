"""Words with the other ways in which they can be said, counted as one word each: BM25 over groups.

Pirkola 1998: for a question carried into another language by a dictionary, the translations of one word are treated as
one term, so that a word with many of them does not outweigh the others.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clew.records import Chunk
from retrieve.content import PLAIN_WORD, RUN, said_in, terms, uncovered
from retrieve.kept import Standing, standing

OFTEN = 1.2  # BM25's k1
LENGTH = 0.75  # BM25's b
KEPT = 5_000  # passages whose terms are remembered

Bag = Counter[str]


@dataclass(frozen=True, slots=True)
class Group:
    """A word and its ways: terms of which all must be there."""

    word: str
    ways: tuple[tuple[str, ...], ...]

    def count(self, bag: Bag) -> int:
        """How often a text has it, in any way."""
        return sum(min(bag[term] for term in way) for way in self.ways)


def group(word: str, said: Sequence[str]) -> Group:
    """A word that can be said in several ways; those without content are left out."""
    return Group(word, tuple(dict.fromkeys(filter(None, map(_way, said)))))


def bag(text: str) -> Bag:
    """A text's terms with how often it has each."""
    counts: Bag = Counter(term for word in PLAIN_WORD.findall(text) for term in terms(word))
    for run in RUN.findall(text):
        counts.update(run)
        counts.update(map(str.__add__, run, run[1:]))
    return counts


class Bags:
    """The terms of passages, path and headings included, kept between questions."""

    def __init__(self) -> None:
        self._known: dict[Standing, Bag] = {}

    def of(self, chunk: Chunk) -> Bag:
        known, key = self._known, standing(chunk)  # another thread may start anew meanwhile
        found = known.get(key)
        if found is None:
            if len(known) >= KEPT:
                self._known = known = {}
            over = (chunk.document.path, chunk.document.title, *chunk.headings)
            found = known[key] = bag(". ".join((*over, chunk.text)))
        return found


def left_open(question: str, chunks: Iterable[Chunk], carried: Sequence[Group] = ()) -> tuple[str, ...]:
    """The words of a question that none of some passages has, neither as written nor, where they could be ``carried``
    into the other language, in any way there."""
    held = frozenset().union(*map(said_in, chunks))
    return uncovered(question, held, [one.word for one in carried if any(held.issuperset(way) for way in one.ways)])


def rarity(groups: Sequence[Group], bags: Sequence[Bag]) -> list[float]:
    """Each group's weight by how few of the texts have it; 0 where none has."""
    weights = []
    for one in groups:
        having = sum(one.count(bag) > 0 for bag in bags)
        weights.append(math.log(1 + (len(bags) - having + 0.5) / (having + 0.5)) if having else 0.0)
    return weights


def bm25(groups: Sequence[Group], weights: Sequence[float], bags: Sequence[Bag]) -> list[float]:
    """How well each of the texts fits, its length held against that of the texts on average."""
    length = sum(bag.total() for bag in bags) / max(len(bags), 1) or 1.0
    return [_bm25(groups, weights, bag, bag.total() / length) for bag in bags]


def had(groups: Sequence[Group], bag: Bag) -> int:
    """How many of the groups a text has."""
    return sum(one.count(bag) > 0 for one in groups)


def share(groups: Sequence[Group], weights: Sequence[float], bag: Bag) -> float:
    """How much of the groups a text has, from 0 to 1."""
    total = sum(weights)
    held = sum(weight for one, weight in zip(groups, weights, strict=True) if weight and one.count(bag))
    return held / total if total else 0.0


def _bm25(groups: Sequence[Group], weights: Sequence[float], bag: Bag, length: float) -> float:
    """``length`` is the text's own divided by the texts' on average."""
    score = 0.0
    for one, weight in zip(groups, weights, strict=True):
        if weight and (count := one.count(bag)):
            score += weight * count * (OFTEN + 1) / (count + OFTEN * (1 - LENGTH + LENGTH * length))
    return score


def _way(text: str) -> tuple[str, ...]:
    """The terms of one way of saying a word: stems, and pairs of Chinese characters."""
    found = [term for word in PLAIN_WORD.findall(text) for term in sorted(terms(word))]
    for run in RUN.findall(text):
        found += list(map(str.__add__, run, run[1:])) if len(run) > 1 else [run]
    return tuple(found)
