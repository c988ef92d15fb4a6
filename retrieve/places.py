"""Where the entities of a graph stand: their sentences, and who else is named there."""

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np

from clew.ports import Floats
from graph.view import TITLE
from retrieve.sentences import Ints
from retrieve.walkindex import WalkIndex

MANY = 300
"""Chunks of one entity that are looked at, those of the hybrid ranking first: a country's name stands in thousands."""


class Shelf(Protocol):
    """Sentences that can be compared with the question, by vectors or by words."""

    def load(self, chunks: Ints) -> None:
        """Fetch what is not there yet of these chunks."""
        ...

    def counts(self, chunks: Ints) -> Ints:
        """The number of sentences of each chunk."""
        ...

    def similar(self, chunks: Ints, sentences: Ints) -> Floats:
        """How similar each sentence is to the question, 0 to 1."""
        ...


class Places:
    """The places of one question's walk. ``first`` are the chunks to look at first where an entity has too many."""

    def __init__(self, index: WalkIndex, shelf: Shelf, first: Iterable[int]) -> None:
        self._index = index
        self._shelf = shelf
        self._first = np.fromiter(first, np.int64)

    def of(self, entities: Sequence[int]) -> tuple[Ints, Ints, Ints]:
        """The sentences that mean some entities, as (which of them, chunks, sentences), in their order.

        A title is meant by all sentences below it.
        """
        index = self._index
        which, at = _spread(index.namings.first, np.array(entities, np.int64))
        chunks, sentences = (column[at] for column in index.namings.columns)
        for nth, entity in enumerate(entities):
            if index.among[entity] > MANY:
                kept = (which != nth) | np.isin(chunks, self._chosen(entity))
                which, chunks, sentences = which[kept], chunks[kept], sentences[kept]
        self._shelf.load(chunks)
        counts = self._shelf.counts(chunks)
        titled = sentences == TITLE
        pair = which * index.size + chunks
        own = ~titled & (sentences < counts) & ~np.isin(pair, pair[titled])
        each = counts[titled]
        below = np.arange(each.sum()) - np.repeat(np.cumsum(each) - each, each)
        all_which = np.concatenate([which[own], np.repeat(which[titled], each)])
        order = np.argsort(all_which, kind="stable")
        all_chunks = np.concatenate([chunks[own], np.repeat(chunks[titled], each)])
        return all_which[order], all_chunks[order], np.concatenate([sentences[own], below])[order]

    def named(self, chunk: int, sentence: int) -> list[int]:
        """The entities that a sentence names, its chunk's titles included."""
        entities, sentences = self._index.named[chunk]
        found: list[int] = entities[(sentences == sentence) | (sentences == TITLE)].tolist()
        return found

    def _chosen(self, entity: int) -> Ints:
        chunks, sentences = self._index.namings[entity]
        chunks, at = np.unique(chunks, return_index=True)
        late = ~np.isin(chunks, self._first) * 2 + (sentences[at] != TITLE)
        return chunks[np.argsort(late, kind="stable")[:MANY]]


def _spread(first: Ints, keys: Ints) -> tuple[Ints, Ints]:
    """For keys into grouped rows: (which key, row) for each of their rows."""
    each = first[keys + 1] - first[keys]
    at = np.arange(each.sum()) + np.repeat(first[keys] - np.cumsum(each) + each, each)
    return np.repeat(np.arange(len(keys)), each), at
