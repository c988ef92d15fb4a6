"""What the walk needs of the graph, as arrays: who is named in which sentence of which chunk."""

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
