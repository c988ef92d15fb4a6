"""Comparing texts: SQuAD's normalisation, exact match, F1, and whether a quote stands in a text.

Answers are compared by SQuAD's tokens (lower case, no punctuation, no articles); each Chinese character is a token of
its own. Full-width forms count as their half-width ones.
"""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Iterable

HAN = "㐀-䶿一-鿿豈-﫿"
WORD = re.compile(rf"[{HAN}]|[^\W_{HAN}]+")
TOKEN = re.compile(rf"[{HAN}]|[^\s{HAN}]+")
ARTICLES = frozenset({"a", "an", "the"})
MARKER = re.compile(r"\s*\[\d+\](?!\()")


def words(text: str) -> list[str]:
    """Every word in order, punctuation and marks of Markdown left out: what a quote is compared by."""
    return WORD.findall(unicodedata.normalize("NFKC", text).lower())


def tokens(text: str) -> list[str]:
    """The tokens that answers are compared by: SQuAD's for text in ASCII, by its order of steps.

    Punctuation goes before the split, so "9.20" is one token, 920.
    """
    lowered = unicodedata.normalize("NFKC", text).lower()
    kept = "".join(c for c in lowered if c not in string.punctuation and unicodedata.category(c)[0] != "P")
    return [token for token in TOKEN.findall(kept) if token not in ARTICLES]


def plain(answer: str) -> str:
    """An answer without its citation markers."""
    return MARKER.sub("", answer)


def exact_match(answer: str, references: Iterable[str]) -> float:
    """1 if the answer equals a reference, token by token."""
    given = tokens(answer)
    return float(any(given == tokens(reference) for reference in references))


def f1(answer: str, references: Iterable[str]) -> float:
    """The harmonic mean of token precision and recall, against the reference where it is highest."""
    return max((_f1(tokens(answer), tokens(reference)) for reference in references), default=0.0)


def token_recall(answer: str, references: Iterable[str]) -> float:
    """The share of a reference's tokens that the answer has, against the reference where it is highest."""
    given = Counter(tokens(answer))
    shares = []
    for reference in references:
        wanted = Counter(tokens(reference))
        if wanted:
            shares.append((given & wanted).total() / wanted.total())
    return max(shares, default=0.0)


def contains(text: str, quote: str) -> bool:
    """Whether the quote's tokens stand in the text, next to each other and in order. An empty quote never does."""
    needle = words(quote)
    return bool(needle) and f" {' '.join(needle)} " in f" {' '.join(words(text))} "


def _f1(given: list[str], wanted: list[str]) -> float:
    if not given or not wanted:
        return float(given == wanted)
    same = (Counter(given) & Counter(wanted)).total()
    if not same:
        return 0.0
    precision, recall = same / len(given), same / len(wanted)
    return 2 * precision * recall / (precision + recall)
