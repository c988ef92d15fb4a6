"""What the words of a question mean where they stand: their token states, pooled from its one forward pass."""

from collections.abc import Sequence

import numpy as np

from clew.ports import Floats, QueryVectors
from clew.records import Span


def states_of(query: QueryVectors, spans: Sequence[Span]) -> Floats:
    """(spans, size): for each stretch of the question the unit mean of its tokens' states, zeros if it has none."""
    states = np.zeros((len(spans), len(query.vector)), np.float32)
    starts = np.array([at.start for at in query.offsets])
    ends = np.array([at.end for at in query.offsets])
    for row, span in zip(states, spans, strict=True):
        inside = (starts >= span.start) & (ends <= span.end) & (ends > starts)
        if inside.any():
            row[:] = query.tokens[inside].sum(0)
    states /= np.maximum(np.linalg.norm(states, axis=1, keepdims=True), 1e-9)
    return states
