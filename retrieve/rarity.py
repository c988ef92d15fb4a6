"""How rare a word is in this folder, from a sample of its chunks."""

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from retrieve.terms import terms

SAMPLE = 2000


class Rarity:
    """Weighs words: 1 for one that no sampled chunk has, near 0 for one that all have."""

    def __init__(self, sample: Iterable[Collection[int]]) -> None:
        self._among: Counter[int] = Counter()
        self._total = 0
        for words in sample:
            self._among.update(words)
            self._total += 1
        self._most = math.log(1 + max(self._total, 1))

    @classmethod
    def of(cls, chunks: Sequence[str], read: Callable[[Sequence[str]], Mapping[str, Collection[int]]]) -> "Rarity":
        """From the first chunks in the order of their ids, which is no order of anything else."""
        return cls(read(sorted(chunks)[:SAMPLE]).values())

    def word(self, numbers: Iterable[int]) -> float:
        """The weight of a word: of the rarest of its terms."""
        return max((self._of(number) for number in numbers), default=0.0)

    def name(self, name: str) -> float:
        """How much a name says: "Director", also a film's title, says little; two middling words say much."""
        return min(1.0, sum(self._of(number) for number in terms(name)))

    def _of(self, number: int) -> float:
        return math.log(1 + self._total / (1 + self._among[number])) / self._most if self._total else 1.0
