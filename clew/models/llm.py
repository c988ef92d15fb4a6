"""A language model as the rooms use it: any LlamaIndex LLM, with time limits, retries, a cache and a ledger."""

import json
import re
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from clew.errors import ModelError
from clew.ids import digest
from clew.models.cache import Cache, Kept
from clew.models.calls import explain, patiently, watched, within
from clew.models.ledger import Ledger, Price, count_tokens
from clew.models.thoughts import spoken, spoken_pieces
from clew.records import Usage

if TYPE_CHECKING:
    from llama_index.core.llms import LLM
    from pydantic import BaseModel

Role = Literal["system", "user", "assistant"]
Ending = Literal["complete", "length"]
S = TypeVar("S", bound="BaseModel")

ONLY_JSON = "Answer with one JSON object and nothing else. Its schema:"
CUT = frozenset(("length", "max_tokens", "MAX_TOKENS"))


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of what a model is sent."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a model wrote, whether it was cut, and what it cost. ``cached`` replies cost nothing."""

    text: str
    finish: Ending
    usage: Usage
    cached: bool = False


class Stream:
    """The pieces of a reply as they come; when they have ended, ``finish`` and ``usage`` say how."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self._pieces = pieces
        self.finish: Ending = "complete"
        self.usage = Usage()

    def __iter__(self) -> Iterator[str]:
        return self._pieces

    def close(self) -> None:
        """Leave it where it is; what came so far is counted."""
        if (close := getattr(self._pieces, "close", None)) is not None:
            close()


@dataclass
class Model:
    """A language model as the rooms use it. ``make`` builds the LlamaIndex LLM at the first call.

    ``prefill``: whether a last message of the assistant is gone on with (None: not known).
    """

    name: str
    make: "Callable[[], LLM]"
    price: Price = field(default_factory=Price)
    ledger: Ledger = field(default_factory=Ledger)
    cache: Cache | None = None
    seconds: float = 60.0
    tries: int = 4
    first_wait: float = 0.5
    prefill: bool | None = None

    @cached_property
    def llm(self) -> "LLM":
        """The LlamaIndex LLM, for those who speak to it themselves."""
        return self.make()

    def write(
        self, messages: Sequence[Message], *, purpose: str, version: str = "1", max_tokens: int = 512, **extra: Any
    ) -> Reply:
        """One whole reply. ``version`` is the prompt's: a changed prompt must not find old replies."""
        key = self._key(messages, version, max_tokens, extra)
        kept = self.cache.get(key) if self.cache else None
        if kept is not None and _whole(kept.text, kept.finish):
            return Reply(text=kept.text, finish="complete", usage=Usage(), cached=True)

        def chat() -> Any:
            llm, options = self._limited(max_tokens, extra)
            return llm.chat(_messages(messages), **options)

        most, usage = self._most(messages, max_tokens), Usage()
        self.ledger.reserve(most)
        try:
            response = patiently(
                lambda: within(chat, self.seconds), model=self.name, tries=self.tries, first_wait=self.first_wait
            )
            text = response.message.content or ""
            usage = self._usage(response, messages, text)
        finally:
            self.ledger.settle(purpose, most, usage)
        text = spoken(text)
        finish: Ending = "length" if ending_of(response) in CUT else "complete"
        if self.cache and _whole(text, finish):
            self.cache.put(key, self.name, Kept(text=text, finish=finish, usage=usage))
        return Reply(text=text, finish=finish, usage=usage)

    def stream(self, messages: Sequence[Message], *, purpose: str, max_tokens: int = 512, **extra: Any) -> Stream:
        """A reply piece by piece. Retried only while nothing has come; then an error ends it where it is."""
        stream = Stream(iter(()))
        stream._pieces = spoken_pieces(self._pieces(stream, messages, purpose, max_tokens, extra))
        return stream

    def _pieces(
        self, stream: Stream, messages: Sequence[Message], purpose: str, max_tokens: int, extra: dict[str, Any]
    ) -> Generator[str, None, None]:
        most = self._most(messages, max_tokens)
        self.ledger.reserve(most)

        def begin() -> tuple[Iterator[Any], Any]:
            llm, options = self._limited(max_tokens, extra)
            if _is_openai(llm):
                options["stream_options"] = {"include_usage": True}
            chunks = watched(lambda: llm.stream_chat(_messages(messages), **options), self.seconds)
            return chunks, next(chunks, None)

        said: list[str] = []
        began = False
        last: Any = None
        ending = ""
        try:
            chunks, first = patiently(begin, model=self.name, tries=self.tries, first_wait=self.first_wait)
            began = True
            try:
                while first is not None:
                    last = first
                    ending = ending_of(first) or ending
                    delta = first.delta or ""
                    if delta:
                        said.append(delta)
                        yield delta
                    first = next(chunks, None)
            except Exception as error:
                raise explain(error, self.name) from error
            finally:
                chunks.close()  # type: ignore[attr-defined]
        finally:
            stream.finish = "length" if ending in CUT else "complete"
            if began:  # a call that failed is not paid for
                stream.usage = self._usage(last, messages, "".join(said))
            self.ledger.settle(purpose, most, stream.usage)

    def structured(
        self, messages: Sequence[Message], schema: type[S], *, purpose: str, version: str = "1", max_tokens: int = 1024
    ) -> S:
        """A reply as a validated object: constrained where the server can, one repair where it is not valid."""
        from pydantic import ValidationError

        shape = schema.model_json_schema()
        extra: dict[str, Any] = {}
        if _is_openai(self.llm):
            extra["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": schema.__name__, "schema": shape},
            }
        asked = [
            *messages[:-1],
            Message(
                messages[-1].role,
                f"{messages[-1].text}\n\n{ONLY_JSON}\n{json.dumps(shape)}",
            ),
        ]
        wrong = ""
        for _ in range(2):
            reply = self.write(asked, purpose=purpose, version=version, max_tokens=max_tokens, **extra)
            try:
                return schema.model_validate_json(_json_in(reply.text))
            except ValidationError as error:
                wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:3])
                asked = [
                    *asked[: len(messages)],
                    Message("assistant", reply.text),
                    Message("user", f"That is not valid ({wrong}). Send the whole JSON object again, corrected."),
                ]
        raise ModelError(
            f"The model {self.name} answered with JSON that cannot be used: {wrong}", "A larger model may do better."
        )

    def _most(self, messages: Sequence[Message], max_tokens: int) -> Usage:
        """The most that a call can cost."""
        return self._priced(sum(count_tokens(m.text) for m in messages), max_tokens)

    def _limited(self, max_tokens: int, extra: dict[str, Any]) -> tuple["LLM", dict[str, Any]]:
        """The LLM and the options by which it writes no more than ``max_tokens``. Ollama's takes none with a call."""
        llm: Any = self.llm
        if llm.class_name() != "Ollama_llm":
            return llm, {**extra, "max_tokens": max_tokens}
        limited = {**llm.additional_kwargs, "num_predict": max_tokens}
        return llm.model_copy(update={"additional_kwargs": limited}), dict(extra)

    def _usage(self, response: Any, messages: Sequence[Message], text: str) -> Usage:
        told = _told(response)
        tokens_in = told[0] or sum(count_tokens(m.text) for m in messages)
        tokens_out = told[1] or (count_tokens(text) if text else 0)
        return self._priced(tokens_in, tokens_out)

    def _priced(self, tokens_in: int, tokens_out: int) -> Usage:
        usage = Usage(calls=1, tokens_in=tokens_in, tokens_out=tokens_out)
        return replace(usage, usd=self.price.of(usage))

    def _key(self, messages: Sequence[Message], version: str, max_tokens: int, extra: dict[str, Any]) -> str:
        return digest(
            "reply",
            self.name,
            version,
            str(max_tokens),
            json.dumps(extra, sort_keys=True),
            *(f"{m.role}\n{m.text}" for m in messages),
        )


def _messages(messages: Sequence[Message]) -> list[Any]:
    from llama_index.core.llms import ChatMessage

    return [ChatMessage(role=m.role, content=m.text) for m in messages]


def _whole(text: str, finish: str) -> bool:
    """Whether a reply may stand for the next one: neither cut nor empty."""
    return finish == "complete" and bool(text.strip())


def _is_openai(llm: "LLM") -> bool:
    return llm.class_name() in ("OpenAILike", "openai_llm")


def _field(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, dict) else getattr(thing, name, None)


def ending_of(response: Any) -> str:
    """Why the model stopped, in its server's words: OpenAI's, Anthropic's, Ollama's."""
    raw = _field(response, "raw")
    choices = _field(raw, "choices") or []
    reason = (
        (_field(choices[0], "finish_reason") if choices else None)
        or _field(raw, "stop_reason")
        or _field(_field(raw, "delta"), "stop_reason")
        or _field(raw, "done_reason")
        or _field(_field(response, "additional_kwargs") or {}, "finish_reason")
    )
    return str(reason or "")


def _told(response: Any) -> tuple[int, int]:
    """(tokens in, tokens out) as the server counts them, 0 where it does not say."""
    raw = _field(response, "raw")
    usage = _field(raw, "usage") or raw
    tokens_in = _field(usage, "prompt_tokens") or _field(usage, "input_tokens") or _field(usage, "prompt_eval_count")
    tokens_out = _field(usage, "completion_tokens") or _field(usage, "output_tokens") or _field(usage, "eval_count")
    return int(tokens_in or 0), int(tokens_out or 0)


def _json_in(text: str) -> str:
    """The JSON object inside a reply that may have fences or words around it."""
    m = re.search(r"\{.*\}", text, re.S)
    return m[0] if m else text
