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

    ``namings`` of an entity are (chunks, sentences), ``named`` in a chunk (entities, sentences). ``edges`` are the
    distinct pairs of chunk and entity by chunk: (entities, weights, titles); ``ends`` the same by entity.
    """

    def __init__(self, view: View) -> None:
        self.view = view
        self.chunks = view.chunks
        self.position = {id_: n for n, id_ in enumerate(view.chunks)}
        self.size = len(view.chunks)
        self.entities = len(view.entities)
        chunk, entity = view.chunk.astype(np.int64), view.entity.astype(np.int64)
        sentence = view.sentence.astype(np.int64)
        by_entity = np.lexsort((sentence, chunk, entity))
        by_chunk = np.lexsort((entity, sentence, chunk))
        self.namings = _side(entity[by_entity], (chunk[by_entity], sentence[by_entity]), self.entities)
        self.named = _side(chunk[by_chunk], (entity[by_chunk], sentence[by_chunk]), self.size)
        pairs, at = np.unique(chunk * max(self.entities, 1) + entity, return_inverse=True)
        title = np.zeros(len(pairs), np.int64)
        title[at[sentence == TITLE]] = 1
        of_chunk, of_entity = np.divmod(pairs, max(self.entities, 1))
        self.among: Ints = np.bincount(of_entity, minlength=self.entities)
        weight = np.where(title == 1, TITLED, 1.0) / np.log(2 + self.among[of_entity])
        self.edges = _side(of_chunk, (of_entity, np.arange(len(pairs))), self.size)
        self.title = title
        self.weight = weight
        turned = np.argsort(of_entity, kind="stable")
        self.ends = _side(of_entity[turned], (of_chunk[turned], turned), self.entities)
        self.rarity = np.log(1 + self.size / np.maximum(self.among, 1)) / np.log(1 + max(self.size, 1))

    @cached_property
    def by_name(self) -> dict[str, tuple[int, ...]]:
        """From each name and alias, in the form names are compared in, to the entities that bear it."""
        found: dict[str, list[int]] = defaultdict(list)
        for position, entity in enumerate(self.view.entities):
            for form in dict.fromkeys(map(form_of, (entity.name, *entity.aliases))):
                found[form].append(position)
        return {form: tuple(positions) for form, positions in found.items()}

    @cached_property
    def longest(self) -> int:
        """Words of the longest name worth looking for, at most ten."""
        return min(10, max((form.count(" ") + 1 for form in self.by_name), default=1))


def _side(keys: Ints, columns: tuple[Ints, ...], count: int) -> Side:
    first = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(keys, minlength=count), out=first[1:])
    return Side(first, columns)
