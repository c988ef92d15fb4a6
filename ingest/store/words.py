"""Texts as BM25 sparse vectors, English and Chinese, numbers included: the same in process and on a server."""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal

import qdrant_edge as q

from clew.records import Chunk
from ingest.blocks import plain

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
MEAN_LENGTH = 120.0
"""Tokens of an ordinary chunk. A constant, so that a vector depends on its own chunk alone."""
APART = 1e-4
"""The share of their weights that chunks lose at most, each by its id. Rows of a table often have the very same words;
without it, which of them comes first would depend on the order in which an index was written."""


class Words:
    """Turns text into sparse vectors; term frequencies only, for Qdrant weighs by idf itself."""

    def document(self, chunk: Chunk) -> dict[int, float]:
        """A chunk's terms: its title or file name, its headings and its text."""
        over = ". ".join((chunk.document.title, *chunk.headings))
        weight = 1 - APART * int(chunk.id[:8], 16) / 2**32
        terms = self._terms(f"{over}\n{plain(chunk.text)}", "document")
        return {term: weight * value for term, value in terms.items()}

    def question(self, text: str) -> dict[int, float]:
        return self._terms(text, "query")

    def _terms(self, text: str, kind: Literal["document", "query"]) -> dict[int, float]:
        terms: dict[int, float] = {}
        # The multilingual tokenizer drops every pure number, so these are counted on their own.
        for model, part in ((self._words, text), (self._numbers, " ".join(NUMBER.findall(text)))):
            vector = getattr(model, f"embed_{kind}")(part)
            terms.update(zip(vector.indices, vector.values, strict=True))
        return terms

    @cached_property
    def _words(self) -> Any:
        return _model(
            tokenizer=q.TokenizerType.Multilingual,
            stopwords=q.StopwordsSet(languages={q.Language.English, q.Language.Chinese}),
            stemmer=q.SnowballParams(q.SnowballLanguage.English),
        )

    @cached_property
    def _numbers(self) -> Any:
        return _model(tokenizer=q.TokenizerType.Word, stopwords=q.StopwordsSet(), stemmer=q.DisabledStemmer())


def sparse(terms: Mapping[int, float]) -> Any:
    """The terms as Qdrant Edge's sparse vector."""
    return q.SparseVector(indices=list(terms), values=list(terms.values()))


def _model(**config: Any) -> Any:
    return q.Bm25(q.Bm25Config(avg_len=MEAN_LENGTH, **config))
