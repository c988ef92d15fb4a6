"""Answer and go on by quoting: what the assistant does where no language model is set."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from clew.ports import Int8s, QueryVectors, VectorStore
from clew.records import Answer, Evidence, Found, Route
from retrieve import quote


def weigh(store: VectorStore, question: str, query: QueryVectors | None, found: Found, route: Route) -> quote.Weighed:
    """Score the evidence's sentences; their vectors are read from the store. Where nothing of the question is said, no
    nearness is enough: to a word that it does not know, the nearest is anything."""
    vectors = vectors_for(store, query, found.evidence)
    weighed = quote.weigh(question, query, found.evidence, vectors, fresh=route.fresh)
    return replace(weighed, verdict=replace(weighed.verdict, enough=False, doubt=1.0)) if found.unsaid else weighed


def vectors_for(store: VectorStore, query: QueryVectors | None, evidence: Sequence[Evidence]) -> Mapping[str, Int8s]:
    """The sentence vectors of the pieces that are looked at; none where the question has no vector to compare."""
    return {} if query is None else store.sentence_vectors([piece.chunk.id for piece in evidence[: quote.FROM]])


def answered(answer: Answer, weighed: quote.Weighed) -> Answer:
    """The answer with the sentences that answer, or with what comes closest where none does."""
    thin = weighed.thin
    text, sentences, citations = quote.compose(quote.choose(weighed, most=2 if thin else quote.MOST))
    if thin:
        lead = quote.nothing_found(answer.question, weighed, answer.uncovered)
        sentences = [replace(one, span=one.span.shift(len(lead) + 2)) for one in sentences]
        text = f"{lead}\n\n{text}".rstrip()
    return replace(
        answer,
        text=text,
        finish="abstained" if thin else "complete",
        sentences=tuple(sentences),
        citations=tuple(citations),
    )


def deeper(answer: Answer, weighed: quote.Weighed, *, id: str) -> Answer:  # noqa: A002
    """The answer with the next sentences not used yet, numbers following on, under a new id."""
    used = frozenset((citation.chunk.id, citation.span) for citation in answer.citations)
    quotes = quote.choose(weighed, used)
    last = max((citation.marker for citation in answer.citations), default=0)
    more, sentences, citations = quote.compose(quotes, last + 1)
    start = len(answer.text) + 2
    return replace(
        answer,
        id=id,
        text=f"{answer.text}\n\n{more or quote.nothing_more(answer.question)}",
        sentences=answer.sentences + tuple(replace(one, span=one.span.shift(start)) for one in sentences),
        citations=answer.citations + tuple(citations),
        finish="complete",
        continues=answer.id,
        kind="deeper",
        added_from=start,
    )
