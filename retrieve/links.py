"""How strongly the candidates of a question hang together by the entities they share."""

from collections.abc import Iterable

import numpy as np

from clew.ports import Floats
from retrieve.sentences import Ints
from retrieve.walkindex import WalkIndex

UNTITLED = 0.5
"""Strength of an entity that is the title of neither chunk."""


def links(candidates: Ints, index: WalkIndex, without: Iterable[int] = ()) -> Floats:
    """(n, n): for each two chunks the strongest entity they share, by its rarity, 0 to 1.

    An entity that is the title of both says no more than that they are parts of one document, and those ``without``,
    the question's own, lead nowhere new.
    """
    count = len(candidates)
    parts = [index.edges[int(chunk)] for chunk in candidates]
    entities = np.concatenate([part[0] for part in parts]) if parts else np.zeros(0, np.int64)
    edges = np.concatenate([part[1] for part in parts]) if parts else np.zeros(0, np.int64)
    rows = np.repeat(np.arange(count), [len(part[0]) for part in parts])
    shared, column, among = np.unique(entities, return_inverse=True, return_counts=True)
    kept = (among > 1) & ~np.isin(shared, np.fromiter(without, np.int64))
    if not kept.any():
        return np.zeros((count, count), np.float32)
    number = np.cumsum(kept) - 1
    use = kept[column]
    held = np.zeros((number[-1] + 1, count), np.float32)
    titled = np.zeros_like(held)
    held[number[column[use]], rows[use]] = 1
    titled[number[column[use]], rows[use]] = index.title[edges[use]]
    rarity = index.rarity[shared[kept]].astype(np.float32)
    plain = held * (1 - titled)
    ahead = (held * rarity[:, None])[:, :, None]
    mixed = titled[:, :, None] * plain[:, None, :]
    strength = np.maximum(mixed, mixed.transpose(0, 2, 1))
    strength = np.maximum(strength, UNTITLED * plain[:, :, None] * plain[:, None, :]) * ahead
    found: Floats = strength.max(0)
    np.fill_diagonal(found, 0)
    return found
