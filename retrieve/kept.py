"""What was read of chunks, kept between questions: two questions meet in many chunks."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

from clew.records import Chunk

MOST = 20_000
"""Chunks kept before starting anew."""

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

Standing = tuple[str, str, tuple[str, ...]]


def standing(chunk: Chunk) -> Standing:
    """What a chunk's words and vectors follow from: its id stands for its text, but not for what stands over it."""
    return chunk.id, chunk.document.title, chunk.headings


class Kept(Generic[K, T]):
    """Reads by key what was not read before; what is not there is asked for again. Threads may share it.

    Nothing of it grows old where a key is what a chunk is ``standing`` for; by a chunk's id alone keep it no longer
    than the graph's revision stands.
    """

    def __init__(self, read: Callable[[Sequence[K]], Mapping[K, T]], *, most: int = MOST) -> None:
        self._read = read
        self._most = most
        self._known: dict[K, T] = {}

    def of(self, keys: Sequence[K]) -> dict[K, T]:
        """What there is of these."""
        known = self._known  # another thread may start anew meanwhile
        found = {key: known[key] for key in keys if key in known}
        new = [key for key in keys if key not in found]
        if new:
            read = self._read(new)
            fresh = {key: read[key] for key in new if key in read}
            if len(known) + len(fresh) > self._most:
                self._known = known = {}
            known.update(fresh)
            found |= fresh
        return found
