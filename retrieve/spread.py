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
        out_of_entities = np.maximum(whole.sum(0) + index.beyond, 1e-12)
        # Each holds shares of what a node gives away, laid out by who receives.
        self._to_chunks = csr_array((weights / out_of_entities[entities], entities, index.edges.first), shape=shape)
        given = csr_array(
            (weights / np.repeat(out_of_chunks, np.diff(index.edges.first)), entities, index.edges.first), shape=shape
        )
        self._to_entities = given.T.tocsr()

    def rank(self, chunks: Mapping[int, float], entities: Mapping[int, float]) -> Doubles:
        """(chunks,): what comes to rest in each chunk, for restart mass on chunks and entities."""
        return self._rest(chunks, entities, ROUNDS)[0]

    def through(self, chunks: Mapping[int, float], entities: Mapping[int, float]) -> Doubles:
        """(entities,): what flows through each entity, nearly."""
        return self._rest(chunks, entities, 2)[1]

    def _rest(self, chunks: Mapping[int, float], entities: Mapping[int, float], rounds: int) -> tuple[Doubles, Doubles]:
        start, named = np.zeros(self._to_chunks.shape[0]), np.zeros(self._to_chunks.shape[1])
        start[list(chunks)] = list(chunks.values())
        named[list(entities)] = list(entities.values())
        start *= 1 - DAMPING
        named *= 1 - DAMPING
        here, there = start / (1 - DAMPING), named
        for _ in range(rounds):
            there = named + DAMPING * (self._to_entities @ here)
            here = start + DAMPING * (self._to_chunks @ there)
        return here, there
