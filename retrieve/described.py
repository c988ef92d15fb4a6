"""Questions that describe instead of naming: what each piece says by itself decides beside its place.

A walk starts from names, and a ranking made of ranks forgets how much better one piece is than the next. Where a
question names somebody that is for the better: a piece that only leads on says little of it. Where it names nobody,
what the pieces say is all there is to go by. docs/decisions/0006-the-walk.md
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from clew.ports import Embedder, Floats, VectorStore
from clew.records import Evidence
from retrieve.compared import compared
from retrieve.cosines import Cosines
from retrieve.fuse import CONSTANT
from retrieve.groups import Bags, Group, had
from retrieve.near import bm25_nearly

POOL = 50  # pieces that are put in order
NAMED = 0.4  # share of a question's words that are names from which on the place alone decides
WORTH = 0.4  # of a standard deviation more in words or in meaning, beside the first place, which is 1


class Described:
    """Orders evidence of one store. ``bags`` are the passages' terms, kept for others too."""

    def __init__(self, store: VectorStore, embedder: Embedder, bags: Bags) -> None:
        self._cosines = Cosines(store, embedder)
        self._bags = bags

    def nearest(self, evidence: Sequence[Evidence], vector: Floats) -> float | None:
        """The cosine of the sentence that is nearest to the question; None where none has a vector to compare."""
        rows = self._cosines.of((piece.chunk for piece in evidence), vector).values()
        return max((float(near.max()) for near in rows), default=None)

    def order(
        self,
        evidence: Sequence[Evidence],
        groups: Callable[[str], Sequence[Group]],
        vector: Floats | None,
        *,
        language: str,
        named: float,
    ) -> list[Evidence]:
        """Evidence by place, by BM25 and by its best sentence's cosine, compared among the pieces of one language.

        ``groups`` gives the question's words by language, ``vector`` is the question's; ``named`` the share of it that
        names somebody. A piece in another than the question's ``language`` rises only as far as it says what is asked,
        for among strangers it is easy to stand out, and never before the first in the question's own. Scores never
        rise.
        """
        weight = WORTH * max(0.0, 1 - named / NAMED)
        some, rest = evidence[:POOL], evidence[POOL:]
        if not weight or not some:
            return list(evidence)
        rows = self._cosines.of((piece.chunk for piece in some), vector)
        near = np.array([rows[piece.chunk.id].max() if piece.chunk.id in rows else np.nan for piece in some])
        says = np.zeros(len(some), np.float32)
        bags = [self._bags.of(piece.chunk) for piece in some]
        languages = np.array([piece.chunk.document.language for piece in some])
        for each in dict.fromkeys(languages.tolist()):
            ours = np.flatnonzero(languages == each).tolist()
            said, texts = groups(each), [bags[n] for n in ours]
            worth = compared(bm25_nearly(said, texts, each)) + compared(near[ours])
            if each != language:
                whole = max(len(said), len(groups(language)), 1)
                told = np.sqrt([had(said, text) / whole for text in texts])
                worth = np.where(worth > 0, worth * told, worth)
            says[ours] = worth
        scores = CONSTANT / (CONSTANT + np.arange(len(some))) + weight * says
        if (own := languages == language).any():
            scores[~own] = np.minimum(scores[~own], np.nextafter(scores[own].max(), -np.inf))
        order = np.argsort(-scores, kind="stable").tolist()
        least = float(scores.min())
        return [
            *(replace(some[n], score=float(scores[n])) for n in order),
            *(replace(piece, score=least) for piece in rest),
        ]
