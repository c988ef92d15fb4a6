"""What both Qdrant engines do with what they find."""

from collections.abc import Iterable

from clew.records import Chunk

RRF = 60
"""The constant of reciprocal rank fusion: a chunk at rank r of a list gets 1 / (RRF + r)."""


def beside(chunk: Chunk, found: Iterable[Chunk]) -> tuple[Chunk | None, Chunk | None]:
    """Of the chunks found, the one that ends where ``chunk`` starts and the one that starts where it ends."""
    before = after = None
    for one in found:
        if one.span.end == chunk.span.start:
            before = before or one
        elif one.span.start == chunk.span.end:
            after = after or one
    return before, after
