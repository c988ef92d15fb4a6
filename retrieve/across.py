"""Evidence in the other language than the question's: what of the question can be carried across, looked up there.

Embedder and BM25 rank what shares the question's language first, whatever stands elsewhere. So what the other language
has is ranked by itself, and stands beside the question's own ranking.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from clew.language import language_of
from clew.ports import Embedder, Floats, QueryVectors, VectorStore
from clew.records import Evidence, Scope
from retrieve.asking import Asking, asking
from retrieve.content import content_words
from retrieve.crossing import Names
from retrieve.fuse import fuse, interleave
from retrieve.groups import Bags, Group, bm25, had, rarity

DEPTH = 100  # passages looked at for those in the other language
POOL = 50
FOUND = 0.5  # votes of the store's ranking for one of that by groups of words: it knows what is near in meaning
COUNTED = 10  # of each ranking that show how much it says of the question
MORE = 0.1  # of the question that the other language must say beyond what the own one says to count in full
FULL, LESS = 1.0, 0.8
"""Votes of the other language's ranking for one of the own. In full they take turns; else the other's first stands
behind the own first three. docs/decisions/0006-the-walk.md"""


@dataclass(frozen=True, slots=True)
class Beyond:
    """A question taken apart, its vector, and what documents in the other language have of it, best first."""

    asked: Asking
    vector: Floats | None
    evidence: tuple[Evidence, ...]


class Across:
    """Finds what the other language has. ``names`` gives the folder's names as they are now, ``holds`` says whether it
    has any document in a language; ``bags`` are the passages' terms, kept for others too."""

    def __init__(
        self,
        store: VectorStore,
        embedder: Embedder,
        names: Callable[[], Names],
        holds: Callable[[str], bool],
        bags: Bags,
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._names = names
        self._holds = holds
        self._bags = bags

    def find(self, question: str, query: QueryVectors | None, *, scope: Scope, also: str = "") -> Beyond | None:
        """What the other language has; None where the folder has nothing in it or nothing can be carried there.

        ``also`` are other words for the question's own, in either language.
        """
        language = language_of(question)
        if not self._holds(_other(language)):
            return None
        foreign = " ".join(word.text for word in content_words(also) if language_of(word.text) != language)
        asked = asking(question, self._names(), also=foreign)
        if not asked.carried:
            return None
        vector = self._vector(asked, query)
        hits = self._store.search(asked.carried_words, vector, limit=DEPTH, scope=scope, depth=DEPTH)
        chunks = [hit.chunk for hit in hits if hit.chunk.document.language != language]
        bags = [self._bags.of(chunk) for chunk in chunks]
        scored = bm25(asked.carried, rarity(asked.carried, bags), bags)
        found = [Evidence(chunk=chunk, score=score, via="across") for chunk, score in zip(chunks, scored, strict=True)]
        by_words = sorted(found, key=lambda piece: -piece.score)
        return Beyond(asked, vector, tuple(fuse((1.0, by_words), (FOUND, found))[:POOL]))

    def join(self, beyond: Beyond, evidence: Sequence[Evidence]) -> list[Evidence]:
        """The question's own ranking with what the other language has beside it."""
        said, carried = beyond.asked.said, beyond.asked.carried
        own = self._says(said, evidence) / max(len(said), 1)
        other = self._says(carried, beyond.evidence) / max(len(said), len(carried), 1)
        return interleave((1.0, evidence), (FULL if other > own + MORE else LESS, beyond.evidence))

    def _says(self, groups: Sequence[Group], evidence: Sequence[Evidence]) -> int:
        """How many of the groups the one piece says that says most of them."""
        bags = (self._bags.of(piece.chunk) for piece in evidence[:COUNTED])
        return max((had(groups, bag) for bag in bags), default=0)

    def _vector(self, asked: Asking, query: QueryVectors | None) -> Floats | None:
        """The question's vector where the embedder knows both languages; else that of what was carried into the one
        that it knows."""
        if not self._embedder.speaks(_other(asked.language)):
            return None
        if query is not None:
            return query.vector
        return self._embedder.embed_query(asked.english).vector if asked.english else None


def _other(language: str) -> str:
    return "en" if language == "zh" else "zh"
