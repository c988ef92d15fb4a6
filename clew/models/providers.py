"""Language models from settings, in two roles: the light one that answers, the strong one that sums up."""

from typing import TYPE_CHECKING, Any

from clew.errors import UsageError
from clew.models.cache import Cache
from clew.models.ledger import Budget, Ledger, price_of
from clew.models.llm import Model
from clew.models.packages import module_of, require
from clew.settings import Settings

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

PACKAGES = {
    "ollama": "llama-index-llms-ollama",
    "anthropic": "llama-index-llms-anthropic",
    "openai": "llama-index-llms-openai",
    "openai-like": "llama-index-llms-openai-like",
}
EXAMPLES = "none, local, openai-like:http://127.0.0.1:8080/v1#model, ollama:qwen3:8b, anthropic:claude-…, openai:gpt-…"


def online(settings: Settings, *, ledger: Ledger | None = None, cache: Cache | None = None) -> Model | None:
    """The light model that widens questions and writes answers; None if none is set."""
    return model(settings.llm, settings, ledger=ledger, cache=cache)


def offline(settings: Settings, *, ledger: Ledger | None = None, cache: Cache | None = None) -> Model | None:
    """The stronger model for reports and labels: the online one unless set."""
    return model(settings.llm_offline or settings.llm, settings, ledger=ledger, cache=cache)


def model(name: str, settings: Settings, *, ledger: Ledger | None = None, cache: Cache | None = None) -> Model | None:
    """The model that a setting names, such as ``ollama:qwen3:8b``; nothing is loaded or reached yet."""
    provider, _, which = name.strip().partition(":")
    if provider in ("", "none"):
        return None
    if provider != "local" and (provider not in PACKAGES or not which):
        raise UsageError(f"There is no language model {name!r}.", f"CLEW_LLM can be: {EXAMPLES}")
    if provider != "local":
        require(provider, PACKAGES[provider])
    known = {"local": True, "ollama": True, "openai": False}.get(provider)
    prefill = {"auto": known, "yes": True, "no": False}[settings.llm_prefill]
    return Model(
        name=name.strip(),
        make=lambda: _llm(provider, which, settings),
        price=price_of(which.rpartition("#")[2], settings.llm_price),
        ledger=ledger if ledger is not None else ledger_of(settings),
        cache=cache,
        seconds=settings.llm_seconds,
        tries=settings.llm_tries,
        prefill=prefill,
    )


def ledger_of(settings: Settings) -> Ledger:
    """A ledger with the caps that are set: one for all models that share them."""
    return Ledger(
        Budget(calls=settings.llm_budget_calls, tokens=settings.llm_budget_tokens, usd=settings.llm_budget_usd)
    )


def receives(name: str) -> str:
    """What leaves this machine when the model is used, for people to read."""
    provider, _, which = name.partition(":")
    if provider in ("", "none"):
        return "no LLM: answers are quoted word for word, nothing is sent anywhere"
    what = "questions, what was said before them and the passages found for them"
    if provider == "local":
        return "a small model in this process: nothing leaves this machine"
    if provider == "openai-like":
        return f"{which.partition('#')[0]} receives {what}"
    if provider == "ollama":
        return f"the Ollama server (localhost unless OLLAMA_HOST is set) receives {what}"
    return f"{provider.capitalize()} receives {what}"


def _llm(provider: str, which: str, settings: Settings) -> "LLM":
    """The LlamaIndex LLM. Its own retries are off: ours know which errors pass."""
    key = settings.llm_api_key.get_secret_value()
    common: dict[str, Any] = {"temperature": 0.0, "timeout": settings.llm_seconds, "max_retries": 0}
    if provider in ("local", "openai-like"):
        from llama_index.llms.openai_like import OpenAILike

        from clew.models import local

        base, _, name = (local.address(), "", "smollm2") if provider == "local" else which.partition("#")
        window = local.WINDOW if provider == "local" else settings.llm_window
        like: LLM = OpenAILike(
            model=name or "default",
            api_base=base,
            api_key=key or "none",
            is_chat_model=True,
            context_window=window,
            **common,
        )
        return like
    from importlib import import_module

    module: Any = import_module(module_of(PACKAGES[provider]))
    if provider == "ollama":
        ollama: LLM = module.Ollama(
            model=which,
            temperature=0.0,
            request_timeout=settings.llm_seconds,
            context_window=settings.llm_window,
        )
        return ollama
    kind = module.Anthropic if provider == "anthropic" else module.OpenAI
    made: LLM = kind(model=which, api_key=key or None, **common)
    return made
