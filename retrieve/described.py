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
from retrieve.fuse import CONSTANT
from retrieve.groups import Bag, Bags, Group, bm25, rarity
from retrieve.kept import Kept

POOL = 50  # pieces that are put in order
NAMED = 0.4  # share of a question's words that are names from which on the place alone decides
WORTH = 0.15  # of a standard deviation more in words or in meaning, beside the first place, which is 1
KEPT = 5_000  # passages whose vectors are remembered


class Described:
    """Orders evidence of one store. ``bags`` are the passages' terms, kept for others too."""

    def __init__(self, store: VectorStore, embedder: Embedder, bags: Bags) -> None:
        self._embedder = embedder
        self._vectors = Kept(store.sentence_vectors, most=KEPT)
        self._bags = bags

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
        near, says = self._near(some, vector), np.zeros(len(some), np.float32)
        bags = [self._bags.of(piece.chunk) for piece in some]
        languages = np.array([piece.chunk.document.language for piece in some])
        for each in dict.fromkeys(languages.tolist()):
            ours = np.flatnonzero(languages == each).tolist()
            said, texts = groups(each), [bags[n] for n in ours]
            worth = compared(bm25(said, rarity(said, texts), texts)) + compared(near[ours])
            if each != language:
                whole = max(len(said), len(groups(language)), 1)
                told = np.sqrt([_had(said, text) / whole for text in texts])
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

    def _near(self, evidence: Sequence[Evidence], vector: Floats | None) -> Floats:
        """(pieces,): each one's best cosine; nan where it has no vectors or the embedder lacks its language."""
        near = np.full(len(evidence), np.nan, np.float32)
        if vector is None:
            return near
        spoken = [piece.chunk for piece in evidence if self._embedder.speaks(piece.chunk.document.language)]
        known = self._vectors.of([chunk.id for chunk in spoken])
        for n, piece in enumerate(evidence):
            if (rows := known.get(piece.chunk.id)) is not None and len(rows):
                near[n] = float((rows.astype(np.float32) @ vector).max()) / 127
        return near


def _had(groups: Sequence[Group], bag: Bag) -> int:
    """How many of the groups a text has."""
    return sum(one.count(bag) > 0 for one in groups)
