"""What the walk needs of the graph, as arrays: who is named in which sentence of which chunk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clew.records import Entity

TITLE = -1
"""Sentence number of an entity that stands in the chunk's title or headings, and so is meant by all its sentences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A graph, or the part of one around some entities.

    ``chunk``, ``entity`` and ``sentence`` are int32 arrays of one length, a row for each naming: positions in
    ``chunks`` and ``entities``, and the number of the sentence within the chunk (``TITLE`` for its headings).
    ``chunks`` holds chunk ids in the order of their ids, ``entities`` in the order of theirs, so that equal graphs
    give equal views.

    Of a part, ``often`` says how many chunks of the whole mention each entity, and ``whole`` how many chunks the
    whole has; a whole view has neither.
    """

    chunks: tuple[str, ...]
    entities: tuple[Entity, ...]
    chunk: NDArray[np.int32]
    entity: NDArray[np.int32]
    sentence: NDArray[np.int32]
    often: NDArray[np.int32] | None = None
    whole: int | None = None


def view_of(entities: Sequence[Entity], namings: Iterable[tuple[str, str, int]]) -> View:
    """The view of some entities, in the order of their ids, and of who is named where: chunk, entity, sentence."""
    said = set(namings)
    chunks = sorted({chunk for chunk, _, _ in said})
    place_of_chunk = {id_: n for n, id_ in enumerate(chunks)}
    place_of_entity = {entity.id: n for n, entity in enumerate(entities)}
    rows = np.array(
        sorted((place_of_chunk[chunk], place_of_entity[entity], sentence) for chunk, entity, sentence in said), np.int32
    ).reshape(-1, 3)
    return View(
        chunks=tuple(chunks),
        entities=tuple(entities),
        chunk=rows[:, 0].copy(),
        entity=rows[:, 1].copy(),
        sentence=rows[:, 2].copy(),
    )
