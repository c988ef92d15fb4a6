"""A question taken apart: its content words, what each weighs, and what each means here."""

from dataclasses import dataclass

import numpy as np

from clew.ports import Floats, QueryVectors
from retrieve.rarity import Rarity
from retrieve.states import states_of
from retrieve.terms import content_words

LOW, HIGH = 0.2, 0.6
"""Cosines of a question word (its state in the question) to a sentence: below, the sentence says nothing of it; above,
it says all. In between its share of what the word asks grows evenly."""


@dataclass(frozen=True, slots=True)
class Asked:
    """``words`` as written; ``numbers`` their terms; ``weights`` (words,) their rarity; ``states`` (words, size) unit
    vectors and ``vector`` (size,) the whole question, both None where the embedder lacks the language."""

    text: str
    words: tuple[str, ...]
    numbers: tuple[frozenset[int], ...]
    weights: Floats
    states: Floats | None
    vector: Floats | None

    def holds(self, numbers: frozenset[int]) -> Floats:
        """(words,): 1 where one of these terms is the word's, else 0."""
        return np.array([not mine.isdisjoint(numbers) for mine in self.numbers], np.float32)

    def touches(self, sentences: Floats) -> Floats:
        """(sentences, words): how far each sentence vector says what each word asks, 0 to 1."""
        if self.states is None:
            return np.zeros((len(sentences), len(self.words)), np.float32)
        near: Floats = np.clip((sentences @ self.states.T - LOW) / (HIGH - LOW), 0, 1)
        return near


def asked(question: str, query: QueryVectors | None, rarity: Rarity) -> Asked:
    """Take a question apart. A word's state is the mean of its tokens' states in the question's one forward pass."""
    found = content_words(question)
    weights = np.array([rarity.word(word.numbers) for word in found], np.float32)
    states = None
    if query is not None and len(query.tokens):
        states = states_of(query, [word.span for word in found])
    return Asked(
        text=question,
        words=tuple(word.text for word in found),
        numbers=tuple(word.numbers for word in found),
        weights=weights,
        states=states,
        vector=None if query is None else query.vector,
    )
