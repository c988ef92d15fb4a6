"""The content words of a text, in the form that BM25 compares, so that 'ferries' covers 'ferry'."""

import re
from collections.abc import Iterator
from functools import lru_cache

from clew.language import HAN
from ingest.store.words import Words

WORD = re.compile(r"[㐀-䶿一-鿿豈-﫿]+|[^\W_㐀-䶿一-鿿豈-﫿]+(?:['’.-][^\W_㐀-䶿一-鿿豈-﫿]+)*")
LONGEST = 6  # Chinese characters that the tokenizer may join to one term

_words = Words()


def terms(text: str) -> frozenset[int]:
    """The text's content words as term numbers; stop words have none."""
    return frozenset(_terms(text))


def content_words(text: str) -> dict[str, frozenset[int]]:
    """Each content word of a question as written, with its term numbers, in order."""
    found = {}
    for match in WORD.finditer(text):
        for word in _cut(match.group()):
            numbers = terms(word)
            if numbers:
                found[word] = numbers
    return found


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
