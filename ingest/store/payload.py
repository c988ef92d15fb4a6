"""A chunk as the payload of a Qdrant point, and back, and a scope as conditions on it: the same for both engines.

Everything that answering needs of a chunk is in its payload.
"""

import datetime
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from clew.records import Chunk, Document, Scope, Span

OF_DOCUMENT = ("document", "collection", "path", "title", "type", "hash", "date", "date_source", "language")
"""The keys that ``document_of`` reads."""

FILTERED = {
    "document": "keyword",
    "collection": "keyword",
    "folders": "keyword",
    "type": "keyword",
    "day": "integer",
    "start": "integer",
    "end": "integer",
}
"""The keys that searches and deletions are limited by, each with its kind."""


def to_payload(chunk: Chunk) -> dict[str, Any]:
    """JSON types only. ``folders`` and ``day`` (yyyymmdd) exist to be filtered by."""
    document = chunk.document
    return {
        "document": document.id,
        "collection": document.collection,
        "path": document.path,
        "folders": [str(parent) for parent in PurePosixPath(document.path).parents if str(parent) != "."],
        "title": document.title,
        "named": chunk.named,
        "type": document.media_type,
        "hash": document.content_hash,
        "date": document.date.isoformat() if document.date else None,
        "day": int(document.date.strftime("%Y%m%d")) if document.date else 0,
        "date_source": document.date_source,
        "language": document.language,
        "start": chunk.span.start,
        "end": chunk.span.end,
        "text": chunk.text,
        "headings": list(chunk.headings),
        "page": chunk.page,
        "line": chunk.line,
        "sentences": [edge for span in chunk.sentences for edge in (span.start, span.end)],
    }


def from_payload(id: str, payload: Mapping[str, Any]) -> Chunk:  # noqa: A002
    """The chunk that ``to_payload`` was given."""
    edges = payload["sentences"]
    return Chunk(
        id=id,
        document=document_of(payload),
        span=Span(payload["start"], payload["end"]),
        text=payload["text"],
        headings=tuple(payload["headings"]),
        page=payload["page"],
        line=payload.get("line"),
        sentences=tuple(Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)),
        named=payload["named"],
    )


def document_of(payload: Mapping[str, Any]) -> Document:
    """The document that a chunk's payload names."""
    return Document(
        id=payload["document"],
        collection=payload["collection"],
        path=payload["path"],
        title=payload["title"],
        media_type=payload["type"],
        content_hash=payload["hash"],
        date=datetime.date.fromisoformat(payload["date"]) if payload["date"] else None,
        date_source=payload["date_source"],
        language=payload["language"],
    )


def matches(scope: Scope) -> dict[str, str]:
    """The values that a scope asks of keys."""
    asked = {"collection": scope.collection, "folders": scope.folder, "type": scope.media_type}
    return {key: value for key, value in asked.items() if value is not None}


def days(scope: Scope) -> tuple[int, int] | None:
    """The first and the last ``day`` of a scope, or None if it has neither."""
    if not (scope.since or scope.until):
        return None
    since = int(scope.since.strftime("%Y%m%d")) if scope.since else 1
    until = int(scope.until.strftime("%Y%m%d")) if scope.until else 99991231
    return since, until
