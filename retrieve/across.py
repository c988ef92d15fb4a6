"""Evidence in the other language than the question's: what of the question can be carried across, looked up there.

Embedder and BM25 rank what shares the question's language first, whatever stands elsewhere. So documents of the other
language are searched on their own, and how much they say of the question decides how their ranking counts.
"""

from collections.abc import Callable, Sequence

from clew.language import language_of
from clew.ports import Embedder, Floats, QueryVectors, VectorStore
from clew.records import Chunk, Evidence, Scope
from retrieve.asking import Asking, asking
from retrieve.content import content_words, terms
from retrieve.crossing import Names
from retrieve.fuse import fuse
from retrieve.groups import Group

DEPTH = 100  # passages looked at for those in the other language
POOL = 50
COUNTED = 10  # of each ranking that show how much it says of the question
LEAN = 0.2  # by how much the own language may say more and the other still counts in full
FULL, FAINT = 1.0, 0.5  # votes of the other language's ranking for one of the own


class Across:
    """Joins what the other language has to a ranking. ``names`` gives the folder's names as they are now, ``holds``
    says whether it has any document in a language."""

    def __init__(
        self, store: VectorStore, embedder: Embedder, names: Callable[[], Names], holds: Callable[[str], bool]
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._names = names
        self._holds = holds

    def asked(self, question: str, also: str = "") -> Asking | None:
        """The question as documents in the other language may have it; None where there are none or nothing can be
        carried to them. ``also`` are other words for its own, in either language."""
        language = language_of(question)
        if not self._holds(_other(language)):
            return None
        foreign = " ".join(word.text for word in content_words(also) if language_of(word.text) != language)
        found = asking(question, self._names(), also=foreign)
        return found if found.carried else None

    def join(
        self, asked: Asking, query: QueryVectors | None, evidence: Sequence[Evidence], *, scope: Scope
    ) -> list[Evidence]:
        """The ranking with passages in the other language among it."""
        vector = self._vector(asked, query)
        hits = self._store.search(asked.carried_words, vector, limit=DEPTH, scope=scope, depth=DEPTH)
        others = [
            Evidence(chunk=hit.chunk, score=hit.score, via="across")
            for hit in hits
            if hit.chunk.document.language != asked.language
        ][:POOL]
        if not others:
            return list(evidence)
        whole = max(len(asked.said), len(asked.carried), 1)
        own = _says(asked.said, evidence) / max(len(asked.said), 1)
        votes = FULL if _says(asked.carried, others) / whole > own - LEAN else FAINT
        return fuse((1.0, evidence), (votes, others))

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


def _says(groups: Sequence[Group], evidence: Sequence[Evidence]) -> int:
    """How many of the groups the one piece says that says most of them."""
    held = (_terms(piece.chunk) for piece in evidence[:COUNTED])
    return max((sum(any(set(way) <= own for way in group.ways) for group in groups) for own in held), default=0)


def _terms(chunk: Chunk) -> frozenset[str]:
    return frozenset(terms(" ".join((chunk.document.title, *chunk.headings, chunk.text))))
