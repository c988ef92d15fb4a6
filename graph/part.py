"""A part of a graph that is far away: what was read of it is kept, for the next question comes by there again."""

import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from graph.ports import GraphStore, Known
from graph.view import View

KEPT = 20_000
"""Chunks that are kept before starting anew: some 40 MB."""


class Part:
    """What is known of a graph as it stands at one revision; ``whole`` is how many chunks it has."""

    def __init__(self, store: GraphStore, whole: int) -> None:
        self._store = store
        self._whole = whole
        self._reading = threading.RLock()  # two questions at once would number the same entities twice
        self._clear()

    def _clear(self) -> None:
        self._rows: dict[str, NDArray[np.int32]] = {}
        self._entities: list[Known] = []
        self._number: dict[str, int] = {}

    def view(self, chunks: Sequence[str]) -> View:
        """The part that these chunks make."""
        with self._reading:
            if len(self._rows) + len(chunks) > KEPT:
                self._clear()
            self.read(chunks)
            ids = tuple(sorted(id_ for id_ in set(chunks) if len(self._rows[id_])))
            rows = np.concatenate([self._rows[id_] for id_ in ids]) if ids else np.zeros((0, 2), np.int32)
            chunk = np.repeat(np.arange(len(ids), dtype=np.int32), [len(self._rows[id_]) for id_ in ids])
            numbers = sorted(np.unique(rows[:, 0]).tolist(), key=lambda n: self._entities[n].entity.id)
            place = np.zeros(len(self._entities), np.int32)
            place[numbers] = np.arange(len(numbers))
            entity, sentence = place[rows[:, 0]], rows[:, 1]
            order = np.lexsort((sentence, entity, chunk))
            return View(
                chunks=ids,
                entities=tuple(self._entities[n].entity for n in numbers),
                chunk=chunk[order],
                entity=entity[order],
                sentence=sentence[order],
                often=np.array([self._entities[n].often for n in numbers], np.int32),
                whole=self._whole,
            )

    def read(self, chunks: Sequence[str]) -> None:
        """Read what is not known yet. What someone else removed meanwhile is left out."""
        with self._reading:
            chunks = [id_ for id_ in dict.fromkeys(chunks) if id_ not in self._rows]
            mentions = self._store.mentions(chunks)
            new = dict.fromkeys(m.entity for m in mentions if m.entity not in self._number)
            for known in self._store.known(list(new)):
                self._number[known.entity.id] = len(self._entities)
                self._entities.append(known)
            rows: dict[str, list[tuple[int, int]]] = {id_: [] for id_ in chunks}
            for mention in mentions:
                if (number := self._number.get(mention.entity)) is not None:
                    rows[mention.chunk] += [(number, sentence) for sentence in mention.sentences]
            for id_, own in rows.items():
                self._rows[id_] = np.array(own, np.int32).reshape(-1, 2)
