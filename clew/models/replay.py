"""A language model that answers from a recording, keyed by the request's hash; with another model, it records."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    ChatResponseGen,
    CompletionResponse,
    CompletionResponseGen,
    LLMMetadata,
)
from llama_index.core.llms import LLM
from llama_index.core.llms.callbacks import llm_chat_callback, llm_completion_callback
from llama_index.core.llms.custom import CustomLLM
from pydantic import PrivateAttr

from clew.errors import ModelError
from clew.ids import digest


class Replay(CustomLLM):
    """Replies from ``file`` (JSON lines); what is missing there is asked of ``source`` and added, if one is given."""

    file: Path
    source: LLM | None = None
    _kept: dict[str, dict[str, str]] | None = PrivateAttr(default=None)

    @property
    def metadata(self) -> LLMMetadata:
        return self.source.metadata if self.source else LLMMetadata(model_name="replay", is_chat_model=True)

    @llm_chat_callback()
    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        text, reason = self._reply(messages, kwargs)
        return ChatResponse(
            message=ChatMessage(role="assistant", content=text), additional_kwargs={"finish_reason": reason}
        )

    @llm_chat_callback()
    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseGen:
        def pieces() -> ChatResponseGen:
            text, reason = self._reply(messages, kwargs)
            yield ChatResponse(
                message=ChatMessage(role="assistant", content=text),
                delta=text,
                additional_kwargs={"finish_reason": reason},
            )

        return pieces()

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        return CompletionResponse(text=self._reply([ChatMessage(role="user", content=prompt)], kwargs)[0])

    @llm_completion_callback()
    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        def pieces() -> CompletionResponseGen:
            text = self._reply([ChatMessage(role="user", content=prompt)], kwargs)[0]
            yield CompletionResponse(text=text, delta=text)

        return pieces()

    def _reply(self, messages: Sequence[ChatMessage], kwargs: dict[str, Any]) -> tuple[str, str]:
        key = request_key(messages, kwargs)
        kept = self._read()
        if key not in kept:
            if self.source is None:
                raise ModelError(
                    f"The recording {self.file} has no reply to this request ({key}).",
                    "Record it again: give Replay a source.",
                )
            from clew.models.llm import ending_of

            response = self.source.chat(messages, **kwargs)
            kept[key] = {"text": response.message.content or "", "finish": ending_of(response)}
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with self.file.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"key": key, **kept[key]}, ensure_ascii=False) + "\n")
        return kept[key]["text"], kept[key]["finish"]

    def _read(self) -> dict[str, dict[str, str]]:
        if self._kept is None:
            lines = self.file.read_text("utf-8").split("\n") if self.file.exists() else []
            self._kept = {row.pop("key"): row for row in map(json.loads, filter(None, lines))}
        return self._kept


def request_key(messages: Sequence[ChatMessage], kwargs: dict[str, Any]) -> str:
    """The hash of a request: its messages and its options."""
    options = {name: value for name, value in kwargs.items() if name != "stream_options"}
    return digest("request", json.dumps(options, sort_keys=True), *(f"{m.role.value}\n{m.content}" for m in messages))
