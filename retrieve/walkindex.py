"""What every walk over one graph shares: its arrays turned to be read from either side, and its names."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from graph.forms import form_of
from graph.view import TITLE, View

TITLED = 6.0
"""How much more an edge weighs where the entity is the chunk's title or heading."""

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


class WalkIndex:
    """A view made ready to be walked; built once for each view and shared by all questions.

    It walks over names: entities of one name are one node, for a false parting breaks a path while a false joining
    adds one that its sentences must still speak for. ``names`` are the nodes', ``forms`` the same as they are
    compared, ``ids`` the entities of each. ``namings`` of a node are (chunks, sentences), ``named`` in a chunk (nodes,
    sentences). ``edges`` are the distinct pairs of chunk and node by chunk: (nodes, edge numbers); ``ends`` the same
    by node; ``weight`` and ``title`` go by edge number.
    """

    def __init__(self, view: View) -> None:
        self.chunks = view.chunks
        self.position = {id_: n for n, id_ in enumerate(view.chunks)}
        self.size = len(view.chunks)
        nodes: dict[str, list[int]] = defaultdict(list)
        for position, entity in enumerate(view.entities):
            nodes[form_of(entity.name)].append(position)
        self.nodes = len(nodes)
        self.names = tuple(view.entities[same[0]].name for same in nodes.values())
        self.ids = tuple(tuple(view.entities[n].id for n in same) for same in nodes.values())
        self.forms = tuple(nodes)
        self._aliases = tuple(
            tuple(alias for n in same for alias in view.entities[n].aliases) for same in nodes.values()
        )
        node_of = np.zeros(len(view.entities), np.int64)
        for number, same in enumerate(nodes.values()):
            node_of[same] = number
        rows = np.stack([view.chunk.astype(np.int64), node_of[view.entity], view.sentence.astype(np.int64)])
        chunk, node, sentence = np.unique(rows, axis=1) if len(nodes) < len(view.entities) else rows
        by_node = np.lexsort((sentence, chunk, node))
        by_chunk = np.lexsort((node, sentence, chunk))
        self.namings = _side(node[by_node], (chunk[by_node], sentence[by_node]), self.nodes)
        self.named = _side(chunk[by_chunk], (node[by_chunk], sentence[by_chunk]), self.size)
        pairs, at = np.unique(chunk * max(self.nodes, 1) + node, return_inverse=True)
        self.title = np.zeros(len(pairs), np.int64)
        self.title[at[sentence == TITLE]] = 1
        of_chunk, of_node = np.divmod(pairs, max(self.nodes, 1))
        self.among: Ints = np.bincount(of_node, minlength=self.nodes)
        if view.often is not None:  # a part: what is rare is for the whole to say
            self.among = np.bincount(node_of, view.often, minlength=self.nodes).astype(np.int64)
        whole = max(view.whole or self.size, 1)
        self.weight: Doubles = np.where(self.title == 1, TITLED, 1.0) / np.log(2 + self.among[of_node])
        self.edges = _side(of_chunk, (of_node, np.arange(len(pairs))), self.size)
        turned = np.argsort(of_node, kind="stable")
        self.ends = _side(of_node[turned], (of_chunk[turned], turned), self.nodes)
        self.rarity = np.log(1 + whole / np.maximum(self.among, 1)) / np.log(1 + whole)

    @cached_property
    def by_name(self) -> dict[str, tuple[int, ...]]:
        """From each name and alias, in the form names are compared in, to the nodes that bear it."""
        found: dict[str, list[int]] = {form: [number] for number, form in enumerate(self.forms)}
        for number, aliases in enumerate(self._aliases):
            for form in dict.fromkeys(map(form_of, aliases)):
                bearers = found.setdefault(form, [])
                if number not in bearers:
                    bearers.append(number)
        return {form: tuple(numbers) for form, numbers in found.items()}

    @cached_property
    def by_id(self) -> dict[str, int]:
        """From an entity's id to its node."""
        return {id_: number for number, same in enumerate(self.ids) for id_ in same}

    @cached_property
    def longest(self) -> int:
        """Words of the longest name worth looking for, at most ten."""
        return min(10, max((form.count(" ") + 1 for form in self.by_name), default=1))


def _side(keys: Ints, columns: tuple[Ints, ...], count: int) -> Side:
    first = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(keys, minlength=count), out=first[1:])
    return Side(first, columns)
