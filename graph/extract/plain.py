"""Markdown as a parser for prose should see it: marks blanked out, every offset where it was."""

import re

_FENCE = re.compile(r"^(```|~~~).*?(?:^\1[^\n]*$|\Z)", re.M | re.S)
_IMAGE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)")
_TARGET = re.compile(r"(?<=\])\([^)\n]*\)|(?<=\])\[[^\]\n]*\]|<https?://[^>\s]*>|https?://\S+")
_MARKS = re.compile(r"^[ \t]*(?:#{1,6}|[-*+]|>+|\d+[.)])(?=\s)|[*_~`|\[\]\\#]|<[^<>\n]{1,200}>", re.M)


def plain(text: str) -> str:
    """``text`` with its Markdown marks replaced by as many spaces; code and link targets are left out too."""
    for pattern in (_FENCE, _IMAGE, _TARGET, _MARKS):
        text = pattern.sub(_blank, text)
    return text


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])
