"""The content words of a text, in the form that BM25 compares, so that 'ferries' covers 'ferry'."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from clew.language import HAN
from clew.records import Span
from ingest.store.words import Words

WORD = re.compile(r"[㐀-䶿一-鿿豈-﫿]+|[^\W_㐀-䶿一-鿿豈-﫿]+(?:['’.-][^\W_㐀-䶿一-鿿豈-﫿]+)*")
LONGEST = 6  # Chinese characters that the tokenizer may join to one term

_words = Words()


def terms(text: str) -> frozenset[int]:
    """The text's content words as term numbers; stop words have none."""
    return frozenset(_terms(text))


class Word(NamedTuple):
    """A word of a text as written, where it first stands, and its term numbers."""

    text: str
    span: Span
    numbers: frozenset[int]


def content_words(text: str) -> list[Word]:
    """The content words of a question, each once, in order."""
    found: dict[str, Word] = {}
    for match in WORD.finditer(text):
        at = match.start()
        for word in _cut(match.group()):
            if numbers := terms(word):
                found.setdefault(word, Word(word, Span(at, at + len(word)), numbers))
            at += len(word)
    return list(found.values())


def _cut(word: str) -> Iterator[str]:
    """Cut a Chinese run where the tokenizer does, by finding the longest pieces that are one of the run's terms."""
    if not HAN.match(word):
        yield word
        return
    known = terms(word)
    at = 0
    while at < len(word):
        for length in range(min(LONGEST, len(word) - at), 0, -1):
            piece = word[at : at + length]
            if length == 1 or (len(found := terms(piece)) == 1 and found <= known):
                yield piece
                at += length
                break


@lru_cache(maxsize=20_000)
def _terms(text: str) -> tuple[int, ...]:
    return tuple(_words.question(text))
