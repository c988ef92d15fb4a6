"""What was read of chunks, kept between questions: two questions meet in many chunks."""

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

MOST = 20_000
"""Chunks kept before starting anew."""

T = TypeVar("T")


class Kept(Generic[T]):
    """Reads by chunk id what was not read before. A chunk's id stands for its text, so nothing of it grows old."""

    def __init__(self, read: Callable[[Sequence[str]], Mapping[str, T]], *, most: int = MOST) -> None:
        self._read = read
        self._most = most
        self._known: dict[str, T | None] = {}

    def of(self, chunks: Sequence[str]) -> dict[str, T]:
        """What there is of these chunks."""
        found = {id_: self._known[id_] for id_ in chunks if id_ in self._known}
        new = [id_ for id_ in chunks if id_ not in found]
        if new:
            read = self._read(new)
            fresh = {id_: read.get(id_) for id_ in new}
            if len(self._known) + len(fresh) > self._most:
                self._known = {}
            self._known |= fresh
            found |= fresh
        return {id_: own for id_, own in found.items() if own is not None}
