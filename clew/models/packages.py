"""LlamaIndex's packages by provider: each is a distribution of its own, and none but a few comes with Clew."""

from importlib.util import find_spec

from clew.errors import UsageError


def module_of(package: str) -> str:
    """``llama-index-llms-openai-like`` is imported as ``llama_index.llms.openai_like``."""
    kind, _, name = package.removeprefix("llama-index-").partition("-")
    return f"llama_index.{kind}.{name.replace('-', '_')}"


def require(provider: str, package: str) -> None:
    """Say which package is missing before anything long begins."""
    try:
        found = find_spec(module_of(package)) is not None
    except ModuleNotFoundError:
        found = False
    if not found:
        raise UsageError(f"The provider {provider} is not installed.", f"Install it: pip install {package}")
