"""A question taken apart: its content words, what each weighs, and what each means here."""

from dataclasses import dataclass

import numpy as np

from clew.ports import Floats, QueryVectors
from retrieve.rarity import Rarity
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
    words = tuple(found)
    weights = np.array([rarity.word(found[word]) for word in words], np.float32)
    states = None
    if query is not None and len(query.tokens):
        states = np.zeros((len(words), query.tokens.shape[1]), np.float32)
        starts = np.array([span.start for span in query.offsets])
        ends = np.array([span.end for span in query.offsets])
        for nth, word in enumerate(words):
            at = question.find(word)
            inside = (starts >= at) & (ends <= at + len(word)) & (ends > starts)
            if inside.any():
                states[nth] = query.tokens[inside].sum(0)
        states /= np.maximum(np.linalg.norm(states, axis=1, keepdims=True), 1e-9)
    return Asked(question, words, tuple(found.values()), weights, states, None if query is None else query.vector)
