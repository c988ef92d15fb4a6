"""Whether what was found speaks of what is asked at all: to a question about something else, the nearest is anything.

Two things are seen, and one makes up for the other: how many of the question's words that passage says which says most
of them, and how near the nearest sentence is. docs/decisions/0011-extractive-answers-and-abstention.md
"""

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from clew.language import language_of
from clew.records import Chunk, Span
from retrieve.asking import ABOUT, ABOUT_HAN, NAME, own_words
from retrieve.content import EMPTY, RUN, Word, content_words, han_words, over_it, said_in, terms
from retrieve.groups import Group
from retrieve.support.names import can_be_name, is_everyday, segmented

FIRST = 10  # passages that show whether what is asked is spoken of, and what of it is not
LEAST = 0.45  # cosine of the nearest sentence, with what each word that is said adds to it
WORD = 0.1
ONE = 1.0  # words that must be said where there is no cosine
YEAR = re.compile(r"(?:19|20)\d\d")
SHORT = 4  # words of a short question
EVERYDAY = 0.5  # what a word counts for that says little anywhere


def off_topic(question: str, chunks: Sequence[Chunk], carried: Sequence[Group], nearest: float | None) -> bool:
    """Whether the first passages found say too little of a question. ``carried`` are its words in the other language,
    ``nearest`` is the cosine of the nearest sentence; None where the embedder lacks the question's language.

    In a short question a name that no passage says takes away what a word adds: it is what the question is about.
    """
    words = asked_words(question)
    if not words or not chunks:
        return False
    language = language_of(question)
    said = np.array([_said(words, chunk, carried if chunk.document.language != language else ()) for chunk in chunks])
    if (said == 1).all(axis=1).any():
        return False
    over = np.array([[_share(word, above) for word in words] for above in map(over_it, chunks)])
    if len(words) == 2 and any(over[:, n].any() for n, word in enumerate(words) if YEAR.fullmatch(word.text)):
        return False  # all of a year
    worth = np.array([EVERYDAY if is_everyday(word.text) else 1.0 for word in words])
    most = float(((said + over) @ worth).max())  # what stands over a passage is what it is about
    if len(words) <= SHORT:
        names = _names(question)
        most -= sum(word.text in names for word, share in zip(words, said.max(axis=0), strict=True) if share < 1)
    return most < ONE if nearest is None else nearest + WORD * most < LEAST


def asked_words(question: str) -> list[Word]:
    """The words of a question that a passage can say; whole ones in Chinese too, or the things of one character."""
    found = [word for word in content_words(question) if len(word.text) > 1 and not word.terms & (EMPTY | ABOUT)]
    if language_of(question) != "zh":
        return found
    telling = [(word, span) for word, span in han_words(question) if not ABOUT_HAN.fullmatch(word)]
    whole = [Word(word, span, frozenset(map("".join, pairwise(word)))) for word, span in telling]
    whole += [word for word in found if not RUN.match(word.text)]
    return whole or [
        Word(one.word, Span(at, at + len(one.word)), frozenset(one.ways[0]))
        for one in own_words(question)
        for at in (question.find(one.word),)
    ]


def _said(words: Sequence[Word], chunk: Chunk, carried: Sequence[Group]) -> list[float]:
    """Of each word the share that a passage says, as it is or as it could be carried there."""
    held = said_in(chunk)
    if carried:
        held = held.union(*(terms(one.word) for one in carried if any(held.issuperset(way) for way in one.ways)))
    return [_share(word, held) for word in words]


def _share(word: Word, held: frozenset[str]) -> float:
    return len(word.terms & held) / len(word.terms)


def _names(question: str) -> frozenset[str]:
    if language_of(question) == "zh":
        named = ((word, flag) for word, flag in segmented(question) if flag[:2] in ("nr", "ns", "nt"))
        return frozenset(word for word, flag in named if can_be_name(word, flag))
    return frozenset(NAME.findall(question))
