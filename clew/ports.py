"""The few things a room asks of what it does not own, each a small Protocol."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from clew.records import ANYWHERE, Chunk, Document, Loss, Scope, Span

Floats: TypeAlias = NDArray[np.float32]
Int8s: TypeAlias = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Passage:
    """What an embedder reads: a text, and where in it the sentences lie whose vectors are wanted."""

    text: str
    sentences: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """``vector`` (size,) unit length; ``sentences`` (n, size) int8, a unit vector × 127, or None if the embedder
    gives no token states and a second pass was not asked for."""

    vector: Floats
    sentences: Int8s | None


@dataclass(frozen=True, slots=True)
class QueryVectors:
    """``vector`` (size,) unit length; ``tokens`` (n, size) the token states with ``offsets`` into the question, so
    that parts of the question can be pooled on their own; both empty if the embedder gives none."""

    vector: Floats
    tokens: Floats
    offsets: tuple[Span, ...]


class Embedder(Protocol):
    """Turns text into vectors. ``name`` pins model, revision, prefixes and pooling: another name, another space."""

    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def window(self) -> int:
        """The most tokens a passage may have, special tokens not counted."""
        ...

    def speaks(self, language: str) -> bool:
        """Whether the model knows the language well enough for its ranking to be used."""
        ...

    def count(self, text: str) -> int:
        """The text's tokens, special tokens not counted."""
        ...

    def embed_passages(self, passages: Iterable[Passage]) -> Iterator[PassageVectors]: ...
    def embed_query(self, question: str) -> QueryVectors: ...


@dataclass(frozen=True, slots=True)
class Point:
    """A chunk with its vectors, ready to be stored."""

    chunk: Chunk
    vectors: PassageVectors


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk found, with the score the store gave it: higher is better, comparable within one search only."""

    chunk: Chunk
    score: float


class VectorStore(Protocol):
    """Chunks that can be found by meaning and by word. Everything that answering needs of a chunk is in it."""

    def write(self, points: Sequence[Point]) -> None:
        """Add or replace. All or nothing for one call."""
        ...

    def delete(self, documents: Sequence[str]) -> None:
        """Remove every chunk of these document ids; unknown ids are ignored."""
        ...

    def search(
        self, question: str, vector: Floats | None, *, limit: int, scope: Scope = ANYWHERE, depth: int = 50
    ) -> list[Hit]:
        """Fuse the dense list (left out if ``vector`` is None) with BM25 by reciprocal rank, best first."""
        ...

    def fetch(self, chunks: Sequence[str]) -> dict[str, Chunk]:
        """The chunks with these ids; unknown ids are left out."""
        ...

    def vectors(self, chunks: Sequence[str]) -> dict[str, Floats]:
        """The chunk vectors, unit length."""
        ...

    def sentence_vectors(self, chunks: Sequence[str]) -> dict[str, Int8s]:
        """The sentence vectors of these chunks, one row a sentence; chunks without are left out."""
        ...

    def terms(self, chunks: Sequence[str]) -> dict[str, frozenset[int]]:
        """The words of these chunks, titles and headings included, as the numbers that BM25 compares."""
        ...

    def of_document(self, document: str) -> list[Chunk]:
        """A document's chunks in order: joined they are its Markdown."""
        ...

    def around(self, chunk: Chunk) -> tuple[Chunk | None, Chunk | None]:
        """The chunks that stand right before and right behind one in its document."""
        ...

    def documents(self) -> list[Document]:
        """Every document that has a chunk here."""
        ...

    def scroll(self) -> Iterator[Chunk]:
        """Every chunk, in no order."""
        ...

    def count(self) -> int: ...
    def close(self) -> None: ...


NO_FACTS = "who and what it names cannot be read"


class FactIndex(Protocol):
    """What ingest asks of the graph. Extraction needs no store, so it runs while other processes use the index."""

    def extract(self, documents: Sequence[Sequence[Chunk]], lose: Callable[[Loss], None] | None = None) -> list[object]:
        """Read the facts of several documents, each given as its chunks, in order; what comes back is handed to
        ``write`` as it is. Where ``lose`` is given, it is told of a document whose facts cannot be read (a reason
        that begins with ``NO_FACTS``), and the others' are."""
        ...

    def write(self, facts: Sequence[object]) -> None:
        """Store documents' facts, replacing any of theirs before. All or nothing for each document."""
        ...

    def delete(self, documents: Sequence[str]) -> None: ...

    def renamed(self, documents: Mapping[str, str]) -> None:
        """These documents, known by the first id, will be written under the second: what people said of them stays."""
        ...

    def documents(self) -> Sequence[str]:
        """The ids of the documents that were written."""
        ...

    def settled(self) -> bool:
        """Whether what spans documents (who is who, communities) follows from what they say now."""
        ...

    def settle(self, hold: Callable[[], AbstractContextManager[None]]) -> None:
        """Bring what spans documents up to date, with the index held for reading and writing only."""
        ...

    def counts(self) -> Mapping[str, int]:
        """At least ``entities`` and ``triples``."""
        ...

    def close(self) -> None: ...


class Progress(Protocol):
    """Where long work reports how far it is."""

    def start(self, label: str, total: int | None) -> None: ...
    def advance(self, by: int = 1, note: str = "") -> None: ...
    def finish(self) -> None: ...
