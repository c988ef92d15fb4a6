"""One case asked of one system through the assistant that people use, and what was seen, ready to be kept."""

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from clew.records import Answer, Evidence, Finish, Found, Route, RoutePath
from evals.cases import Case
from evals.text import contains

WIDEST = 1000


class Searched(Protocol):
    """What a search gives: the way taken, the ranking, and milliseconds by stage."""

    @property
    def route(self) -> Route: ...
    @property
    def found(self) -> Found: ...
    @property
    def ms(self) -> Mapping[str, float]: ...


class Asked(Protocol):
    """The assistant, as far as measurement needs it. ``paths`` are those it can be made to take."""

    @property
    def paths(self) -> tuple[RoutePath, ...]: ...
    def search(self, question: str, *, path: RoutePath | None = None, limit: int = 10) -> Searched: ...
    def ask(self, question: str, *, path: RoutePath | None = None) -> Answer: ...


class Kept(BaseModel):
    """What is written to files and read back."""

    model_config = ConfigDict(frozen=True)


class Way(Kept):
    """The route, as results show it."""

    path: RoutePath
    compute: bool = False
    fresh: bool = False
    confidence: float = 1.0
    decided_by: str = "user"


class Seen(Kept):
    """A chunk of the ranking; ``document`` is the corpus' own id, ``holds`` numbers the gold facts in its text."""

    document: str
    chunk: str
    score: float
    via: str = ""
    title: str = ""
    facts: tuple[str, ...] = ()
    holds: tuple[int, ...] = ()


class Quote(Kept):
    """A citation of the answer."""

    marker: int
    document: str
    chunk: str
    quote: str
    support: float
    supported: bool


class Said(Kept):
    """An answer; ``evidence`` are the documents the answer could be drawn from, ``holds`` the gold facts in it."""

    text: str
    finish: Finish
    sentences: int
    unsupported: int
    quotes: tuple[Quote, ...] = ()
    evidence: tuple[str, ...] = ()
    holds: tuple[int, ...] = ()
    uncovered: tuple[str, ...] = ()


class Spent(Kept):
    """What the answers cost."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    usd: float = 0.0


class Observation(Kept):
    """Everything seen of one case under one system. Metrics are computed from this and the case alone."""

    case: str
    system: str
    route: Way
    ranked: tuple[Seen, ...]
    ms: dict[str, float]
    usage: Spent = Spent()
    answer: Said | None = None


def observe(
    assistant: Asked,
    case: Case,
    *,
    system: str,
    path: RoutePath | None,
    depth: int,
    ids: Mapping[str, str],
    answers: bool,
) -> Observation:
    """Search for the case's question (and answer it), keeping the ranking down to ``depth`` distinct documents.

    ``ids`` maps a document's path to the corpus' own id.
    """
    limit = 5 * depth
    while True:
        started = time.perf_counter()
        searched = assistant.search(case.question, path=path, limit=limit)
        took = (time.perf_counter() - started) * 1000
        evidence = searched.found.evidence
        short = len({e.chunk.document.id for e in evidence}) < depth
        if not short or len(evidence) < limit or limit >= WIDEST:
            break
        limit *= 4  # long documents crowd the ranking: the same few fill it
    ms = {**searched.ms, "search": took}
    answer = assistant.ask(case.question, path=path) if answers else None
    if answer is not None:
        ms |= {stage: answer.ms[stage] for stage in ("answer", "total") if stage in answer.ms}
    usage = answer.usage if answer else None
    return Observation(
        case=case.id,
        system=system,
        route=_way(searched.route),
        ranked=tuple(_seen(e, case, ids) for e in down_to(evidence, depth)),
        ms=ms,
        usage=Spent(calls=usage.calls, tokens_in=usage.tokens_in, tokens_out=usage.tokens_out, usd=usage.usd)
        if usage
        else Spent(),
        answer=_said(answer, case, ids) if answer else None,
    )


def down_to(evidence: Iterable[Evidence], depth: int) -> Iterator[Evidence]:
    """The ranking until the chunk that brings the last of ``depth`` distinct documents."""
    documents: set[str] = set()
    for piece in evidence:
        documents.add(piece.chunk.document.id)
        yield piece
        if len(documents) == depth:
            return


def _seen(piece: Evidence, case: Case, ids: Mapping[str, str]) -> Seen:
    document = piece.chunk.document
    return Seen(
        document=ids.get(document.path, document.path),
        chunk=piece.chunk.id,
        score=piece.score,
        via=piece.via,
        title=document.title,
        facts=tuple(fact.text for fact in piece.facts[:6]),
        holds=_holds(piece.chunk.text, case),
    )


def _said(answer: Answer, case: Case, ids: Mapping[str, str]) -> Said:
    paths = dict.fromkeys(piece.chunk.document.path for piece in answer.evidence)
    return Said(
        text=answer.text,
        finish=answer.finish,
        sentences=len(answer.sentences),
        unsupported=sum(not sentence.supported for sentence in answer.sentences),
        quotes=tuple(
            Quote(
                marker=c.marker,
                document=ids.get(c.chunk.document.path, c.chunk.document.path),
                chunk=c.chunk.id,
                quote=c.quote,
                support=c.support,
                supported=c.supported,
            )
            for c in answer.citations
        ),
        evidence=tuple(ids.get(path, path) for path in paths),
        holds=_holds(answer.text, case),
        uncovered=answer.uncovered,
    )


def _holds(text: str, case: Case) -> tuple[int, ...]:
    return tuple(n for n, fact in enumerate(case.gold_facts) if contains(text, fact))


def _way(route: Route) -> Way:
    return Way(
        path=route.path,
        compute=route.compute,
        fresh=route.fresh,
        confidence=route.confidence,
        decided_by=route.decided_by,
    )
