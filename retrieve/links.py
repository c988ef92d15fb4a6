"""How strongly the candidates of a question hang together by the entities they share."""

from collections.abc import Iterable

import numpy as np

from clew.ports import Floats
from retrieve.sentences import Ints
from retrieve.walkindex import WalkIndex

BY_TITLES = np.array([0.5, 1.0, 0.0], np.float32)
"""Strength of an entity that is the title of neither of two chunks, of one, or of both: that only says that they are
parts of one document."""


def links(candidates: Ints, index: WalkIndex, without: Iterable[int] = ()) -> Floats:
    """(n, n): for each two chunks the strongest entity they share, by its rarity, 0 to 1.

    Those ``without``, the question's own, lead nowhere new.
    """
    count = len(candidates)
    found = np.zeros((count, count), np.float32)
    parts = [index.edges[chunk] for chunk in candidates.tolist()]
    if not parts:
        return found
    entities, edges = (np.concatenate(column) for column in zip(*parts, strict=True))
    rows = np.repeat(np.arange(count), [len(part[0]) for part in parts])
    shared, column, among = np.unique(entities, return_inverse=True, return_counts=True)
    kept = (among > 1) & ~np.isin(shared, np.fromiter(without, np.int64))
    use = np.flatnonzero(kept[column])
    use = use[np.argsort(column[use], kind="stable")]
    rows, column, title = rows[use], column[use], index.title[edges[use]]
    # Each row with every row of its entity.
    each = among[column]
    one = np.repeat(np.arange(len(use)), each)
    other = np.arange(len(one)) + np.repeat(np.searchsorted(column, column) - np.cumsum(each) + each, each)
    strength = BY_TITLES[title[one] + title[other]] * index.rarity[shared[column[one]]].astype(np.float32)
    np.maximum.at(found, (rows[one], rows[other]), strength)
    np.fill_diagonal(found, 0)
    return found
