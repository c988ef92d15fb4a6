"""Sets that grow together: which of some things have been joined, directly or through others."""

from collections import defaultdict
from collections.abc import Iterable


class Joining:
    """Union-find over strings, whose groups do not depend on the order of the joins."""

    def __init__(self, things: Iterable[str]) -> None:
        self._parent = {thing: thing for thing in things}

    def root(self, thing: str) -> str:
        """The smallest of the things joined with this one."""
        parent = self._parent
        while parent[thing] != thing:
            parent[thing] = thing = parent[parent[thing]]
        return thing

    def join(self, one: str, other: str) -> None:
        a, b = sorted((self.root(one), self.root(other)))
        self._parent[b] = a

    def groups(self) -> list[list[str]]:
        """Every group, sorted, in the order of its smallest."""
        together: dict[str, list[str]] = defaultdict(list)
        for thing in sorted(self._parent):
            together[self.root(thing)].append(thing)
        return list(together.values())
