"""The assistant: a question in, an answer with citations out, and on from there."""

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from clew.errors import ClewError, ModelError
from clew.language import language_of
from clew.ports import Embedder, QueryVectors, VectorStore
from clew.records import ANYWHERE, Answer, Found, Route, RoutePath, Scope, Usage
from graph.ports import GraphStore
from retrieve import calculate, direct, keepgoing, quoting, sums, survey
from retrieve.across import Across
from retrieve.asking import asks_for_all
from retrieve.converse import Turn, is_follow_up, standalone
from retrieve.described import Described
from retrieve.find import Finder
from retrieve.groups import Bags
from retrieve.history import History
from retrieve.overview import Overview
from retrieve.passages import vectors_of
from retrieve.quote import Weighed
from retrieve.route import Router
from retrieve.watch import Watch
from retrieve.widen import widen, widened
from retrieve.write import Writer

QUOTED = {
    "en": "No answer by the model ({why}). These are sentences of the documents.",
    "zh": "模型没有写出答案({why})。以下是文档中的原句。",
}
LIMIT = 10
POOL = 30
WORD = re.compile(r"\s*\S+|\s+$")
WARM = "What is in these documents?"

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What was found for a question, by which way, and how long each stage took (milliseconds)."""

    route: Route
    found: Found
    ms: Mapping[str, float]


class Assistant:
    """Answers from one index.

    ``unit`` holds the index for one unit of work; ``paths`` are those that a user can choose. Without ``writer`` the
    answers are quotations. ``cases`` is the file that keeps each press of keep going. ``widen`` lets the writer's
    model add synonyms to a question for the graph path. ``overview`` finds for questions about the whole folder.
    ``holds`` says whether there is any document in a language.
    """

    def __init__(
        self,
        *,
        store: VectorStore,
        graph: GraphStore | None,
        embedder: Embedder,
        router: Router,
        history: History,
        unit: Callable[[], AbstractContextManager[None]],
        writer: Writer | None = None,
        cases: Path | None = None,
        widen: bool = True,
        overview: Overview | None = None,
        holds: Callable[[str], bool] = lambda language: True,
    ) -> None:
        self._store = store
        bags = Bags()
        across = Across(store, embedder, overview.names, holds, bags) if overview is not None else None
        self._finder = Finder(store, graph, Described(store, embedder, bags), across)
        self._embedder = embedder
        self._router = router
        self._history = history
        self._unit = unit
        self._writer = writer
        self._cases = cases
        self._widen = widen
        self._overview = overview
        self.paths: tuple[RoutePath, ...] = ("passages",) if graph is None else ("passages", "graph", "both", "global")

    def warm(self) -> None:
        """Load what a first question would wait for. What goes wrong is that question's to tell."""
        with suppress(ClewError):
            self._router.route(WARM)
            self.search(WARM, path="passages", limit=1)
        if self._writer is not None:
            with suppress(Exception):
                _ = self._writer.model.llm

    def search(
        self, question: str, *, path: RoutePath | None = None, limit: int = LIMIT, scope: Scope = ANYWHERE
    ) -> Search:
        """Find evidence; nothing is written. Where the ``path`` is given the router is not asked: what else it says
        of a question matters to an answer only."""
        watch = Watch()
        if path is None:
            route, query = self._route(question, path, watch)
        else:
            with watch("route"):
                query = vectors_of(question, self._embedder)
            route = Route(path=path, decided_by="user")
        with watch("retrieve"):
            said = self._said(question, route)  # a call to a model: the index is not held meanwhile
        with self._unit(), watch("retrieve"):
            found = self._find(question, query, route, limit, scope, said)
        return Search(route=route, found=found, ms=watch.ms)

    def ask(
        self,
        question: str,
        *,
        path: RoutePath | None = None,
        scope: Scope = ANYWHERE,
        turns: Sequence[Turn] = (),
        on_text: Say | None = None,
    ) -> Answer:
        """Answer with citations. ``on_text`` is given each new piece of the text as it comes; ``turns`` are what was
        said before, by which a follow-up is understood. What needs no document is answered as it was typed."""
        watch = Watch()
        route, query = self._route(question, path, watch)
        if turns and direct.asks_for_more(question):
            route = replace(route, path="direct")
        answer = Answer(id=_new_id(), question=question, text="", route=route, finish="complete")
        if not _needs_no_document(answer):
            model = self._writer.model if self._writer is not None else None
            with watch("route"):
                meant = standalone(question, turns, model)
            if meant != question:
                route, query = self._route(meant, path, watch)
                answer = replace(answer, question=meant, route=route)
        if _needs_no_document(answer):
            with watch("answer"):
                answer = _direct(answer, with_model=self._writer is not None)
            return self._kept(answer, watch, on_text)
        meant = answer.question
        with watch("retrieve"):
            said = self._said(meant, route)
        with self._unit():
            with watch("retrieve"):
                found = self._find(meant, query, route, _pool(route), scope, said)
            answer = replace(answer, evidence=found.evidence, uncovered=found.uncovered)
            if self._writer is None:
                with watch("answer"):
                    answer = self._quoted(answer, found, query)
        if self._writer is not None:
            try:
                with watch("answer"):
                    answer, told = self._written(answer, self._writer, on_text)
                return self._kept(answer, watch, None if told else on_text)
            except ModelError as error:  # it wrote nothing that can be used: what the documents say can be quoted
                note = QUOTED[language_of(meant)].format(why=error.message)
                answer = replace(answer, notes=(note,))
            with self._unit(), watch("answer"):
                answer = self._quoted(answer, found, query)
        return self._kept(answer, watch, on_text)

    def keep_going(self, answer: Answer, *, on_text: Say | None = None) -> Answer:
        """Go on in the same message: a cut answer where it stopped, a complete one with what was not used yet. That
        there is no more is told each time and stands in the message once."""
        watch = Watch()
        if keepgoing.has_ended(answer):
            if on_text is not None:
                _say(keepgoing.NO_MORE[language_of(answer.question)], on_text)
            more = replace(answer, id=_new_id(), continues=answer.id, kind="deeper", added_from=len(answer.text))
            return self._kept(more, watch, None, before=answer.usage)
        if self._writer is not None and answer.raw:
            with watch("answer"):
                more = keepgoing.keep_going(answer, self._writer, id=_new_id(), on_text=on_text, cases=self._cases)
            return self._kept(more, watch, None, before=answer.usage)
        if self._cases is not None:
            keepgoing.keep_case(self._cases, answer, "deeper")
        if answer.route.path == "global" and self._overview is not None:
            with watch("answer"):
                more = survey.deeper(answer, id=_new_id())
        else:
            with watch("route"):
                query = vectors_of(answer.question, self._embedder)
            with self._unit(), watch("answer"):
                weighed = self._weighed(answer, Found(evidence=answer.evidence), query)
                more = quoting.deeper(answer, weighed, id=_new_id())
        if on_text is not None:
            _say(more.text[more.added_from :], on_text)
        return self._kept(more, watch, None, before=answer.usage)

    def prompt(self, question: str, *, path: RoutePath | None = None, scope: Scope = ANYWHERE) -> str:
        """Exactly what the model would be sent; empty where none is set, or it would not be asked."""
        if self._writer is None:
            return ""
        search = self.search(question, path=path, limit=POOL, scope=scope)
        asked = Answer(id="", question=question, text="", route=search.route, finish="complete")
        if _needs_no_document(asked) or not search.found.evidence:
            return ""
        writer, found, about = self._given(self._writer, search.route, search.found)
        return writer.prompt(question, found.evidence, about=about)

    def load(self, id: str) -> Answer:  # noqa: A002
        """An answer given before."""
        return self._history.load(id)

    def _route(self, question: str, path: RoutePath | None, watch: Watch) -> tuple[Route, QueryVectors | None]:
        with watch("route"):
            query = vectors_of(question, self._embedder)
            route = self._router.route(question, path=path, vectors=query, embedder=self._embedder.name)
            unsure = route.decided_by == "fallback" or (route.path == "direct" and not direct.is_said(question))
            if unsure and self._overview is not None and asks_for_all(question) and not is_follow_up(question):
                route = replace(route, path="global", decided_by="fallback")  # nothing is named that can be looked up
        return route, query

    def _said(self, question: str, route: Route) -> str:
        """The question by which words and names are looked up: for the graph with other words for its own."""
        if self._writer is None or not self._widen or route.path not in ("graph", "both", "global"):
            return question
        return widened(question, widen(question, self._writer.model))

    def _find(
        self, question: str, query: QueryVectors | None, route: Route, limit: int, scope: Scope, said: str
    ) -> Found:
        if route.path == "global" and self._overview is not None:
            found = self._overview.find(question, query, limit=limit, scope=scope, said=said)
        else:
            found = self._finder.find(question, query, route.path, limit=limit, scope=scope, said=said)
        many = self._embedder.speaks("zh")  # one of many languages also finds what shares no word with the question
        return replace(found, unsaid=found.unsaid and not many)

    def _written(self, answer: Answer, writer: Writer, on_text: Say | None) -> tuple[Answer, bool]:
        """The answer by the model, and whether ``on_text`` has been told it."""
        if answer.route.compute and answer.evidence:
            try:
                shown = answer.evidence[: writer.fitting(answer.question, answer.evidence)]
                done = calculate.calculate(answer.question, shown, writer.model)
                return calculate.answered(answer, done), False
            except ModelError:
                pass  # no sum can be made of it: let the model say what the sources hold
        found = Found(evidence=answer.evidence, uncovered=answer.uncovered)
        writer, found, about = self._given(writer, answer.route, found)
        return writer.write(answer.question, answer.route, found, id=answer.id, on_text=on_text, about=about), True

    def _given(self, writer: Writer, route: Route, found: Found) -> tuple[Writer, Found, str]:
        """What the model is given: for the whole folder a few sentences each of many documents, and their themes."""
        if route.path != "global" or self._overview is None:
            return writer, found, ""
        given = replace(found, evidence=survey.narrowed(found.evidence))
        return replace(writer, most=survey.GIVEN), given, self._overview.about(found)

    def _quoted(self, answer: Answer, found: Found, query: QueryVectors | None) -> Answer:
        """The answer in the documents' own words."""
        if answer.route.path == "global" and self._overview is not None:
            return survey.answered(replace(answer, evidence=()) if found.unsaid else answer)
        return quoting.answered(answer, self._weighed(answer, found, query))

    def _weighed(self, answer: Answer, found: Found, query: QueryVectors | None) -> Weighed:
        return quoting.weigh(self._store, answer.question, query, found, answer.route)

    def _kept(self, answer: Answer, watch: Watch, on_text: Say | None, *, before: Usage = Usage()) -> Answer:  # noqa: B008 - frozen
        """Tell the answer where that is still to be done, and save it with its times and, added to what was spent
        ``before``, its costs."""
        if on_text is not None:
            _say(answer.text, on_text)
        answer = replace(answer, ms=watch.ms, usage=before + watch.usage)
        self._history.keep(answer)
        return answer


def _needs_no_document(answer: Answer) -> bool:
    """Whether a question is small talk, or a sum whatever the way that was chosen for it."""
    route = answer.route
    if route.path == "direct":
        return True
    return (route.compute or route.instead_of == "direct") and sums.read_sum(answer.question) is not None


def _direct(answer: Answer, *, with_model: bool) -> Answer:
    """What needs no document: a sum that the question spells out, or a saying."""
    done = sums.read_sum(answer.question)
    if done is None:
        return replace(answer, text=direct.reply(answer.question, with_model=with_model))
    return replace(answer, text=done.text, expression=done.text)


def _pool(route: Route) -> int:
    """Pieces of evidence that an answer and its going on are made from."""
    return survey.POOL if route.path == "global" else POOL


def _say(text: str, on_text: Say) -> None:
    """Hand on a text word by word, as a model would."""
    for word in WORD.findall(text):
        on_text(word)


def _new_id() -> str:
    return uuid.uuid4().hex[:12]
