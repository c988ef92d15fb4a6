"""Passages from one store into another, whatever is there already; and whether two stores hold the same."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import islice
from typing import TypeVar

import numpy as np

from clew.ports import PassageVectors, Point, Progress, VectorStore

BATCH = 128

T = TypeVar("T")

Hold = Callable[[], AbstractContextManager[None]]
"""Holds the index for one unit of work."""


def copy(source: VectorStore, target: VectorStore, hold: Hold, progress: Progress) -> None:
    """Make ``target`` hold what ``source`` does. What is there already, from a copy that was interrupted, stays; the
    source is held batch by batch, so what it loses or gains meanwhile is for the next copy."""
    have = {chunk.id: (hash(chunk), chunk.document.id) for chunk in target.scroll()}
    with hold():
        wanted = {chunk.id: hash(chunk) for chunk in source.scroll()}
    stray = {document for id_, (_, document) in have.items() if id_ not in wanted}
    target.delete(sorted(stray))
    there = {id_: stamp for id_, (stamp, document) in have.items() if document not in stray}
    missing = [id_ for id_, stamp in wanted.items() if there.get(id_) != stamp]
    progress.start("Moving passages", len(missing))
    for ids in _batches(missing):
        with hold():
            points = list(_points(source, ids))
        target.write(points)
        progress.advance(len(ids))
    progress.finish()


def difference(one: VectorStore, other: VectorStore) -> str:
    """What differs first between two stores, in a few words; empty if they hold the same."""
    if one.count() != other.count():
        return f"{one.count()} passages against {other.count()}"
    for chunks in _batches(one.scroll()):
        ids = [chunk.id for chunk in chunks]
        if other.fetch(ids) != {chunk.id: chunk for chunk in chunks}:
            return "the text of a passage"
        if one.terms(ids) != other.terms(ids):
            return "the words of a passage"
        near, far = one.vectors(ids), other.vectors(ids)
        if near.keys() != far.keys() or not all(np.allclose(near[id_], far[id_], atol=1e-5) for id_ in near):
            return "the vector of a passage"
        rows, others = one.sentence_vectors(ids), other.sentence_vectors(ids)
        if rows.keys() != others.keys() or not all(np.array_equal(rows[id_], others[id_]) for id_ in rows):
            return "the vectors of sentences"
    return ""


def _points(store: VectorStore, ids: Sequence[str]) -> Iterator[Point]:
    vectors, sentences = store.vectors(ids), store.sentence_vectors(ids)
    for id_, chunk in store.fetch(ids).items():
        yield Point(chunk, PassageVectors(vectors[id_], sentences.get(id_)))


def _batches(things: Iterable[T]) -> Iterator[list[T]]:
    left = iter(things)
    while batch := list(islice(left, BATCH)):
        yield batch
