"""Personalised PageRank by local push (Andersen, Chung and Lang 2006): touches only what the question reaches."""

from collections.abc import Mapping

import numpy as np

from retrieve.sentences import Ints
from retrieve.spread import DAMPING
from retrieve.walkindex import Doubles, Side, WalkIndex

TOO_LITTLE = 3e-6
"""Mass per edge that is no longer pushed on. The whole mass is 1."""
ROUNDS = 12


class Push:
    """The same ranking as ``spread.Spread``, near its top, in time that does not grow with the graph."""

    def __init__(self, index: WalkIndex) -> None:
        self._index = index
        self._of_chunks = _sums(index.edges, index.weight)
        self._of_entities = _sums(index.ends, index.weight) + index.beyond

    def rank(self, chunks: Mapping[int, float], entities: Mapping[int, float]) -> Doubles:
        """(chunks,): what comes to rest in each chunk, for restart mass on chunks and entities."""
        rest = np.zeros(self._index.size)
        index = self._index
        here, mass_here = np.fromiter(chunks, np.int64), np.fromiter(chunks.values(), np.float64)
        there, mass_there = np.fromiter(entities, np.int64), np.fromiter(entities.values(), np.float64)
        for _ in range(ROUNDS):
            if not len(here) and not len(there):
                break
            np.add.at(rest, here, (1 - DAMPING) * mass_here)
            to_there = _push(here, mass_here, index.edges, index.weight, self._of_chunks)
            to_here = _push(there, mass_there, index.ends, index.weight, self._of_entities)
            (here, mass_here), (there, mass_there) = to_here, to_there
        return rest


def _sums(side: Side, weight: Doubles) -> Doubles:
    total = np.concatenate([[0.0], np.cumsum(weight[side.columns[1]])])
    sums: Doubles = np.maximum(total[side.first[1:]] - total[side.first[:-1]], 1e-12)
    return sums


def _push(nodes: Ints, mass: Doubles, side: Side, weight: Doubles, sums: Doubles) -> tuple[Ints, Doubles]:
    """What the neighbours of some nodes receive from them: (neighbours, mass), each neighbour once."""
    degree = side.first[nodes + 1] - side.first[nodes]
    enough = (degree > 0) & (mass > TOO_LITTLE * degree)
    nodes, mass, degree = nodes[enough], mass[enough], degree[enough]
    if not len(nodes):
        return np.zeros(0, np.int64), np.zeros(0)
    at = np.arange(degree.sum()) + np.repeat(side.first[nodes] - np.cumsum(degree) + degree, degree)
    neighbours, edges = side.columns[0][at], side.columns[1][at]
    given = DAMPING * np.repeat(mass / sums[nodes], degree) * weight[edges]
    found, inverse = np.unique(neighbours, return_inverse=True)
    received: Doubles = np.bincount(inverse, weights=given, minlength=len(found)).astype(np.float64)
    return found.astype(np.int64), received
