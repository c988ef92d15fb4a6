"""What a converter kept of a document: its words in order, its table cells, its structure."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urljoin

from evals.forge import Piece

_WORD = re.compile(r"[㐀-鿿]|[^\W㐀-鿿_]+")
_TOKEN = re.compile(r"\w+")
_BASE = "http://fakehost/test/page.html"  # what the expected pages' links are resolved against


def word_order_f1(gold: str, got: str) -> float:
    """The longest common subsequence of words, as F1; a Chinese character is a word."""
    from rapidfuzz.distance import LCSseq

    a, b = _WORD.findall(gold), _WORD.findall(got)
    return 2 * LCSseq.similarity(a, b) / (len(a) + len(b)) if a and b else 0.0


def cells(pieces: Sequence[Piece]) -> Counter[tuple[str, str, str]]:
    """A table's cells with what makes them findable: (column's head, row's first cell, cell)."""
    found: Counter[tuple[str, str, str]] = Counter()
    for piece in pieces:
        if piece.kind == "table" and piece.rows:
            head, *rows = piece.rows
            for row in rows:
                for name, cell in list(zip(head, row, strict=False))[1 if len(row) > 1 else 0 :]:
                    if norm(cell):
                        found[norm(name), norm(row[0]), norm(cell)] += 1
    return found


def headings(pieces: Sequence[Piece]) -> Counter[str]:
    """The headings' texts."""
    return Counter(norm(piece.text) for piece in pieces if piece.kind == "heading" and norm(piece.text))


def recall(gold: Counter[Any], got: Counter[Any]) -> float | None:
    """The share of ``gold`` that is in ``got``; None if there is nothing to find."""
    return sum((gold & got).values()) / gold.total() if gold else None


def shingle_scores(gold: str, got: str) -> tuple[float, float, float]:
    """Precision, recall and F1 of runs of four words."""
    a, b = _shingles(gold), _shingles(got)
    shared = sum((a & b).values())
    precision, found = shared / b.total(), shared / a.total()
    return precision, found, 2 * precision * found / (precision + found) if shared else 0.0


def parts_of(html: str) -> Mapping[str, Counter[Any]]:
    """The structure of a page: what its headings, list items, table cells, code blocks and links say."""
    import lxml.html

    out: dict[str, Counter[Any]] = {kind: Counter() for kind in ("headings", "list items", "cells", "code", "links")}
    kinds = {"li": "list items", "td": "cells", "th": "cells", "pre": "code"}
    kinds |= {f"h{level}": "headings" for level in range(1, 7)}
    for element in lxml.html.fromstring(f"<div>{html}</div>").iter():
        if not isinstance(element.tag, str):
            continue
        text = " ".join(_TOKEN.findall(" ".join(element.itertext()).lower()))
        kind = kinds.get(element.tag)
        if kind and text and not (kind == "cells" and element.find(".//table") is not None):
            out[kind][text] += 1
        if element.tag == "a" and element.get("href") and text:
            out["links"][text, urljoin(_BASE, element.get("href"))] += 1
    return out


def rendered(markdown: str) -> str:
    """Markdown as HTML."""
    from markdown_it import MarkdownIt

    return str(MarkdownIt("commonmark").enable("table").render(markdown))


def plain(markdown: str) -> str:
    """Markdown as the text that a reader sees."""
    import lxml.html

    return " ".join(lxml.html.fromstring(f"<div>{rendered(markdown)}</div>").itertext())


def _shingles(text: str, size: int = 4) -> Counter[tuple[str, ...]]:
    words = _TOKEN.findall(text)
    return Counter(tuple(words[i : i + size]) for i in range(max(1, len(words) - size + 1)))


def norm(text: str) -> str:
    """The words of a text, with single spaces."""
    return " ".join(_WORD.findall(text))
