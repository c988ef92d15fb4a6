"""The passages path: meaning and words in one query, and no document crowding out the others."""

from collections import Counter
from collections.abc import Sequence

from clew.language import language_of
from clew.ports import Embedder, Floats, Hit, QueryVectors, VectorStore
from clew.records import ANYWHERE, Evidence, Scope

DEPTH = 50  # candidates from each of the two lists
CROWDING = 0.85  # what is left of a chunk's score for each better one of the same document


def passages(
    question: str, query: QueryVectors | None, store: VectorStore, *, limit: int, scope: Scope = ANYWHERE
) -> list[Evidence]:
    """The chunks nearest to the question, best first. Without ``query`` the words alone decide."""
    vector = query.vector if query is not None else None
    hits = store.search(question, vector, limit=max(limit, DEPTH), scope=scope, depth=DEPTH)
    return [Evidence(chunk=hit.chunk, score=hit.score, via="passages") for hit in _spread(hits)[:limit]]


def vectors_of(question: str, embedder: Embedder) -> QueryVectors | None:
    """The question's vectors, or None where the embedder does not know its language."""
    return embedder.embed_query(question) if embedder.speaks(language_of(question)) else None


def nearness(store: VectorStore, chunks: Sequence[str], vector: Floats) -> dict[str, float]:
    """Each chunk's cosine to a question."""
    return {id_: float(found @ vector) for id_, found in store.vectors(chunks).items()}


def _spread(hits: Sequence[Hit]) -> list[Hit]:
    """Weigh down each further chunk of a document."""
    seen: Counter[str] = Counter()
    weighed = []
    for hit in hits:
        weighed.append(Hit(hit.chunk, hit.score * CROWDING ** seen[hit.chunk.document.id]))
        seen[hit.chunk.document.id] += 1
    return sorted(weighed, key=lambda hit: -hit.score)
