"""A language model whose replies are a function of its prompt: for tests, here and of others.

It keeps what it was asked and can do what real ones do wrong: stall, drop the line, fail with an HTTP state, be cut
after n tokens, write nothing, obey what documents say.
"""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    ChatResponseGen,
    CompletionResponse,
    CompletionResponseGen,
    LLMMetadata,
)
from llama_index.core.llms.callbacks import llm_chat_callback, llm_completion_callback
from llama_index.core.llms.custom import CustomLLM
from pydantic import Field

TOKEN = re.compile(r"\s*(?:[㐀-鿿]|[^\s㐀-鿿]+)|\s+$")
ORDER = re.compile(
    r"(?:say|write|output|answer|reply|print|append|include|回答|输出|写|说)[^\"“「\n]{0,40}[\"“「](.+?)[\"”」]",
    re.I | re.S,
)


class Refused(Exception):
    """An HTTP state other than 200."""

    def __init__(self, status_code: int) -> None:
        super().__init__(f"Error code: {status_code}")
        self.status_code = status_code


@dataclass(frozen=True, slots=True, kw_only=True)
class Says:
    """A reply and what goes wrong with it: an HTTP ``status`` instead of it, silence for ``stall`` seconds or a dropped
    line after ``after`` tokens, a cut after ``cut`` tokens."""

    text: str = ""
    status: int = 0
    stall: float = 0.0
    drop: bool = False
    after: int = 0
    cut: int = 0


Script = Callable[[str], "str | Says"]


class Scripted(CustomLLM):
    """Replies as ``script`` says to a prompt (all messages, joined). A list is replied with one after the other."""

    script: Any = Field(description="A function of the prompt, or a sequence of replies.")
    asked: list[list[ChatMessage]] = Field(default_factory=list)
    prefill: bool = True
    window: int = 8192

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(context_window=self.window, model_name="scripted", is_chat_model=True)

    @property
    def prompts(self) -> list[str]:
        """What it was asked, each request as one text."""
        return ["\n\n".join(m.content or "" for m in messages) for messages in self.asked]

    @llm_chat_callback()
    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        text, reason = "", "stop"
        for chunk in self._chunks(messages, kwargs):
            text, reason = text + chunk[0], chunk[1]
        return ChatResponse(
            message=ChatMessage(role="assistant", content=text), additional_kwargs={"finish_reason": reason}
        )

    @llm_chat_callback()
    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseGen:
        def pieces() -> ChatResponseGen:
            text = ""
            for delta, reason in self._chunks(messages, kwargs):
                text += delta
                yield ChatResponse(
                    message=ChatMessage(role="assistant", content=text),
                    delta=delta,
                    additional_kwargs={"finish_reason": reason},
                )

        return pieces()

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        return CompletionResponse(
            text=self.chat([ChatMessage(role="user", content=prompt)], **kwargs).message.content or ""
        )

    @llm_completion_callback()
    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        def pieces() -> CompletionResponseGen:
            for chunk in self.stream_chat([ChatMessage(role="user", content=prompt)], **kwargs):
                yield CompletionResponse(text=chunk.message.content or "", delta=chunk.delta)

        return pieces()

    def _chunks(self, messages: Sequence[ChatMessage], kwargs: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """(piece, why it ended here if it is the last)."""
        self.asked.append(list(messages))
        begun = messages[-1].content or "" if messages[-1].role == "assistant" and self.prefill else ""
        prompt = "\n\n".join(m.content or "" for m in (messages[:-1] if begun else messages))
        said = self._say(prompt)
        if said.status:
            raise Refused(said.status)
        text = said.text.removeprefix(begun)
        limit = min(n for n in (said.cut, kwargs.get("max_tokens") or 0, 10**9) if n)
        tokens = TOKEN.findall(text)
        for number, token in enumerate(tokens[:limit]):
            self._fault(said, number)
            last = number + 1 == min(limit, len(tokens))
            yield token, ("length" if len(tokens) > limit else "stop") if last else ""
        self._fault(said, len(tokens))

    def _say(self, prompt: str) -> Says:
        turn = len(self.asked) - 1
        said = self.script(prompt) if callable(self.script) else self.script[min(turn, len(self.script) - 1)]
        return Says(text=said) if isinstance(said, str) else said

    def _fault(self, said: Says, number: int) -> None:
        if number != said.after:
            return
        if said.stall:
            time.sleep(said.stall)
        if said.drop:
            raise ConnectionError("the server closed the connection")


def obey(prompt: str) -> str:
    """A script that does what any text in its prompt tells it to say: the worst that an injection can reach."""
    orders = ORDER.findall(prompt)
    return "\n".join(orders) if orders else "I have no orders."
