"""From the question's entities to those that its sentences lead to: the bridge, and the residual hop behind it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from retrieve.asked import Asked
from retrieve.entities import Seed
from retrieve.places import Places, Shelf
from retrieve.sentences import Sentences

BEST = 6  # sentences of a seed that are followed
CUT = 0.35  # similarity below which a sentence leads nowhere
REACHED = 40  # entities whose sentences the residual hop reads
ROWS = 64  # sentences read for each of these
FURTHER = 4  # of these followed


@dataclass(slots=True)
class Reached:
    """What the question's entities lead to.

    ``active`` is each entity's activation, ``credit`` each chunk's, ``by`` the (chunk, sentence) that activated an
    entity, ``through`` the one that credited a chunk; ``within`` the sentence of that chunk itself.
    """

    active: dict[int, float] = field(default_factory=dict)
    credit: dict[int, float] = field(default_factory=dict)
    by: dict[int, tuple[int, int]] = field(default_factory=dict)
    through: dict[int, tuple[int, int]] = field(default_factory=dict)
    within: dict[int, int] = field(default_factory=dict)

    def found(self, chunk: int, sentence: int, worth: float, through: tuple[int, int] | None = None) -> None:
        if worth > self.credit.get(chunk, 0.0):
            self.credit[chunk] = worth
            self.within[chunk] = sentence
            if through is not None:
                self.through[chunk] = through
            else:
                self.through.pop(chunk, None)


def bridge(seeds: Sequence[Seed], places: Places, shelf: Shelf) -> Reached:
    """One hop: every entity in the few sentences of each seed that are most similar to the question."""
    reached = Reached(active={seed.entity: seed.weight for seed in seeds})
    own = frozenset(seed.entity for seed in seeds)
    which, chunks, sentences = places.of([seed.entity for seed in seeds])
    near = shelf.similar(chunks, sentences)
    for nth, seed in enumerate(seeds):
        mine = np.flatnonzero(which == nth)
        for at in mine[np.argsort(-near[mine], kind="stable")[:BEST]].tolist():
            if near[at] < CUT:
                break
            chunk, sentence, worth = int(chunks[at]), int(sentences[at]), float(near[at]) * seed.weight
            reached.found(chunk, sentence, worth)
            for entity in places.named(chunk, sentence):
                if worth > reached.active.get(entity, 0.0) and entity not in own:
                    reached.active[entity] = worth
                    reached.by[entity] = (chunk, sentence)
    return reached


def residual(question: Asked, named: frozenset[int], places: Places, sentences: Sentences, reached: Reached) -> None:
    """A hop on by what the question asks beyond what the bridging sentence says.

    For each entity reached, the words that its bridging sentence leaves open are pooled into a vector, and looked for
    among its sentences in other chunks. Chunks found are credited, and their entities activated, by activation ×
    similarity × the share of the open words that the sentence closes. ``named`` are the terms of the question's
    entities: these words are never open. Changes ``reached``.
    """
    if question.states is None or not reached.by:
        return
    weights = question.weights * np.array([not numbers <= named for numbers in question.numbers], np.float32)
    entities = sorted(reached.by, key=lambda e: (-reached.active[e], e))[:REACHED]
    bridges = list(dict.fromkeys(reached.by[e] for e in entities))
    number = np.array([bridges.index(reached.by[e]) for e in entities])
    from_chunks, from_sentences = np.array(bridges, np.int64).T
    open_words = weights * (1 - question.touches(sentences.vectors(sentences.rows(from_chunks, from_sentences))))
    total = open_words.sum(1)
    vectors = open_words @ question.states
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    which, chunks, numbers = places.of(entities)
    other = (chunks != from_chunks[number[which]]) & (total[number[which]] > 0)
    which, chunks, numbers = which[other], chunks[other], numbers[other]
    starts = np.searchsorted(which, np.arange(len(entities) + 1))
    early = np.arange(len(which)) - starts[which] < ROWS
    which, chunks, numbers = which[early], chunks[early], numbers[early]
    starts = np.searchsorted(which, np.arange(len(entities) + 1)).tolist()
    if not len(which):
        return
    matrix = sentences.vectors(sentences.rows(chunks, numbers))
    touched = question.touches(matrix)
    new: dict[int, tuple[float, tuple[int, int]]] = {}
    for nth, entity in enumerate(entities):
        block = slice(starts[nth], starts[nth + 1])
        of = int(number[nth])
        near = matrix[block] @ vectors[of]
        best = np.argsort(-near, kind="stable")[:FURTHER]
        closed = touched[block][best] @ open_words[of] / max(float(total[of]), 1e-9)
        for at, share in zip(best.tolist(), closed.tolist(), strict=True):
            worth = reached.active[entity] * max(float(near[at]), 0.0) * share
            chunk, sentence = int(chunks[starts[nth] + at]), int(numbers[starts[nth] + at])
            reached.found(chunk, sentence, worth, through=bridges[of])
            for further in places.named(chunk, sentence):
                if further not in reached.active and worth > new.get(further, (0.0,))[0]:
                    new[further] = (worth, (chunk, sentence))
    for further, (worth, by) in new.items():
        reached.active[further] = worth
        reached.by[further] = by
