"""Names that are likely another form of a title: "Boso Haak" beside "Boso Haak the Elder" or "Bosso Haak".

Resolution joins what it is sure of. A walk may also follow what is only likely, for the sentences behind a name must
still speak for it.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable

import numpy as np
from rapidfuzz import fuzz

from retrieve.bridges import Reached
from retrieve.walkindex import WalkIndex

LIKELY = 0.8  # of an activation that goes to the kin
MOST = 2  # a form of more names than this is nobody's
ALIKE = 80  # of 100: edits that two spellings of one name may differ by


class Kin:
    """Finds, for names that are no titles, the titles that hold all their words or whose words they all hold, else
    those that share a word and are spelled nearly alike. Names and titles come in the form they are compared in."""

    def __init__(self, titles: Iterable[str]) -> None:
        self._found: dict[str, list[str]] = {}
        self._words = {title: frozenset(title.split()) for title in sorted(titles)}
        self._with: dict[str, list[str]] = defaultdict(list)
        for title, words in self._words.items():
            for word in words:
                self._with[word].append(title)

    @classmethod
    def within(cls, index: WalkIndex) -> "Kin":
        """Of the titles of an index."""
        nodes, edges = index.edges.columns
        return cls(index.forms[node] for node in np.unique(nodes[index.title[edges] == 1]).tolist())

    def of(self, name: str) -> list[str]:
        """The titles that this name may stand for; none for a title, a single word, or where there are many."""
        if name not in self._found:
            self._found[name] = self._find(name)
        return self._found[name]

    def extend(self, reached: Reached, index: WalkIndex, seeds: Collection[int]) -> None:
        """Activate the kin of what was reached, by the same sentence. Changes ``reached``."""
        for node in sorted(reached.active):
            worth = LIKELY * reached.active[node]
            for form in self.of(index.forms[node]):
                title = index.nodes_of.get(form)
                if title is not None and title not in seeds and worth > reached.active.get(title, 0.0):
                    reached.active[title] = worth
                    if node in reached.by:
                        reached.by[title] = reached.by[node]

    def _find(self, name: str) -> list[str]:
        words = frozenset(name.split())
        if name in self._words or len(words) < 2:
            return []
        shared = Counter(title for word in words for title in self._with.get(word, ()))
        found = [
            title
            for title, count in shared.items()
            if count == len(words) or (count >= 2 and count == len(self._words[title]))
        ]
        if not found:
            found = [title for title in shared if fuzz.ratio(name, title, score_cutoff=ALIKE)]
        return sorted(found) if len(found) <= MOST else []
