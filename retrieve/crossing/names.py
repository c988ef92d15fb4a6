"""The names of a folder, to be found from a question in the other language."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise

from clew.language import language_of
from retrieve.content import RUN
from retrieve.crossing.sounds import ENOUGH, consonants, english, likeness, spelled

FEWEST, MOST = 2, 6  # characters of a Chinese name
CLOSE = 0.04  # names that are less like by so little are meant too
CAPITALISED = re.compile(r"[A-Z][a-z]{2,}")


class Names:
    """All names that a folder's documents have, ready to be asked for by sound."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = sorted(set(names))

    def across(self, question: str) -> list[tuple[str, tuple[str, ...]]]:
        """Names of the question with those of the other language that sound like them."""
        return list(self._from_chinese(question) if language_of(question) == "zh" else self._from_english(question))

    def _from_english(self, question: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        first = re.match(r"\W*\w+", question)
        words = CAPITALISED.findall(question, first.end() if first else 0)
        joined = [one + other for one, other in pairwise(words) if f"{one} {other}" in question]
        found = ""
        for word in dict.fromkeys((*joined, *words)):
            if word in found:  # half of a name that was found whole
                continue
            likely = {*self._chinese.get(word.lower(), ()), *self._chinese.get(english(word)[:2], ())}
            best = _best((likeness(han, word), han) for han in likely)
            if best:
                found += f" {word}"
                yield word, best

    def _from_chinese(self, question: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The likest windows of each run, a longer one before those inside it."""
        for run in RUN.findall(question):
            found = []
            for han, at in _windows(run):
                likely = {*self._english.get(spelled(han), ()), *self._english.get(consonants(han)[:2], ())}
                graded = {word: likeness(han, word) for word in likely}
                best = _best((grade, word) for word, grade in graded.items())
                if best:
                    grade = max(graded.values())
                    found.append((grade * len(han) ** 1.5, -at, han, best))
            taken: set[int] = set()
            for _, minus, han, best in sorted(found, reverse=True):
                places = range(-minus, len(han) - minus)
                if taken.isdisjoint(places):
                    taken.update(places)
                    yield han, tuple(dict.fromkeys(name for word in best for name in self._written[word]))

    @cached_property
    def _written(self) -> dict[str, tuple[str, ...]]:
        """From a name or two that stand together, in one word, to how that is written."""
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for name in self._names:
            words = CAPITALISED.findall(name)
            for word in words:
                found[word.lower()][word] = None
            for one, other in pairwise(words):
                found[(one + other).lower()][f"{one} {other}"] = None
                found[(other + one).lower()][f"{one} {other}"] = None
        return {word: tuple(names) for word, names in found.items()}

    @cached_property
    def _english(self) -> dict[str, tuple[str, ...]]:
        """Names by their first two consonants, and by what they are in one word."""
        found: dict[str, list[str]] = defaultdict(list)
        for word in self._written:
            for key in {word, english(word)[:2]}:
                found[key].append(word)
        return {key: tuple(words) for key, words in found.items() if key}

    @cached_property
    def _chinese(self) -> dict[str, tuple[str, ...]]:
        """Chinese names and parts of them by their first two consonants, and by their pinyin."""
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for name in self._names:
            for run in RUN.findall(name):
                for han, _ in _windows(run):
                    for key in (spelled(han), consonants(han)[:2]):
                        found[key][han] = None
        return {key: tuple(names) for key, names in found.items() if key}


def _windows(run: str) -> Iterator[tuple[str, int]]:
    for at in range(len(run)):
        for length in range(FEWEST, min(MOST, len(run) - at) + 1):
            yield run[at : at + length], at


def _best(graded: Iterable[tuple[float, str]]) -> tuple[str, ...]:
    """The names that are the likest, if any is like enough."""
    some = sorted(((grade, name) for grade, name in graded if grade > ENOUGH), reverse=True)
    return tuple(name for grade, name in some if grade >= some[0][0] - CLOSE)
