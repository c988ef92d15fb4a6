"""A chunk as the payload of a Qdrant point, and back. Everything that answering needs of a chunk is in it."""

import datetime
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from clew.records import Chunk, Document, Span


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
        "sentences": [edge for span in chunk.sentences for edge in (span.start, span.end)],
    }


def from_payload(id: str, payload: Mapping[str, Any]) -> Chunk:  # noqa: A002
    """The chunk that ``to_payload`` was given."""
    edges = payload["sentences"]
    return Chunk(
        id=id,
        document=Document(
            id=payload["document"],
            collection=payload["collection"],
            path=payload["path"],
            title=payload["title"],
            media_type=payload["type"],
            content_hash=payload["hash"],
            date=datetime.date.fromisoformat(payload["date"]) if payload["date"] else None,
            date_source=payload["date_source"],
            language=payload["language"],
        ),
        span=Span(payload["start"], payload["end"]),
        text=payload["text"],
        headings=tuple(payload["headings"]),
        page=payload["page"],
        sentences=tuple(Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)),
        named=payload["named"],
    )
