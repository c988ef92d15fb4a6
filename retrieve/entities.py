"""The entities that a question names: its longest stretches that are known names, else what comes nearest."""

import re
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from clew.language import HAN
from clew.ports import Floats
from clew.records import Span
from graph.forms import form_of
from retrieve.rarity import Rarity
from retrieve.terms import terms
from retrieve.walkindex import WalkIndex

TOKEN = re.compile(r"[㐀-䶿一-鿿豈-﫿]+|[^\W_㐀-䶿一-鿿豈-﫿]+(?:[.'’][^\W_㐀-䶿一-鿿豈-﫿]+)*")
LONGEST_HAN = 12  # characters
LONGEST = 10  # words
NEAREST = 3

Near = Callable[[Floats], Sequence[str]]
"""From a vector to the ids of the entities whose vectors lie nearest, best first."""


@dataclass(frozen=True, slots=True)
class Seed:
    """A name of the question (its node in the index), how surely and tellingly it is named (0 to 1), and
    where (None if it was only near)."""

    entity: int
    weight: float
    span: Span | None = None


def entities_of(
    question: str, index: WalkIndex, rarity: Rarity, *, vector: Floats | None = None, near: Near | None = None
) -> tuple[Seed, ...]:
    """Where the walk starts.

    English names count where the question writes them with a capital, unless it has no capitals at all: "director"
    is the name of a film too. What a name weighs falls with the square of how common its words are.
    """
    seeds: dict[int, Seed] = {}
    for name, span in known_names(question, index):
        weight = rarity.name(name) ** 2
        for entity in index.by_name[name]:
            if weight > 0:
                seeds.setdefault(entity, Seed(entity, weight, span))
    if not seeds and vector is not None and near is not None:
        for nth, id_ in enumerate(near(vector)[:NEAREST]):
            if id_ in index.by_id:
                seeds.setdefault(index.by_id[id_], Seed(index.by_id[id_], 0.5**nth / 2))
    return tuple(seeds.values())


class Names(Protocol):
    """The names that are known: the keys, in the form names are compared in, and how many words the longest has."""

    @property
    def by_name(self) -> Container[str]: ...
    @property
    def longest(self) -> int: ...


def candidates(question: str) -> list[str]:
    """Every form that a question could name someone by, for a store to say which ones it knows."""
    read = _Question(question)
    found = dict.fromkeys(form for form, _, _ in read.stretches(LONGEST))
    for run in read.han():
        for at in range(run.start, run.end - 1):
            stops = range(at + 2, min(at + LONGEST_HAN, run.end) + 1)
            found.update(dict.fromkeys(form_of(question[at:stop]) for stop in stops))
    return list(found)


def known_names(question: str, names: Names) -> Iterator[tuple[str, Span]]:
    """The longest known names of the question, none inside another, in the form in which they are known."""
    read = _Question(question)
    taken = [False] * len(read.tokens)
    for form, first, stop in read.stretches(min(names.longest, LONGEST)):
        if form not in names.by_name or any(taken[first:stop]):
            continue
        span = Span(read.tokens[first].start, read.tokens[stop - 1].end)
        if terms(question[span.slice]):
            taken[first:stop] = [True] * (stop - first)
            yield form, span
    for run in read.han():
        yield from _known_han(question, run, names)


class _Question:
    """The words of a question as names are looked for in it; a run of Chinese is one token without a form."""

    def __init__(self, question: str) -> None:
        self.tokens = [Span(*found.span()) for found in TOKEN.finditer(question)]
        words = [question[token.slice] for token in self.tokens]
        self._forms = ["" if HAN.match(word) else form_of(word) for word in words]
        self._capitals = [word[0].isupper() or word[0].isdigit() for word in words]
        self._lower = not any(word[0].isupper() for word in words)

    def stretches(self, longest: int) -> Iterator[tuple[str, int, int]]:
        """What may be a name, long ones first: (form, first token, token behind the last)."""
        for length in range(min(longest, len(self.tokens)), 0, -1):
            for first in range(len(self.tokens) - length + 1):
                stop = first + length
                # The first word of a question has a capital whatever it is.
                capital = self._lower or any(self._capitals[max(first, 1) : stop])
                if capital and all(self._forms[first:stop]):
                    yield " ".join(self._forms[first:stop]), first, stop

    def han(self) -> list[Span]:
        return [token for token, form in zip(self.tokens, self._forms, strict=True) if not form]


def _known_han(question: str, run: Span, names: Names) -> Iterator[tuple[str, Span]]:
    """The longest known names in a run of Chinese, from left to right."""
    at = run.start
    while at < run.end:
        for length in range(min(LONGEST_HAN, run.end - at), 1, -1):
            name = form_of(question[at : at + length])
            if name in names.by_name:
                yield name, Span(at, at + length)
                at += length
                break
        else:
            at += 1
