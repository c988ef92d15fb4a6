"""Vectors as both Qdrant engines keep them, and what both do with chunks found."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from clew.ports import Int8s
from clew.records import Chunk

RRF = 60
"""The constant of reciprocal rank fusion: a chunk at rank r of a list gets 1 / (RRF + r)."""

_SHIFT = 128


def pack(rows: Int8s) -> list[list[int]]:
    """Sentence vectors as the unsigned bytes they are stored as."""
    packed: list[list[int]] = (rows.astype(np.int16) + _SHIFT).tolist()
    return packed


def unpack(rows: Any) -> Int8s:
    """The sentence vectors that were packed."""
    return (np.asarray(rows, np.int16) - _SHIFT).astype(np.int8)


def beside(chunk: Chunk, found: Iterable[Chunk]) -> tuple[Chunk | None, Chunk | None]:
    """Of the chunks found, the one that ends where ``chunk`` starts and the one that starts where it ends."""
    before = after = None
    for one in found:
        if one.span.end == chunk.span.start:
            before = before or one
        elif one.span.start == chunk.span.end:
            after = after or one
    return before, after
