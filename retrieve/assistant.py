"""The assistant: a question in, an answer with citations out, and on from there."""

import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace

from clew.ports import Embedder, QueryVectors, VectorStore
from clew.records import ANYWHERE, Answer, Evidence, Found, Route, RoutePath, Scope
from graph.ports import GraphStore
from retrieve import direct, quote
from retrieve.content import terms, uncovered
from retrieve.find import Finder
from retrieve.history import History
from retrieve.passages import vectors_of
from retrieve.route import Router

LIMIT = 10
POOL = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What was found for a question, by which way, and how long each stage took (milliseconds)."""

    route: Route
    found: Found
    ms: Mapping[str, float]


class Assistant:
    """Answers from one index. ``unit`` holds the index for one unit of work; ``paths`` can be chosen by the user."""

    def __init__(
        self,
        *,
        store: VectorStore,
        graph: GraphStore | None,
        embedder: Embedder,
        router: Router,
        history: History,
        unit: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._store = store
        self._finder = Finder(store, graph)
        self._embedder = embedder
        self._router = router
        self.paths: tuple[RoutePath, ...] = ("passages",) if graph is None else ("passages", "graph", "both", "global")
        self._history = history
        self._unit = unit

    def search(
        self, question: str, *, path: RoutePath | None = None, limit: int = LIMIT, scope: Scope = ANYWHERE
    ) -> Search:
        """Find evidence; nothing is written."""
        watch = Watch()
        route, query = self._route(question, path, watch)
        with self._unit(), watch("retrieve"):
            found = self._find(question, query, route, limit, scope)
        return Search(route=route, found=found, ms=watch.ms)

    def ask(
        self,
        question: str,
        *,
        path: RoutePath | None = None,
        scope: Scope = ANYWHERE,
        on_text: Callable[[str], None] | None = None,
    ) -> Answer:
        """Answer with citations. ``on_text`` is given each new piece of the text as it comes."""
        watch = Watch()
        route, query = self._route(question, path, watch)
        if route.path == "direct":
            return self._reply(question, route, watch, on_text)
        with self._unit():
            with watch("retrieve"):
                found = self._find(question, query, route, POOL, scope)
            with watch("answer"):
                weighed = self._weigh(question, query, found, route)
        with watch("answer"):
            answer = self._quote(question, route, found, weighed)
        if on_text is not None:
            _say(answer.text, on_text)
        answer = replace(answer, ms=watch.ms)
        self._history.keep(answer)
        return answer

    def keep_going(self, answer: Answer, *, on_text: Callable[[str], None] | None = None) -> Answer:
        """Go deeper: the next sentences not used yet, numbers following on, in the same message."""
        watch = Watch()
        with watch("route"):
            query = vectors_of(answer.question, self._embedder)
        with self._unit(), watch("answer"):
            weighed = self._weigh(answer.question, query, Found(evidence=answer.evidence), answer.route)
        used = frozenset((citation.chunk.id, citation.span) for citation in answer.citations)
        quotes = quote.choose(weighed, used)
        last = max((citation.marker for citation in answer.citations), default=0)
        more, sentences, citations = quote.compose(quotes, last + 1)
        start = len(answer.text) + 2
        if not quotes:
            more = quote.nothing_more(answer.question)
        if on_text is not None:
            _say(more, on_text)
        continued = replace(
            answer,
            id=_new_id(),
            text=f"{answer.text}\n\n{more}",
            sentences=answer.sentences
            + tuple(replace(sentence, span=sentence.span.shift(start)) for sentence in sentences),
            citations=answer.citations + tuple(citations),
            finish="complete",
            ms=watch.ms,
            continues=answer.id,
            kind="deeper",
            added_from=start,
        )
        self._history.keep(continued)
        return continued

    def load(self, id: str) -> Answer:  # noqa: A002
        """An answer given before."""
        return self._history.load(id)

    def _route(self, question: str, path: RoutePath | None, watch: "Watch") -> tuple[Route, QueryVectors | None]:
        with watch("route"):
            query = vectors_of(question, self._embedder)
            name = self._embedder.name
            route = self._router.route(question, path=path, vectors=query, embedder=name)
        return route, query

    def _reply(self, question: str, route: Route, watch: "Watch", on_text: Callable[[str], None] | None) -> Answer:
        with watch("answer"):
            text = direct.reply(question)
        if on_text is not None:
            _say(text, on_text)
        answer = Answer(id=_new_id(), question=question, text=text, route=route, finish="complete", ms=watch.ms)
        self._history.keep(answer)
        return answer

    def _find(self, question: str, query: QueryVectors | None, route: Route, limit: int, scope: Scope) -> Found:
        found = self._finder.find(question, query, route.path, limit=limit, scope=scope)
        return replace(found, uncovered=_uncovered(question, found.evidence[:LIMIT]))

    def _weigh(self, question: str, query: QueryVectors | None, found: Found, route: Route) -> quote.Weighed:
        chunks = [piece.chunk.id for piece in found.evidence[: quote.FROM]]
        vectors = self._store.sentence_vectors(chunks) if query is not None else {}
        return quote.weigh(question, query, found.evidence, vectors, fresh=route.fresh)

    def _quote(self, question: str, route: Route, found: Found, weighed: quote.Weighed) -> Answer:
        thin = weighed.thin
        text, sentences, citations = quote.compose(quote.choose(weighed, most=2 if thin else quote.MOST))
        if thin:
            lead = quote.nothing_found(question, weighed, found.uncovered)
            sentences = [replace(one, span=one.span.shift(len(lead) + 2)) for one in sentences]
            text = f"{lead}\n\n{text}".rstrip()
        return Answer(
            id=_new_id(),
            question=question,
            text=text,
            route=route,
            finish="abstained" if thin else "complete",
            evidence=found.evidence,
            sentences=tuple(sentences),
            citations=tuple(citations),
            uncovered=found.uncovered,
        )


class Watch:
    """Times stages: ``with watch("retrieve"): …`` adds to ``watch.ms["retrieve"]``, and to the total."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._ms = {"route": 0.0, "retrieve": 0.0, "answer": 0.0}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self._ms[stage] += (time.perf_counter() - started) * 1000

    @property
    def ms(self) -> dict[str, float]:
        """Milliseconds by stage, and in total until now."""
        total = (time.perf_counter() - self._started) * 1000
        return {stage: round(spent, 2) for stage, spent in (*self._ms.items(), ("total", total))}


def _uncovered(question: str, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    held = frozenset().union(*(terms(f"{piece.chunk.document.title} {piece.chunk.text}") for piece in evidence))
    return uncovered(question, held)


def _say(text: str, on_text: Callable[[str], None]) -> None:
    """Hand on a text word by word, as a model would."""
    for line in text.splitlines(keepends=True):
        for word in line.split(" "):
            on_text(word if word.endswith("\n") else word + " ")


def _new_id() -> str:
    return uuid.uuid4().hex[:12]
