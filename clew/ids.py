"""Ids that follow from content, so that writing twice is the same as writing once."""

from hashlib import blake2b

from clew.records import Span


def digest(*parts: str | bytes) -> str:
    """32 hex digits over the parts, each kept apart from the next. Also a valid UUID for Qdrant."""
    h = blake2b(digest_size=16)
    for part in parts:
        raw = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        h.update(len(raw).to_bytes(8, "little"))
        h.update(raw)
    return h.hexdigest()


def document_id(collection: str, path: str) -> str:
    """The id of the file at ``path`` (relative, with forward slashes) of a collection."""
    return digest("document", collection, path)


def chunk_id(document: str, span: Span, text: str) -> str:
    """The id of a chunk: it changes with its document, place or words, and with nothing else."""
    return digest("chunk", document, f"{span.start}:{span.end}", text)
