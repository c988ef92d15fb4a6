"""Titles and headings as names: what every sentence below them may mean by "he" or "the film"."""

import re
from collections.abc import Iterator

from clew.records import Chunk

LONGEST = 12  # words, or Chinese characters: a longer title is a sentence, not a name
STOCK = """
abstract acknowledgements acknowledgments agenda appendix background biography bibliography career conclusion
conclusions contact contents description details discussion example examples faq filmography history installation
introduction legacy license links literature location method methods minutes notes overview plot preface reception
references results schedule see sources summary table tasks todo usage works
"""
GENERIC = frozenset(STOCK.split())
_NUMBER = re.compile(r"^[\dIVX]+(?:\.\d+)*[.)]?\s+")
_WORD = re.compile(r"[^\W\d_][\w'’.-]*")
_BRACKETS = re.compile(r"\s*[(（][^()（）]*[)）]\s*$")
_HAN = re.compile(r"[㐀-䶿一-鿿]")


def title_names(chunk: Chunk) -> Iterator[str]:
    """The names that a chunk's title and headings give, the title in full and without its brackets."""
    title = chunk.document.title
    if chunk.named and _short(title):
        yield title
        yield unbracketed(title)
    for heading in chunk.headings:
        heading = _NUMBER.sub("", heading)
        if heading != title and _short(heading) and _is_name(heading):
            yield unbracketed(heading)


def unbracketed(title: str) -> str:
    """A title without what is added in brackets to tell it from others: "Mercury (planet)" is called Mercury."""
    return _BRACKETS.sub("", title) or title


def _short(text: str) -> bool:
    return 0 < max(len(text.split()), len(_HAN.findall(text))) <= LONGEST


def _is_name(heading: str) -> bool:
    """Whether a heading names something: all its longer words are capitalised and it is no stock heading."""
    if _HAN.search(heading):
        return len(heading) > 1
    long = [w for w in _WORD.findall(heading) if len(w) > 3]
    return bool(long) and all(w[0].isupper() for w in long) and heading.split()[0].lower() not in GENERIC
