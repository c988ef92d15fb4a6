"""How near each sentence of some passages is to a question."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from clew.ports import Embedder, Floats, Int8s, VectorStore
from clew.records import Chunk
from retrieve.kept import Kept, Standing, standing

KEPT = 5_000  # passages whose vectors are remembered


class Cosines:
    """Compares the sentences of one store's passages. Their vectors are kept between questions."""

    def __init__(self, store: VectorStore, embedder: Embedder) -> None:
        self._store = store
        self._embedder = embedder
        self._vectors = Kept(self._read, most=KEPT)

    def of(self, chunks: Iterable[Chunk], vector: Floats | None) -> dict[str, Floats]:
        """(sentences,) by passage, of those that have sentence vectors in a language that the embedder knows; of none
        where the question has no ``vector``."""
        if vector is None:
            return {}
        known = self._vectors.of([standing(one) for one in chunks if self._embedder.speaks(one.document.language)])
        return {
            id_: rows.astype(np.float32) @ vector / np.float32(127) for (id_, *_), rows in known.items() if len(rows)
        }

    def _read(self, chunks: Sequence[Standing]) -> Mapping[Standing, Int8s]:
        found = self._store.sentence_vectors([id_ for id_, *_ in chunks])
        return {one: found[one[0]] for one in chunks if one[0] in found}
