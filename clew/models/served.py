"""Embedders behind an API, as LlamaIndex has them: OpenAI's, Ollama's, and whatever speaks as OpenAI does.

They give no token states: a passage's sentences are embedded in a second pass, or left out.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from clew.errors import ModelError, UsageError
from clew.models.calls import patiently, within
from clew.models.ledger import count_tokens
from clew.models.packages import module_of, require
from clew.ports import Floats, Int8s, Passage, PassageVectors, QueryVectors
from clew.settings import Settings

if TYPE_CHECKING:
    from llama_index.core.embeddings import BaseEmbedding

PACKAGES = {
    "openai-like": "llama-index-embeddings-openai-like",
    "openai": "llama-index-embeddings-openai",
    "ollama": "llama-index-embeddings-ollama",
}
EXAMPLES = "openai-like:http://127.0.0.1:8080/v1#model, openai:text-embedding-3-small, ollama:nomic-embed-text"
BATCH = 32  # texts sent at once


class Served:
    """An embedder that a setting names, such as ``ollama:nomic-embed-text``. Nothing is reached before it is used."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        provider, _, which = settings.embedder.partition(":")
        if provider not in PACKAGES or not which:
            raise UsageError(f"There is no embedder {settings.embedder!r}.", f"CLEW_EMBEDDER can be: {EXAMPLES}")
        self._provider, self._which = provider, which
        require(provider, PACKAGES[provider])

    @property
    def name(self) -> str:
        """Provider and model; a server's address may change, and with it nothing of what its model says."""
        model = self._which.rpartition("#")[2]
        return f"{self._provider}:{model}{'/sentences' if self._settings.embedder_sentences else ''}"

    @cached_property
    def size(self) -> int:
        """As many numbers as the model gives for one word: only asking tells."""
        return len(self._embed(["size"])[0])

    @property
    def window(self) -> int:
        return self._settings.embedder_window

    def speaks(self, language: str) -> bool:
        return True

    def count(self, text: str) -> int:
        """About how many: the model's own tokens are known to its server alone."""
        return count_tokens(text)

    def embed_passages(self, passages: Iterable[Passage]) -> Iterator[PassageVectors]:
        waiting: list[Passage] = []
        for passage in passages:
            waiting.append(passage)
            if len(waiting) == BATCH:
                yield from self._batch(waiting)
                waiting = []
        yield from self._batch(waiting)

    def embed_query(self, question: str) -> QueryVectors:
        vector = self._call(lambda: self._model.get_query_embedding(question or " "))
        return QueryVectors(_unit([vector])[0], np.zeros((0, len(vector)), np.float32), ())

    def _batch(self, passages: Sequence[Passage]) -> Iterator[PassageVectors]:
        if not passages:
            return
        vectors = self._embed([passage.text for passage in passages])
        for passage, vector in zip(passages, vectors, strict=True):
            yield PassageVectors(vector, self._sentences(passage))

    def _sentences(self, passage: Passage) -> Int8s | None:
        if not self._settings.embedder_sentences or not passage.sentences:
            return None
        texts = [passage.text[span.start : span.end] for span in passage.sentences]
        rows: Int8s = np.round(self._embed(texts) * 127).astype(np.int8)
        return rows

    def _embed(self, texts: Sequence[str]) -> Floats:
        """(texts, size) unit vectors."""
        rows: list[list[float]] = []
        for at in range(0, len(texts), BATCH):
            some = [text or " " for text in texts[at : at + BATCH]]
            rows += self._call(lambda some=some: self._model.get_text_embedding_batch(some))
        return _unit(rows)

    def _call(self, call: Any) -> Any:
        seconds, name = self._settings.llm_seconds, self._settings.embedder
        return patiently(lambda: within(call, seconds), model=name, tries=self._settings.llm_tries)

    @cached_property
    def _model(self) -> "BaseEmbedding":
        """LlamaIndex's embedding. Its own retries are off: ours know which errors pass."""
        settings = self._settings
        key = settings.embedder_api_key.get_secret_value() or settings.llm_api_key.get_secret_value()
        common: dict[str, Any] = {"embed_batch_size": BATCH}
        module: Any = import_module(module_of(PACKAGES[self._provider]))
        made: BaseEmbedding
        if self._provider == "ollama":
            made = module.OllamaEmbedding(
                model_name=self._which, client_kwargs={"timeout": settings.llm_seconds}, **common
            )
        elif self._provider == "openai":
            made = module.OpenAIEmbedding(
                model_name=self._which, api_key=key or None, max_retries=0, timeout=settings.llm_seconds, **common
            )
        else:
            base, _, model = self._which.partition("#")
            made = module.OpenAILikeEmbedding(
                model_name=model or "default",
                api_base=base,
                api_key=key or "none",
                max_retries=0,
                timeout=settings.llm_seconds,
                **common,
            )
        return made


def receives(embedder: str) -> str:
    """What leaves this machine when the embedder is used, for people to read."""
    provider, _, which = embedder.partition(":")
    if provider not in PACKAGES:
        return "runs on this machine; sends nothing"
    where = {
        "openai-like": which.partition("#")[0],
        "ollama": "the Ollama server (localhost unless OLLAMA_HOST is set)",
    }.get(provider, provider.capitalize())
    return f"{where} receives every passage and every question"


def _unit(rows: Sequence[Sequence[float]]) -> Floats:
    made = np.asarray(rows, np.float32)
    lengths = np.linalg.norm(made, axis=1, keepdims=True) if made.ndim == 2 else np.zeros(1)
    if not np.isfinite(made).all() or not lengths.all():
        raise ModelError("The embedder gave vectors that cannot be used.", "Try another model: CLEW_EMBEDDER.")
    unit: Floats = made / lengths
    return unit
