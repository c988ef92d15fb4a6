"""A graph far larger than any folder at hand, made up: to time the walk and to see the memory it takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from clew.models.minilm import SIZE
from clew.ports import Floats, Int8s, QueryVectors
from clew.records import Chunk, Entity, Span
from graph.view import View

WORDS = ["amber", "basalt", "cedar", "delta", "ember", "fjord", "grove", "harbour", "isle", "juniper", "kelp", "lagoon"]
SENTENCES = 5  # of a passage
DIFFERENT = 4_000  # passages whose sentence vectors are not those of another
NAMED = (6, 15)  # names in a passage, from and up to
POOL = 50


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its vectors, and the ranking that the walk starts from."""

    text: str
    query: QueryVectors
    first: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Synthetic:
    """``passages`` passages that name four times as many entities, some of them very often, as real ones do."""

    passages: int

    @cached_property
    def view(self) -> View:
        """Who is named where, drawn at random: how often a name is used falls with its rank."""
        random = np.random.default_rng(0)
        entities = 4 * self.passages
        often = 1 / np.arange(1, entities + 1) ** 0.8
        chunk = np.repeat(np.arange(self.passages), random.integers(*NAMED, self.passages))
        named = random.choice(entities, len(chunk), p=often / often.sum())
        rows = np.unique(np.stack([chunk, named, random.integers(-1, SENTENCES, len(chunk))]), axis=1).astype(np.int32)
        return View(
            chunks=tuple(f"{n:032x}" for n in range(self.passages)),
            entities=tuple(Entity(id=f"{n:032x}", name=_name(n), kind="name") for n in range(entities)),
            chunk=rows[0],
            entity=rows[1],
            sentence=rows[2],
        )

    def questions(self, count: int) -> list[Question]:
        """Questions that name two entities, and lie near a sentence about each."""
        random = np.random.default_rng(1)
        made = []
        for _ in range(count):
            two = random.integers(50, len(self.view.entities), 2)
            text = f"Where did {_name(int(two[0]))} meet {_name(int(two[1]))} before the storm came over the island?"
            about = [self.view.chunk[self.view.entity == e][:1] for e in two]
            vector = random.standard_normal(SIZE) + sum(30 * self._rows(int(n))[0] / 127 for at in about for n in at)
            words = [Span(at, at + len(word)) for at, word in _words(text)]
            tokens = random.standard_normal((len(words), SIZE)) + 20 * _unit(vector)
            first = random.choice(self.passages, POOL, replace=False)
            made.append(
                Question(
                    text,
                    QueryVectors(_unit(vector), tokens.astype(np.float32), tuple(words)),
                    tuple((f"{n:032x}", 1 / (60 + rank)) for rank, n in enumerate(first.tolist())),
                )
            )
        return made

    # What the walk reads of a vector store.

    def sentence_vectors(self, chunks: Sequence[str]) -> Mapping[str, Int8s]:
        return {id_: self._rows(int(id_, 16)) for id_ in chunks}

    def terms(self, chunks: Sequence[str]) -> Mapping[str, frozenset[int]]:
        return {id_: frozenset({int(id_, 16) % 977, int(id_, 16) % 353}) for id_ in chunks}

    def fetch(self, chunks: Sequence[str]) -> dict[str, Chunk]:
        return {}

    def _rows(self, passage: int) -> Int8s:
        at = passage % DIFFERENT * SENTENCES
        return self._vectors[at : at + SENTENCES]

    @cached_property
    def _vectors(self) -> Int8s:
        random = np.random.default_rng(2).standard_normal((DIFFERENT * SENTENCES, SIZE))
        vectors: Int8s = (random / np.linalg.norm(random, axis=1, keepdims=True) * 127).astype(np.int8)
        return vectors


def _name(number: int) -> str:
    return f"{WORDS[number % 12].title()}{number} {WORDS[number // 12 % 12].title()}"


def _words(text: str) -> list[tuple[int, str]]:
    found, at = [], 0
    for word in text.rstrip("?").split():
        at = text.index(word, at)
        found.append((at, word))
        at += len(word)
    return found


def _unit(vector: Floats) -> Floats:
    unit: Floats = (vector / np.linalg.norm(vector)).astype(np.float32)
    return unit
