"""Sentences compared with the question by their words, for languages that the embedder does not speak."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from clew.ports import Floats
from clew.records import Chunk
from retrieve.asked import Asked
from retrieve.sentences import Ints
from retrieve.terms import terms


class Texts(Protocol):
    """Where chunks are read."""

    def fetch(self, chunks: Sequence[str]) -> Mapping[str, Chunk]: ...


class Wording:
    """A shelf of sentences for one question: a sentence is as similar as the share of the question's words in it."""

    def __init__(self, chunks: Sequence[str], texts: Texts, question: Asked) -> None:
        self._chunks = chunks
        self._texts = texts
        self._question = question
        self._total = max(float(question.weights.sum()), 1e-9)
        self._shares: dict[int, list[float]] = {}

    def load(self, chunks: Ints) -> None:
        missing = [n for n in np.unique(chunks).tolist() if n not in self._shares]
        found = self._texts.fetch([self._chunks[n] for n in missing])
        for n in missing:
            chunk = found.get(self._chunks[n])
            self._shares[n] = [self._share(chunk.quote(span)) for span in chunk.sentences] if chunk else []

    def counts(self, chunks: Ints) -> Ints:
        return np.array([len(self._shares[n]) for n in chunks.tolist()], np.int64)

    def similar(self, chunks: Ints, sentences: Ints) -> Floats:
        pairs = zip(chunks.tolist(), sentences.tolist(), strict=True)
        return np.array([self._shares[n][sentence] for n, sentence in pairs], np.float32)

    def _share(self, sentence: str) -> float:
        return float(self._question.holds(terms(sentence)) @ self._question.weights) / self._total
