"""Sentence vectors of the chunks that walks touch, kept in one matrix between questions."""

import threading
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from clew.ports import Floats, Int8s

MOST = 1 << 19
"""Sentences kept before it is time to start anew: 200 MB at 384 bytes each."""

Ints = NDArray[np.int64]


def floats(rows: Int8s) -> Floats:
    """Stored sentence vectors as floats, unit length but for rounding."""
    found: Floats = rows.astype(np.float32)
    found *= np.float32(1 / 127)
    return found


class Sentences:
    """Rows of sentence vectors by chunk position, fetched at the first touch. Questions in several threads share them:
    what was loaded stays, and stays where it is."""

    def __init__(self, chunks: Sequence[str], read: Callable[[Sequence[str]], Mapping[str, Int8s]]) -> None:
        self._chunks = chunks
        self._read = read
        self._lock = threading.Lock()
        self._start = np.full(len(chunks), -1, np.int64)
        self._count = np.zeros(len(chunks), np.int64)
        self._matrix: Int8s = np.zeros((0, 0), np.int8)
        self._used = 0

    @property
    def full(self) -> bool:
        """Whether the next question should start with none."""
        return self._used > MOST

    def load(self, chunks: Ints) -> None:
        """Fetch what is not there yet of these chunks."""
        unknown = self._start[chunks] < 0
        if not unknown.any():
            return
        missing = np.unique(chunks[unknown])
        ids = [self._chunks[position] for position in missing]
        found = self._read(ids)
        with self._lock:
            for position, id_ in zip(missing, ids, strict=True):
                if self._start[position] < 0:
                    self._keep(position, found.get(id_))

    def counts(self, chunks: Ints) -> Ints:
        """The number of sentences of each chunk (loaded before)."""
        return self._count[chunks]

    def rows(self, chunks: Ints, sentences: Ints) -> Ints:
        """Where the vectors of these sentences stand; -1 for one that has none."""
        known = (sentences >= 0) & (sentences < self._count[chunks])
        return np.where(known, self._start[chunks] + sentences, -1)

    def vectors(self, rows: Ints) -> Floats:
        """(rows, size) as floats, unit length but for rounding."""
        return floats(self._matrix[rows])

    def of(self, chunk: int) -> Int8s:
        """All of a chunk's sentence vectors as they are stored (loaded before)."""
        start = self._start[chunk]
        return self._matrix[start : start + self._count[chunk]]

    def compared(self, question: Floats) -> "Compared":
        """These sentences as a shelf for one question."""
        return Compared(self, question)

    def _keep(self, position: int, rows: Int8s | None) -> None:
        start = self._used
        if rows is not None and len(rows):
            self._append(rows)
            self._count[position] = len(rows)
        self._start[position] = start  # last: from now on other threads take them as there

    def _append(self, rows: Int8s) -> None:
        need = self._used + len(rows)
        if need > len(self._matrix):
            grown = np.zeros((max(1024, 2 * need), rows.shape[1]), np.int8)
            if self._used:
                grown[: self._used] = self._matrix[: self._used]
            self._matrix = grown
        self._matrix[self._used : need] = rows
        self._used = need


class Compared:
    """A shelf of sentences for one question: a sentence is as similar as its cosine."""

    def __init__(self, sentences: Sentences, question: Floats) -> None:
        self.load = sentences.load
        self.counts = sentences.counts
        self._sentences = sentences
        self._question = question

    def similar(self, chunks: Ints, sentences: Ints) -> Floats:
        if not len(chunks):
            return np.zeros(0, np.float32)
        near: Floats = self._sentences.vectors(self._sentences.rows(chunks, sentences)) @ self._question
        return near
