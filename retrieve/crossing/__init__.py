"""Words of a question as documents in the other language have them: English and Chinese, without a model."""

from collections.abc import Iterable

from retrieve.crossing.names import Names
from retrieve.crossing.words import glossed

__all__ = ["Names", "across", "glossed"]


def across(question: str, names: Names) -> list[tuple[str, tuple[str, ...]]]:
    """Each word or name of the question that could be carried across, with what it can be there."""
    words = glossed(question)
    known = {word.lower() for word, _ in words}
    return [*words, *((name, ways) for name, ways in names.across(question) if name.lower() not in known)]


def translation(carried: Iterable[tuple[str, tuple[str, ...]]]) -> str:
    """The first of each, in a row: no sentence, but near to one in meaning."""
    return " ".join(ways[0] for _, ways in carried)
