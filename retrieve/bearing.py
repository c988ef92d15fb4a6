"""How far each document of a folder bears on a question about the whole of it.

Six things are seen of each document; each is compared among the documents of one language, for a question meets those
in its own words and the others only as far as it could be carried across. What they weigh is in docs/decisions/0014.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from clew.ports import Floats
from clew.records import Chunk, Document
from retrieve.asking import Asking
from retrieve.compared import compared
from retrieve.groups import Bag, rarity, share
from retrieve.near import bm25_nearly

Ints = NDArray[np.int64]

WORDS, NAMES, MEANING, RANK, THEME, FOLDER = 0.35, 0.45, 0.65, 0.2, 0.25, 0.2
RESTS = -3.6  # where a document stands of which nothing is seen
UNREAD = 0.3  # for a document whose meaning cannot be compared, where others' can: no sign of it is no sign against it
FIRST = 5  # documents of each language that tell which folders and communities are meant
SHY = 3.0  # documents' worth of doubt about a community that few speak of
OUTSIDE, INSIDE = -1.0, 2.0
"""Standard deviations that a folder says at most: where nearly all lie together the few others would be ruled out."""
COMMON = 0.25  # a folder with a larger share of the documents says nothing
LATE = 10  # how slowly the worth of a rank falls


@dataclass(frozen=True, slots=True)
class Held:
    """A document with those of its chunks that were looked at, and their terms, path and headings included."""

    document: Document
    chunks: tuple[Chunk, ...]
    bags: tuple[Bag, ...]

    @property
    def folder(self) -> str:
        return str(PurePosixPath(self.document.path).parent)


@dataclass(frozen=True, slots=True)
class Bearing:
    """``likely`` (documents,): how likely each is to be wanted; ``weights`` of the groups by language."""

    likely: Floats
    weights: Mapping[str, list[float]]


def bearing(asking: Asking, held: Sequence[Held], near: Floats, ranks: Sequence[int | None], themes: Floats) -> Bearing:
    """Judge documents.

    ``near`` (documents,): cosine of each one's best sentence to the question, nan where there is none; ``ranks``: where
    each stands in the ranking of passages; ``themes`` (communities, documents): how far each speaks of each community.
    """
    score = np.zeros(len(held), np.float32)
    wanted = np.zeros(len(themes), np.float32)
    weights, seen = {}, []
    for language in sorted({one.document.language for one in held}):
        ours = np.array([n for n, one in enumerate(held) if one.document.language == language])
        some = [held[n] for n in ours]
        bags = [bag for one in some for bag in one.bags]
        groups, names = asking.groups(language), asking.names(language)
        weights[language], rare = rarity(groups, bags), rarity(names, bags)
        each = iter(bm25_nearly(groups, bags, language))
        words = [max((next(each) for _ in one.bags), default=0.0) for one in some]
        score[ours] = (
            WORDS * compared(words)
            + NAMES * compared([max((share(names, rare, bag) for bag in one.bags), default=0.0) for one in some])
            + MEANING * compared(near[ours])
            + RANK * compared([0.0 if (rank := ranks[n]) is None else 1 / (LATE + rank) for n in ours])
        )
        first = np.argsort(-score[ours], kind="stable")[:FIRST]
        trust = (1 / np.sqrt(np.arange(1, len(first) + 1))).astype(np.float32)
        wanted += themes[:, ours[first]] @ trust / (themes.sum(1) + SHY)
        by_folder = compared(_by_folder(some, first, trust, len(held)))
        seen.append((ours, FOLDER * np.clip(by_folder, OUTSIDE, INSIDE)))
    unread = np.isnan(near)
    if not unread.all():
        score[unread] += UNREAD
    for ours, by_folder in seen:
        score[ours] += THEME * compared(themes[:, ours].T @ wanted) + by_folder
    return Bearing(1 / (1 + np.exp(-(score + RESTS))), weights)


def _by_folder(held: Sequence[Held], first: Ints, trust: Floats, whole: int) -> list[float]:
    """How many of the other first documents lie in the same folder as each."""
    lie: dict[str, float] = defaultdict(float)
    own = dict(zip(first.tolist(), trust.tolist(), strict=True))
    for n, worth in own.items():
        lie[held[n].folder] += worth
    crowd = Counter(one.folder for one in held)
    return [
        0.0 if crowd[one.folder] > COMMON * whole else lie[one.folder] - own.get(n, 0.0) for n, one in enumerate(held)
    ]
