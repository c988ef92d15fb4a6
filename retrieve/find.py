"""Find evidence by the way that was chosen: passages, the graph, both, or the whole folder."""

from collections.abc import Mapping, Sequence

from clew.ports import QueryVectors, VectorStore
from clew.records import ANYWHERE, Chunk, Evidence, Fact, Found, RoutePath, Scope, Triple
from graph.naming import Place
from graph.ports import GraphStore
from graph.view import TITLE
from retrieve.fuse import fuse
from retrieve.passages import over_documents, passages
from retrieve.walk import Walk
from retrieve.walkindex import WalkIndex

POOL = 50  # passages that the walk starts from


class Finder:
    """Finds in one vector store and, where there is one, one graph. The caller holds the index."""

    def __init__(self, store: VectorStore, graph: GraphStore | None) -> None:
        self._store = store
        self._graph = graph
        self._walked: tuple[int, Walk] | None = None

    def find(
        self, question: str, query: QueryVectors | None, path: RoutePath, *, limit: int, scope: Scope = ANYWHERE
    ) -> Found:
        """At most ``limit`` pieces of evidence, best first, and the question's words that none of them covers."""
        walk = self._walk()
        first = passages(question, query, self._store, limit=max(POOL, limit), scope=scope)
        if walk is None or path in ("passages", "direct"):
            return Found(evidence=tuple(first[:limit]), uncovered=())
        hybrid = [(piece.chunk.id, piece.score) for piece in first]
        wanted = limit if scope == ANYWHERE else walk.index.size
        walked = walk.rank(question, query, hybrid, limit=wanted)
        named = [id_ for step in walked.steps for id_ in (step.chunk, *(fact.chunk for fact in step.facts))]
        chunks = self._chunks(first, named)
        triples = self._triples([fact.chunk for step in walked.steps for fact in step.facts])
        by_graph = [
            Evidence(
                chunk=chunks[step.chunk],
                score=step.score,
                via="graph",
                facts=tuple(fact for place in step.facts if (fact := _fact(place, chunks, triples)) is not None),
            )
            for step in walked.steps
            if step.chunk in chunks and scope.admits(chunks[step.chunk].document)
        ]
        evidence = by_graph if path == "graph" else fuse(by_graph, first)
        if path == "global":
            evidence = over_documents(evidence)
        return Found(evidence=tuple(evidence[:limit]), uncovered=walked.uncovered)

    def _walk(self) -> Walk | None:
        """The walk over the graph as it is now."""
        if self._graph is None:
            return None
        revision = self._graph.revision()
        if self._walked is None or self._walked[0] != revision:
            self._walked = (revision, Walk(WalkIndex(self._graph.view()), self._store))
        return self._walked[1]

    def _chunks(self, known: Sequence[Evidence], wanted: Sequence[str]) -> Mapping[str, Chunk]:
        chunks = {piece.chunk.id: piece.chunk for piece in known}
        missing = [id_ for id_ in dict.fromkeys(wanted) if id_ not in chunks]
        return {**chunks, **self._store.fetch(missing)}

    def _triples(self, chunks: Sequence[str]) -> Mapping[tuple[str, int], Triple]:
        """The triples of these chunks by chunk and start of the sentence that states them."""
        assert self._graph is not None
        found = self._graph.triples(list(dict.fromkeys(chunks)))
        return {(triple.chunk_id, triple.span.start): triple for triple in reversed(found)}


def _fact(place: Place, chunks: Mapping[str, Chunk], triples: Mapping[tuple[str, int], Triple]) -> Fact | None:
    chunk = chunks.get(place.chunk)
    if chunk is None or place.sentence == TITLE or place.sentence >= len(chunk.sentences):
        return None
    span = chunk.sentences[place.sentence]
    stated = triples.get((place.chunk, span.start))
    return Fact(
        text=chunk.quote(span),
        document=chunk.document,
        chunk_id=chunk.id,
        span=span,
        triple=None if stated is None else (stated.subject, stated.predicate, stated.object),
    )
