"""Make the table of near words: ``python -m retrieve.near.make`` writes it anew.

The embedder reads each whole word of its own vocabulary by itself; near are those whose vectors are. Words of one stem
are one, told by the most frequent. Rarer words are left out: they are mostly names, and a name has no near words.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from clew.models.minilm import MiniLM
from clew.ports import Floats
from retrieve.content import terms
from retrieve.near import TABLE, WHOLE

SHORTEST = 3  # letters
FAR = 0.4  # cosine below which two words have nothing to do with each other
MOST = 32  # near words of each


def main() -> None:
    """Write the table beside this file."""
    embedder = MiniLM()
    words = spoken(embedder)
    found = made([embedder.embed_query(word).vector for word in words.values()])
    np.savez_compressed(TABLE, terms=np.array(" ".join(words)), near=found[0], likeness=found[1])


def spoken(embedder: MiniLM) -> dict[str, str]:
    """The terms of the embedder's vocabulary, each with its most frequent word."""
    words: dict[str, str] = {}
    for word in embedder.vocabulary():
        if len(word) >= SHORTEST and word.isascii() and word.isalpha() and len(found := terms(word)) == 1:
            words.setdefault(next(iter(found)), word)
    return words


def made(rows: Sequence[Floats]) -> tuple[NDArray[np.uint16], NDArray[np.uint8]]:
    """(words, near): which words are near each and how much, by their vectors."""
    vectors, words = np.array(rows), len(rows)
    near = np.zeros((words, MOST), np.uint16)
    likeness = np.zeros((words, MOST), np.uint8)
    for n, vector in enumerate(vectors):
        cosines: Floats = vectors @ vector
        cosines[n] = 0.0
        near[n] = np.argsort(-cosines, kind="stable")[:MOST]
        likeness[n] = np.rint(np.maximum(cosines[near[n]] - FAR, 0.0) / (1 - FAR) * WHOLE)
    return near, likeness


if __name__ == "__main__":
    main()
