"""Names that are likely another form of a title: "Boso Haak" beside "Boso Haak the Elder" or "Bosso Haak".

Resolution joins what it is sure of. A walk may also follow what is only likely, for the sentences behind a name must
still speak for it.
"""

from collections import Counter, defaultdict
from collections.abc import Collection

import numpy as np
from rapidfuzz import fuzz

from retrieve.bridges import Reached
from retrieve.walkindex import WalkIndex

LIKELY = 0.8  # of an activation that goes to the kin
MOST = 2  # a form of more names than this is nobody's
ALIKE = 80  # of 100: edits that two spellings of one name may differ by


class Kin:
    """Finds, for names that are no titles, the titles that hold all their words or whose words they all hold, else
    those that share a word and are spelled nearly alike."""

    def __init__(self, index: WalkIndex) -> None:
        self._forms = index.forms
        self._found: dict[int, list[int]] = {}
        nodes, edges = index.edges.columns
        self._titled = frozenset(np.unique(nodes[index.title[edges] == 1]).tolist())
        self._words = [frozenset(form.split()) for form in index.forms]
        self._with: dict[str, list[int]] = defaultdict(list)
        for node in sorted(self._titled):
            for word in self._words[node]:
                self._with[word].append(node)

    def of(self, node: int) -> list[int]:
        """The titles that this name may stand for; none for a title, a single word, or where there are many."""
        if node not in self._found:
            self._found[node] = self._find(node)
        return self._found[node]

    def extend(self, reached: Reached, seeds: Collection[int]) -> None:
        """Activate the kin of what was reached, by the same sentence. Changes ``reached``."""
        for node in sorted(reached.active):
            worth = LIKELY * reached.active[node]
            for title in self.of(node):
                if title not in seeds and worth > reached.active.get(title, 0.0):
                    reached.active[title] = worth
                    if node in reached.by:
                        reached.by[title] = reached.by[node]

    def _find(self, node: int) -> list[int]:
        words = self._words[node]
        if node in self._titled or len(words) < 2:
            return []
        shared = Counter(title for word in words for title in self._with.get(word, ()))
        found = [
            title
            for title, count in shared.items()
            if count == len(words) or (count >= 2 and count == len(self._words[title]))
        ]
        if not found:
            form = self._forms[node]
            found = [title for title in shared if fuzz.ratio(form, self._forms[title], score_cutoff=ALIKE)]
        return sorted(found) if len(found) <= MOST else []
