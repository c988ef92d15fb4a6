"""Records as the JSON that scripts hold on to. Adding a key is free; another name is a new schema."""

from typing import Any

from clew.records import Answer, Citation, Evidence, Fact, Loss, Route
from ingest.report import Report


def report(done: Report) -> dict[str, Any]:
    counts = done.documents
    return {
        "documents": {
            name: getattr(counts, name)
            for name in ("seen", "added", "changed", "renamed", "deleted", "unchanged", "failed")
        },
        "chunks": done.chunks,
        "entities": done.entities,
        "triples": done.triples,
        "embedded": done.embedded,
        "losses": [loss(one) for one in done.losses],
        "excluded": list(done.excluded),
        "ms": dict(done.ms),
        "llm": {
            "calls": done.usage.calls,
            "tokens_in": done.usage.tokens_in,
            "tokens_out": done.usage.tokens_out,
            "usd": done.usage.usd,
        },
    }


def loss(one: Loss) -> dict[str, Any]:
    page = {} if one.page is None else {"page": one.page}
    return {"path": one.path, **page, "kind": one.kind, "reason": one.reason, "remedy": one.remedy}


def route(one: Route) -> dict[str, Any]:
    return {
        "path": one.path,
        "compute": one.compute,
        "fresh": one.fresh,
        "confidence": round(one.confidence, 4),
        "decided_by": one.decided_by,
    }


def evidence(one: Evidence) -> dict[str, Any]:
    chunk = one.chunk
    page = {} if chunk.page is None else {"page": chunk.page}
    line = {} if chunk.line is None else {"line": chunk.line_at(chunk.span.start)}
    return {
        "document": chunk.document.path,
        "collection": chunk.document.collection,
        "chunk": chunk.id,
        "title": chunk.document.title,
        **page,
        **line,
        "headings": list(chunk.headings),
        "start": chunk.span.start,
        "end": chunk.span.end,
        "text": chunk.text,
        "score": one.score,
        "via": one.via,
        "facts": [fact(each) for each in one.facts],
    }


def fact(one: Fact) -> dict[str, Any]:
    triple = {} if one.triple is None else {"triple": list(one.triple)}
    return {
        "text": one.text,
        "document": one.document.path,
        "chunk": one.chunk_id,
        "start": one.span.start,
        "end": one.span.end,
        **triple,
    }


def citation(one: Citation) -> dict[str, Any]:
    line = one.chunk.line_at(one.span.start)
    return {
        "marker": one.marker,
        "document": one.chunk.document.path,
        "chunk": one.chunk.id,
        **({} if line is None else {"line": line}),
        "quote": one.quote,
        "start": one.span.start,
        "end": one.span.end,
        "support": round(one.support, 4),
        "supported": one.supported,
    }


def answer(one: Answer) -> dict[str, Any]:
    going_on = (
        {"continues": one.continues, "kind": one.kind, "added_from": one.added_from}
        if one.continues is not None
        else {}
    )
    return {
        "id": one.id,
        "question": one.question,
        "text": one.text,
        "finish": one.finish,
        "route": route(one.route),
        "evidence": [evidence(piece) for piece in one.evidence],
        "sentences": [
            {
                "start": each.span.start,
                "end": each.span.end,
                "markers": list(each.markers),
                "supported": each.supported,
            }
            for each in one.sentences
        ],
        "citations": [citation(each) for each in one.citations],
        "uncovered": list(one.uncovered),
        "notes": list(one.notes),
        "attached": round(one.attached, 4),
        **({} if one.expression is None else {"expression": one.expression}),
        "usage": {"tokens_in": one.usage.tokens_in, "tokens_out": one.usage.tokens_out, "usd": one.usage.usd},
        "ms": dict(one.ms),
        **(going_on if one.continues is not None else {}),
    }
