"""Everyday words across English and Chinese, by a small glossary of this house's own."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from clew.language import HAN, language_of
from retrieve.content import ASKING, PLAIN_WORD, terms

GLOSSARY = Path(__file__).with_name("glossary.txt")
LONGEST_HAN, LONGEST = 6, 3  # characters, words

Carried = tuple[str, tuple[str, ...]]


def glossed(question: str) -> list[Carried]:
    """The question's words that the glossary has, longest first from left to right, with their equals.

    A single Chinese character is left alone: it is mostly a part of something else.
    """
    return list(_from_chinese(question) if language_of(question) == "zh" else _from_english(question))


def _from_chinese(question: str) -> list[Carried]:
    known, found, at = _tables()[0], [], 0
    while at < len(question):
        for length in range(LONGEST_HAN, 1, -1):
            word = question[at : at + length]
            if len(word) == length and word in known:
                found.append((word, known[word]))
                at += length - 1
                break
        at += 1
    return found


def _from_english(question: str) -> list[Carried]:
    known, found, at = _tables()[1], [], 0
    words = PLAIN_WORD.findall(question)
    forms = [terms(word) - ASKING for word in words]
    while at < len(words):
        for length in range(LONGEST, 0, -1):
            key = tuple(forms[at : at + length])
            if len(key) == length and key in known:
                found.append((" ".join(words[at : at + length]), known[key]))
                at += length - 1
                break
        at += 1
    return found


def english_of(word: str) -> frozenset[str]:
    """The term of an English word, or those of a Chinese one's equals; phrases are left out."""
    said = _tables()[0].get(word, ()) if HAN.match(word) else (word,)
    return frozenset(term for one in said if len(found := terms(one)) == 1 and " " not in one for term in found)


def chinese_of(term: str) -> frozenset[str]:
    """The Chinese equals of an English term that are one pair of characters."""
    return frozenset(word for word in _tables()[1].get((frozenset((term,)),), ()) if len(word) == 2)


def pairs() -> Iterator[tuple[list[str], list[str]]]:
    """The glossary's lines: English words, and the Chinese ones that say the same."""
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            left, right = ([word.strip() for word in side.split(",")] for side in line.split("="))
            yield left, right


@cache
def _tables() -> tuple[dict[str, tuple[str, ...]], dict[tuple[frozenset[str], ...], tuple[str, ...]]]:
    """From Chinese words, and from English words by their stems, to what each can be."""
    chinese: dict[str, dict[str, None]] = defaultdict(dict)
    english: dict[tuple[frozenset[str], ...], dict[str, None]] = defaultdict(dict)
    for left, right in pairs():
        for word in left:
            english[tuple(filter(None, map(terms, word.split())))].update(dict.fromkeys(right))
        for word in right:
            chinese[word].update(dict.fromkeys(left))
    english.pop((), None)
    return {k: tuple(v) for k, v in chinese.items()}, {k: tuple(v) for k, v in english.items()}
