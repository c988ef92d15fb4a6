"""Choose evidence as a set: each next piece for its rank, for what it adds to what is covered, for how it hangs on
what was chosen. Any path's candidates can be put in this order."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from clew.ports import Floats, Int8s
from retrieve.asked import Asked
from retrieve.sentences import floats

ADDS = 1.0  # worth of covering the whole question
LINKED = 0.5  # worth of the strongest link to a piece chosen before
NEAR = 0.2  # worth of a sentence that is the question
KEEPS = 0.3  # what a word covered once still counts
COUNTED = 10  # pieces that tell what stays uncovered
CHOSEN = 20  # pieces chosen one by one; the others follow by what they are worth then
OPEN = 0.5  # share of a word that must be left for it to stay uncovered


@dataclass(frozen=True, slots=True)
class Cover:
    """``order`` holds the candidates' numbers, best first; ``worth`` what each was worth when it was chosen, never
    more than the one before; ``uncovered`` the question's words of which the first ten say nothing."""

    order: tuple[int, ...]
    worth: tuple[float, ...]
    uncovered: tuple[str, ...]


def cover(
    question: Asked,
    scores: Sequence[float] | Floats,
    terms: Sequence[Collection[int]],
    sentences: Sequence[Int8s | None],
    links: Floats | None = None,
) -> Cover:
    """Order candidates.

    ``scores`` (n,) are the path's own, scaled here to 0–1; ``terms`` and ``sentences`` (rows, size) each candidate's
    words and stored sentence vectors; ``links`` (n, n) from 0 to 1 how strongly two candidates hang together. Ties
    keep the order given.
    """
    count = len(terms)
    if not count:
        return Cover((), (), question.words)
    said, near = _said(question, terms, sentences)
    base = _scaled(np.asarray(scores, np.float32)) + NEAR * near
    total = max(float(question.weights.sum()), 1e-9)
    left = question.weights.copy()
    link = np.zeros(count, np.float32)
    order: list[int] = []
    worth: list[float] = []
    for _ in range(min(count, CHOSEN)):
        gains = base + said @ (left * (ADDS / total)) + LINKED * link
        best = int(gains.argmax())
        order.append(best)
        worth.append(float(gains[best]))
        base[best] = -np.inf
        left *= 1 - (1 - KEEPS) * said[best]
        if links is not None:
            np.maximum(link, links[best], out=link)
    gains = base + said @ (left * (ADDS / total)) + LINKED * link
    others = np.flatnonzero(gains > -np.inf)
    others = others[np.argsort(-gains[others], kind="stable")]
    order += others.tolist()
    worth += gains[others].tolist()
    told = said[order[:COUNTED]].max(0, initial=0.0)
    uncovered = tuple(w for w, share in zip(question.words, told.tolist(), strict=True) if share < OPEN)
    return Cover(tuple(order), tuple(np.minimum.accumulate(worth).tolist()), uncovered)


def _said(
    question: Asked, terms: Sequence[Collection[int]], sentences: Sequence[Int8s | None]
) -> tuple[Floats, Floats]:
    """(n, words): how far each candidate says what each word asks, in its words or near them in meaning; and (n,):
    the similarity of its best sentence to the question."""
    said = np.stack([question.holds(frozenset(own)) for own in terms])
    near = np.zeros(len(terms), np.float32)
    with_rows = [n for n, rows in enumerate(sentences) if rows is not None and len(rows)]
    if question.vector is None or not with_rows:
        return said, near
    blocks = [block for n in with_rows if (block := sentences[n]) is not None]
    rows = floats(np.concatenate(blocks))
    first = np.cumsum([0, *(len(block) for block in blocks[:-1])])
    near[with_rows] = np.maximum.reduceat(rows @ question.vector, first)
    if len(question.words):
        said[with_rows] = np.maximum(said[with_rows], np.maximum.reduceat(question.touches(rows), first))
    return said, near


def _scaled(scores: Floats) -> Floats:
    low, high = float(scores.min()), float(scores.max())
    scaled: Floats = (scores - low) / max(high - low, 1e-9)
    return scaled
