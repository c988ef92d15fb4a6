"""Names of Chinese text, by jieba's tags."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

HAN_RUN = re.compile(r"[㐀-䶿一-鿿豈-﫿·]+")
LATIN_NAME = re.compile(r"[A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*)*")
QUOTED = re.compile(r"[《“「『\"]([^《》“”「」『』\"\n]{2,20})[》”」』\"]")
KINDS = {"nr": "person", "ns": "place", "nt": "organisation", "nz": "name"}
BETWEEN = 12  # characters
_BREAK = re.compile(r"[\uff0c\u3002\uff1b\uff1a\uff01\uff1f\u3001,;:!?\n]")


def names(text: str) -> Iterator[tuple[int, int, str]]:
    """Each name as (start, end, kind): jieba's names, what stands in quotation marks, and Latin names between."""
    for run in HAN_RUN.finditer(text):
        yield from _tagged(run[0], run.start())
    for found in QUOTED.finditer(text):
        yield found.start(1), found.end(1), "name"
    for found in LATIN_NAME.finditer(text):
        if len(found[0]) > 1:
            yield found.start(), found.end(), "name"


def linked(text: str, names: Sequence[tuple[int, int]]) -> Iterator[tuple[str, str, str, int]]:
    """(subject, words between, object, where) for neighbouring names of one clause with a verb or
    preposition between them."""
    for (a, b), (c, d) in pairwise(names):
        between = text[b:c]
        if not 0 < len(between) <= BETWEEN or _BREAK.search(between):
            continue
        if any(word.flag[0] in "vp" for word in _tagger().cut(between)):
            yield text[a:b], between.strip(' 《》“”「」『』"'), text[c:d], a


def _tagged(run: str, base: int) -> Iterator[tuple[int, int, str]]:
    at = base
    for word in _tagger().cut(run):
        kind = KINDS.get(word.flag[:2])
        if kind and len(word.word) > 1:
            yield at, at + len(word.word), kind
        at += len(word.word)


@cache
def _tagger() -> Any:
    import logging

    import jieba
    import jieba.posseg

    jieba.setLogLevel(logging.WARNING)
    return jieba.posseg
