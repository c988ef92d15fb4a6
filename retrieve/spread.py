"""Personalised PageRank over chunks and entities: where activation comes to rest."""

from collections.abc import Mapping

import numpy as np
from scipy.sparse import csr_array

from retrieve.walkindex import Doubles, WalkIndex

DAMPING = 0.5
ROUNDS = 6  # there and back each: what is still on its way then is a four-thousandth


class Spread:
    """The whole graph at once: the exact ranking, for graphs of some ten thousand chunks."""

    def __init__(self, index: WalkIndex) -> None:
        self._size = index.size
        entities, at = index.edges.columns
        weights = index.weight[at]
        shape = (index.size, index.nodes)
        whole = csr_array((weights, entities, index.edges.first), shape=shape)
        out_of_chunks = np.maximum(whole.sum(1), 1e-12)
        out_of_entities = np.maximum(whole.sum(0), 1e-12)
        # Each holds shares of what a node gives away, laid out by who receives.
        self._to_chunks = csr_array((weights / out_of_entities[entities], entities, index.edges.first), shape=shape)
        given = csr_array(
            (weights / np.repeat(out_of_chunks, np.diff(index.edges.first)), entities, index.edges.first), shape=shape
        )
        self._to_entities = given.T.tocsr()

    def rank(self, chunks: Mapping[int, float], entities: Mapping[int, float]) -> Doubles:
        """(chunks,): what comes to rest in each chunk, for restart mass on chunks and entities."""
        start, named = np.zeros(self._to_chunks.shape[0]), np.zeros(self._to_chunks.shape[1])
        start[list(chunks)] = list(chunks.values())
        named[list(entities)] = list(entities.values())
        start *= 1 - DAMPING
        named *= 1 - DAMPING
        here = start / (1 - DAMPING)
        for _ in range(ROUNDS):
            there = named + DAMPING * (self._to_entities @ here)
            here = start + DAMPING * (self._to_chunks @ there)
        return here
