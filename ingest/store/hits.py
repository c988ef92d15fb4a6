"""What both Qdrant engines do with what they find."""

from collections.abc import Iterable

from clew.ports import Hit
from clew.records import Chunk

RRF = 60
"""The constant of reciprocal rank fusion: a chunk at rank r of a list gets 1 / (RRF + r)."""


def settled(hits: Iterable[Hit], limit: int) -> list[Hit]:
    """The first ``limit`` of one hit more than that, those of equal score by id: fusion gives two chunks a score
    wherever each stands alone at the same rank of a list, and leaves to chance which of them comes first."""
    return sorted(hits, key=lambda hit: (-hit.score, hit.chunk.id))[:limit]


def beside(chunk: Chunk, found: Iterable[Chunk]) -> tuple[Chunk | None, Chunk | None]:
    """Of the chunks found, the one that ends where ``chunk`` starts and the one that starts where it ends."""
    before = after = None
    for one in found:
        if one.span.end == chunk.span.start:
            before = before or one
        elif one.span.start == chunk.span.end:
            after = after or one
    return before, after
