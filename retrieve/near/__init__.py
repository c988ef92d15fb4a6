"""Words near in meaning: a question about a girl also looks at what is said of a daughter, in part.

Who describes instead of naming seldom hits on the document's own words. So BM25 over groups counts a word that is near
one of the question's as far as it is near (Ganguly et al. 2015, "Word embedding based generalized language model"). The
table of near words is made once, by the embedder's own judgement of its whole vocabulary (``retrieve.near.make``), so
that a question costs neither a model nor a search for them. docs/decisions/0006-the-walk.md
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieve.crossing.words import chinese_of, english_of
from retrieve.groups import LENGTH, OFTEN, Bag, Group

TABLE = Path(__file__).with_name("words.npz")
WHOLE = 255  # a likeness of 1, as the table writes it
CARRIED = 0.5  # of its likeness counts a Chinese word: the glossary stands between it and the table


def bm25_nearly(groups: Sequence[Group], bags: Sequence[Bag], language: str) -> list[float]:
    """How well each of the texts, all in one language, fits: BM25 over groups, near words counted in part.

    A text that has no word of a group, but near ones, gets at most the worth of one that has it, times the likeness of
    the nearest. A group weighs by how few texts have it, near words among them.
    """
    length = sum(bag.total() for bag in bags) / max(len(bags), 1) or 1.0
    scores = [0.0] * len(bags)
    for group in groups:
        near = _near(group, language)
        having = [_had(group, near, bag) for bag in bags]
        total = sum(most for _, most in having)
        if not total:
            continue
        weight = math.log(1 + (len(bags) - total + 0.5) / (total + 0.5)) * (OFTEN + 1)
        for n, (count, most) in enumerate(having):
            if count:
                slow = OFTEN * (1 - LENGTH + LENGTH * bags[n].total() / length)
                scores[n] += weight * min(count / (count + slow), most)
    return scores


def _had(group: Group, near: Mapping[str, float], bag: Bag) -> tuple[float, float]:
    """How often a text has a group, near words counted in part, and the likeness of the nearest that it has."""
    count: float = group.count(bag)
    most = 1.0 if count else 0.0
    for term in sorted(near.keys() & bag.keys()):
        count += near[term] * bag[term]
        most = max(most, near[term])
    return count, most


@lru_cache(maxsize=10_000)
def _near(group: Group, language: str) -> Mapping[str, float]:
    """The terms near a group in texts of a language, with their likeness, the group's own left out."""
    own = frozenset(term for way in group.ways for term in way)
    single = frozenset(way[0] for way in group.ways if len(way) == 1)
    found: dict[str, float] = {}
    for term in single if language == "en" else english_of(group.word):
        for other, likeness in {term: 1.0, **near_words(term)}.items():
            if language == "en":
                found[other] = max(likeness, found.get(other, 0.0))
            for carried in chinese_of(other) if language != "en" else ():
                found[carried] = max(CARRIED * likeness, found.get(carried, 0.0))
    return {term: likeness for term, likeness in found.items() if term not in own}


def near_words(term: str) -> Mapping[str, float]:
    """The English terms near one, with their likeness from 0 to 1; none for a term that the table does not have."""
    known = table()
    if term not in known.at:
        return {}
    row = known.at[term]
    pairs = zip(known.near[row].tolist(), known.likeness[row].tolist(), strict=True)
    return {known.terms[other]: likeness / WHOLE for other, likeness in pairs if likeness}


@dataclass(frozen=True, slots=True)
class Table:
    """The English terms whose near words are known; ``at`` is where each stands. (terms, near): ``near`` which are near
    it and ``likeness`` how much, in parts of ``WHOLE``, nearest first, 0 where there are no more."""

    terms: tuple[str, ...]
    at: Mapping[str, int]
    near: NDArray[np.uint16]
    likeness: NDArray[np.uint8]


@cache
def table() -> Table:
    """The table that comes with the code."""
    with np.load(TABLE, allow_pickle=False) as kept:
        terms = tuple(str(kept["terms"]).split())
        return Table(terms, {term: n for n, term in enumerate(terms)}, kept["near"], kept["likeness"])
