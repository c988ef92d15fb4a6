"""The entities that a question names: its longest stretches that are known names, else what comes nearest."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from clew.language import HAN
from clew.ports import Floats
from clew.records import Span
from graph.forms import form_of
from retrieve.rarity import Rarity
from retrieve.terms import terms
from retrieve.walkindex import WalkIndex

TOKEN = re.compile(r"[㐀-䶿一-鿿豈-﫿]+|[^\W_㐀-䶿一-鿿豈-﫿]+(?:[.'’][^\W_㐀-䶿一-鿿豈-﫿]+)*")
LONGEST_HAN = 12  # characters
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
    for name, span in _known(question, index):
        weight = rarity.name(name) ** 2
        for entity in index.by_name[name]:
            if weight > 0:
                seeds.setdefault(entity, Seed(entity, weight, span))
    if not seeds and vector is not None and near is not None:
        for nth, id_ in enumerate(near(vector)[:NEAREST]):
            if id_ in index.by_id:
                seeds.setdefault(index.by_id[id_], Seed(index.by_id[id_], 0.5**nth / 2))
    return tuple(seeds.values())


def _known(question: str, index: WalkIndex) -> Iterator[tuple[str, Span]]:
    """The longest known names of the question, none inside another, in the form in which they are known."""
    tokens = [Span(*found.span()) for found in TOKEN.finditer(question)]
    words = [question[token.slice] for token in tokens]
    forms = ["" if HAN.match(word) else form_of(word) for word in words]
    capitals = [word[0].isupper() or word[0].isdigit() for word in words]
    lower = not any(word[0].isupper() for word in words)
    taken = [False] * len(tokens)
    for length in range(min(index.longest, len(tokens)), 0, -1):
        for first in range(len(tokens) - length + 1):
            stop = first + length
            # The first word of a question has a capital whatever it is.
            if not lower and not any(capitals[max(first, 1) : stop]):
                continue
            name = " ".join(forms[first:stop])
            if name not in index.by_name or any(taken[first:stop]) or not all(forms[first:stop]):
                continue
            span = Span(tokens[first].start, tokens[stop - 1].end)
            if terms(question[span.slice]):
                taken[first:stop] = [True] * length
                yield name, span
    for token, form in zip(tokens, forms, strict=True):
        if not form:
            yield from _known_han(question, token, index)


def _known_han(question: str, run: Span, index: WalkIndex) -> Iterator[tuple[str, Span]]:
    """The longest known names in a run of Chinese, from left to right."""
    at = run.start
    while at < run.end:
        for length in range(min(LONGEST_HAN, run.end - at), 1, -1):
            name = form_of(question[at : at + length])
            if name in index.by_name:
                yield name, Span(at, at + length)
                at += length
                break
        else:
            at += 1
