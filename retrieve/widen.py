"""Widen a question with a language model: other words for its names and key words, in one call that is remembered."""

import re

from pydantic import BaseModel, Field

from clew.errors import ClewError
from clew.language import language_of
from clew.models.llm import Message, Model

VERSION = "1"
MOST = 4  # other words for one word
ASK = {
    "en": (
        "List other words under which the names and key words of this question could stand in documents: synonyms, "
        "near-synonyms, spelled-out or short forms, the name in other languages. "
        "No answers, nothing that is only related."
    ),
    "zh": (
        "请列出这个问题中的名称和关键词在文档里可能使用的其他说法:同义词、近义词、全称或简称、其他语言中的名称。"
        "不要回答问题,不要列出仅仅相关的词。"
    ),
}
CLEAN = re.compile(r"[\w㐀-鿿][\w㐀-鿿 .'’&-]{0,39}")


class Word(BaseModel):
    """A word of the question and other words for it."""

    word: str = Field(max_length=200)
    also: list[str] = Field(max_length=8)


class Words(BaseModel):
    """What the model is to write."""

    words: list[Word] = Field(max_length=8)


def widen(question: str, model: Model | None, *, on: bool = True) -> dict[str, tuple[str, ...]]:
    """Other words by word of the question. Empty where it is off, no model is set or the model fails."""
    if model is None or not on:
        return {}
    messages = [Message("system", ASK[language_of(question)]), Message("user", question)]
    try:
        found = model.structured(messages, Words, purpose="widen", version=VERSION, max_tokens=300)
    except ClewError:  # a question is answered without its synonyms rather than not at all
        return {}
    return {word: also for word, also in ((w.word.strip(), _clean(w, question)) for w in found.words) if also}


def widened(question: str, words: dict[str, tuple[str, ...]]) -> str:
    """The question with the other words behind it, for search by words; meaning is searched by the question alone."""
    more = " ".join(other for also in words.values() for other in also)
    return f"{question} {more}" if more else question


def _clean(word: Word, question: str) -> tuple[str, ...]:
    """The other words that are words, for a word that the question has."""
    if word.word.strip().lower() not in question.lower() or not word.word.strip():
        return ()
    kept = (other.strip() for other in word.also)
    fresh = (other for other in kept if CLEAN.fullmatch(other) and other.lower() not in question.lower())
    return tuple(dict.fromkeys(fresh))[:MOST]
