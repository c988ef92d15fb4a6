"""How near each sentence of some passages is to a question."""

from collections.abc import Iterable

import numpy as np

from clew.ports import Embedder, Floats, VectorStore
from clew.records import Chunk
from retrieve.kept import Kept

KEPT = 5_000  # passages whose vectors are remembered


class Cosines:
    """Compares the sentences of one store's passages. Their vectors are kept between questions."""

    def __init__(self, store: VectorStore, embedder: Embedder) -> None:
        self._embedder = embedder
        self._vectors = Kept(store.sentence_vectors, most=KEPT)

    def of(self, chunks: Iterable[Chunk], vector: Floats | None) -> dict[str, Floats]:
        """(sentences,) by passage, of those that have sentence vectors in a language that the embedder knows; of none
        where the question has no ``vector``."""
        if vector is None:
            return {}
        known = self._vectors.of([chunk.id for chunk in chunks if self._embedder.speaks(chunk.document.language)])
        return {id_: rows.astype(np.float32) @ vector / np.float32(127) for id_, rows in known.items() if len(rows)}
