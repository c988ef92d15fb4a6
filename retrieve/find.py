"""Find evidence by the way that was chosen: passages, the graph, or both."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from clew.language import language_of
from clew.ports import QueryVectors, VectorStore
from clew.records import ANYWHERE, Chunk, Evidence, Fact, Found, RoutePath, Scope, Triple
from graph.naming import Place
from graph.ports import GraphStore
from graph.view import TITLE
from retrieve.across import Across, Beyond
from retrieve.asking import own_words
from retrieve.described import NAMED, Described
from retrieve.fuse import WALKED, fuse
from retrieve.groups import Group, left_open
from retrieve.nearby import Nearby
from retrieve.passages import passages
from retrieve.topic import FIRST, off_topic
from retrieve.walk import Step, Walked

POOL = 50  # passages that the walk starts from
PORTION = 500  # of a walk's steps, looked at at once for those inside a scope


class Finder:
    """Finds in one vector store and, where there is one, one graph. The caller holds the index."""

    def __init__(
        self, store: VectorStore, graph: GraphStore | None, described: Described, across: Across | None = None
    ) -> None:
        self._store = store
        self._graph = graph
        self._described = described
        self._across = across
        self._nearby = Nearby(graph, store) if graph is not None else None

    def find(
        self,
        question: str,
        query: QueryVectors | None,
        path: RoutePath,
        *,
        limit: int,
        scope: Scope = ANYWHERE,
        said: str = "",
    ) -> Found:
        """At most ``limit`` pieces of evidence, best first.

        ``said`` is the question with other words for its own, by which passages are looked up. Whom it names is asked
        of the question alone: other names bring strangers in.
        """
        if path == "direct":
            first = passages(said or question, query, self._store, limit=limit, scope=scope)
            return Found(evidence=tuple(first), uncovered=left_open(question, (one.chunk for one in first[:FIRST])))
        beyond = None
        if self._across is not None:
            beyond = self._across.find(question, query, scope=scope, also=said.removeprefix(question))
        evidence, named = self._ranked(question, query, path, limit, scope, said or question, beyond)
        language, words = language_of(question), own_words(said or question)
        vector = None if query is None else query.vector
        carried: tuple[Group, ...] = ()
        if self._across is not None and beyond is not None:
            evidence = self._across.join(beyond, evidence)
            vector = beyond.vector if vector is None else vector
            carried = beyond.asked.carried

        def groups(other: str) -> Sequence[Group]:
            return words if other == language else carried

        ordered = self._described.order(evidence, groups, vector, language=language, named=named)
        return Found(
            evidence=tuple(ordered[:limit]),
            uncovered=left_open(question, (one.chunk for one in ordered[:FIRST]), carried),
            unsaid=off_topic(
                question,
                [one.chunk for one in ordered[:FIRST]],
                carried,
                None if query is None else self._described.nearest(ordered[:FIRST], query.vector),
            ),
        )

    def _ranked(
        self,
        question: str,
        query: QueryVectors | None,
        path: RoutePath,
        limit: int,
        scope: Scope,
        said: str,
        beyond: Beyond | None,
    ) -> tuple[list[Evidence], float]:
        """The ranking of one path, and the share of the question that names somebody.

        The ranking is longer than ``limit`` where it is to be put in order once more.
        """
        pool = max(POOL, limit)
        first = passages(said, query, self._store, limit=pool, scope=scope)
        if beyond is not None:
            further = passages(f"{said} {beyond.asked.carried_words}", query, self._store, limit=pool, scope=scope)
            first = fuse((1.0, first), (1.0, further))[:pool]
        if self._nearby is None:
            return first, 0.0
        hybrid = [(piece.chunk.id, piece.score) for piece in first]
        walk = self._nearby.walk(question, query, hybrid, deep=path != "passages")
        seeds = walk.seeds(question, query)
        named = walk.named(question, query, seeds)
        if path == "passages":
            ranked, _ = walk.order(question, query, hybrid, seeds=seeds)
            return _in_order(first, ranked), named
        deep = limit if path == "graph" and named >= NAMED else pool
        walked = walk.rank(question, query, hybrid, limit=deep if scope == ANYWHERE else walk.index.size, seeds=seeds)
        if scope != ANYWHERE:
            walked = self._inside(walked, scope, deep)
        by_graph = self._evidence(walked, first)
        if path == "graph":
            return by_graph, named
        fused = fuse((WALKED, by_graph), (1.0, first))
        ranked, _ = walk.order(question, query, [(p.chunk.id, p.score) for p in fused], seeds=seeds)
        return _in_order(fused, ranked), named

    def _inside(self, walked: Walked, scope: Scope, limit: int) -> Walked:
        """The first ``limit`` steps of a walk that a scope admits, found in portions: all may be the whole index."""
        inside: list[Step] = []
        for at in range(0, len(walked.steps), PORTION):
            some = walked.steps[at : at + PORTION]
            chunks = self._store.fetch([step.chunk for step in some])
            inside += [one for one in some if one.chunk in chunks and scope.admits(chunks[one.chunk].document)]
            if len(inside) >= limit:
                break
        return replace(walked, steps=tuple(inside[:limit]))

    def _evidence(self, walked: Walked, first: Sequence[Evidence]) -> list[Evidence]:
        """What the walk came to, with the facts that led there."""
        named = [id_ for step in walked.steps for id_ in (step.chunk, *(fact.chunk for fact in step.facts))]
        chunks = self._chunks(first, named)
        triples = self._triples([fact.chunk for step in walked.steps for fact in step.facts])
        return [
            Evidence(
                chunk=chunks[step.chunk],
                score=step.score,
                via="graph",
                facts=tuple(fact for place in step.facts if (fact := _fact(place, chunks, triples)) is not None),
            )
            for step in walked.steps
            if step.chunk in chunks
        ]

    def _chunks(self, known: Sequence[Evidence], wanted: Sequence[str]) -> Mapping[str, Chunk]:
        chunks = {piece.chunk.id: piece.chunk for piece in known}
        missing = [id_ for id_ in dict.fromkeys(wanted) if id_ not in chunks]
        return {**chunks, **self._store.fetch(missing)}

    def _triples(self, chunks: Sequence[str]) -> Mapping[tuple[str, int], Triple]:
        """The triples of these chunks by chunk and start of the sentence that states them."""
        assert self._graph is not None
        found = self._graph.triples(list(dict.fromkeys(chunks)))
        return {(triple.chunk_id, triple.span.start): triple for triple in reversed(found)}


def _in_order(evidence: Sequence[Evidence], ranked: Sequence[tuple[str, float]]) -> list[Evidence]:
    pieces = {piece.chunk.id: piece for piece in evidence}
    return [replace(pieces[id_], score=score) for id_, score in ranked]


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
