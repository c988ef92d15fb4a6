"""What every walk over one graph shares: its arrays turned to be read from either side, and its names."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from clew.records import Entity
from graph.forms import form_of
from graph.view import TITLE, View

TITLED = 6.0
"""How much more an edge weighs where the entity is the chunk's title or heading."""

T = TypeVar("T")
Ints = NDArray[np.int64]
Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Side:
    """Rows grouped by their key: those of key ``k`` are ``first[k]:first[k + 1]`` of each column."""

    first: Ints
    columns: tuple[Ints, ...]

    def __getitem__(self, key: int) -> tuple[Ints, ...]:
        a, b = self.first[key], self.first[key + 1]
        return tuple(column[a:b] for column in self.columns)


class Each(Generic[T]):
    """What belongs to each node, looked up when asked for."""

    def __init__(self, look: Callable[[int], T]) -> None:
        self._look = look

    def __getitem__(self, node: int) -> T:
        return self._look(node)


class WalkIndex:
    """A view made ready to be walked; built once for each view and shared by all questions.

    It walks over names: entities of one name are one node, for a false parting breaks a path while a false joining
    adds one that its sentences must still speak for. ``names`` are the nodes', ``forms`` the same as they are
    compared, ``ids`` the entities of each. ``namings`` of a node are (chunks, sentences), ``named`` in a chunk (nodes,
    sentences). ``edges`` are the distinct pairs of chunk and node by chunk: (nodes, edge numbers); ``ends`` the same
    by node; ``weight`` and ``title`` go by edge number. ``among`` is how many chunks mention a node, ``beyond`` what
    its edges to chunks outside the view weigh.

    ``names``, from the form of a name to the ids of all who bear it, are the only ones looked up, where a question's
    names are known already.
    """

    def __init__(self, view: View, names: Mapping[str, Sequence[str]] | None = None) -> None:
        self.chunks = view.chunks
        self.position = {id_: n for n, id_ in enumerate(view.chunks)}
        self.size = len(view.chunks)
        self.nodes_of: dict[str, int] = {}
        numbers = self.nodes_of
        node_of = np.array([numbers.setdefault(form_of(e.name), len(numbers)) for e in view.entities], np.int64)
        self.nodes = len(numbers)
        self.forms = tuple(numbers)
        self._entities = view.entities
        self._named = names
        by_node = np.argsort(node_of, kind="stable")
        self._same = _side(node_of[by_node], (by_node,), self.nodes)
        self.names = Each(lambda node: self._of(node)[0].name)
        self.ids = Each(lambda node: tuple(entity.id for entity in self._of(node)))
        chunk, node, sentence = _distinct(view.chunk, node_of[view.entity], view.sentence)
        by_node = np.lexsort((sentence, chunk, node))
        by_chunk = np.lexsort((node, sentence, chunk))
        self.namings = _side(node[by_node], (chunk[by_node], sentence[by_node]), self.nodes)
        self.named = _side(chunk[by_chunk], (node[by_chunk], sentence[by_chunk]), self.size)
        pairs, at = np.unique(chunk * max(self.nodes, 1) + node, return_inverse=True)
        self.title = np.zeros(len(pairs), np.int64)
        self.title[at[sentence == TITLE]] = 1
        of_chunk, of_node = np.divmod(pairs, max(self.nodes, 1))
        here: Ints = np.bincount(of_node, minlength=self.nodes)
        self.among = here
        if view.often is not None:  # a part: what is rare is for the whole to say
            self.among = np.bincount(node_of, view.often, minlength=self.nodes).astype(np.int64)
        whole = max(view.whole or self.size, 1)
        self.beyond: Doubles = np.maximum(self.among - here, 0) / np.log(2 + self.among)
        self.weight: Doubles = np.where(self.title == 1, TITLED, 1.0) / np.log(2 + self.among[of_node])
        self.edges = _side(of_chunk, (of_node, np.arange(len(pairs))), self.size)
        turned = np.argsort(of_node, kind="stable")
        self.ends = _side(of_node[turned], (of_chunk[turned], turned), self.nodes)
        self.rarity = np.log(1 + whole / np.maximum(self.among, 1)) / np.log(1 + whole)

    @cached_property
    def by_name(self) -> dict[str, tuple[int, ...]]:
        """From each name and alias, in the form names are compared in, to the nodes that bear it."""
        if self._named is not None:
            here = {form: {node for id_ in ids if (node := self._node(id_)) >= 0} for form, ids in self._named.items()}
            own = self.nodes_of  # who bears it as the name comes first, then those with it as an alias
            return {form: tuple(sorted(nodes, key=lambda n: (n != own.get(form), n))) for form, nodes in here.items()}
        found: dict[str, list[int]] = {form: [number] for number, form in enumerate(self.forms)}
        for number in range(self.nodes):
            for form in dict.fromkeys(form_of(alias) for entity in self._of(number) for alias in entity.aliases):
                bearers = found.setdefault(form, [])
                if number not in bearers:
                    bearers.append(number)
        return {form: tuple(numbers) for form, numbers in found.items()}

    @cached_property
    def by_id(self) -> dict[str, int]:
        """From an entity's id to its node."""
        return {entity.id: self.nodes_of[form_of(entity.name)] for entity in self._entities}

    def _node(self, id_: str) -> int:
        """The node of an entity, -1 if it is not here."""
        at = bisect_left(self._entities, id_, key=lambda entity: entity.id)
        found = at < len(self._entities) and self._entities[at].id == id_
        return self.nodes_of[form_of(self._entities[at].name)] if found else -1

    def _of(self, node: int) -> list[Entity]:
        """The entities of a node."""
        [numbers] = self._same[node]
        return [self._entities[n] for n in numbers]

    @cached_property
    def longest(self) -> int:
        """Words of the longest name."""
        return max((form.count(" ") + 1 for form in self.by_name), default=1)


def _distinct(chunk: NDArray[np.int32], node: Ints, sentence: NDArray[np.int32]) -> tuple[Ints, Ints, Ints]:
    """The namings, each once, in order."""
    nodes, sentences = int(node.max(initial=0)) + 1, int(sentence.max(initial=0)) + 2
    rows = np.unique((chunk.astype(np.int64) * nodes + node) * sentences + sentence + 1)
    rows, last = np.divmod(rows, sentences)
    first, middle = np.divmod(rows, nodes)
    return first, middle, last - 1


def _side(keys: Ints, columns: tuple[Ints, ...], count: int) -> Side:
    first = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(keys, minlength=count), out=first[1:])
    return Side(first, columns)
