"""The last step of every conversion: one kind of line end, no invisible characters, composed Unicode."""

import re
import unicodedata

_LINE_ENDS = re.compile("\r+\n|[\r\v\f\x85\u2028\u2029]")
_COLOURS = re.compile(
    "\x1b\\[[0-?]*[ -/]*[@-~]|\x1b\\][^\x07\x1b]*(?:\x07|\x1b\\\\)"
)  # and whatever else moves a terminal
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\ufffe\uffff]")
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_TRAILING = re.compile(r"(?<![ \t])[ \t]+$", re.M)
_GAPS = re.compile(r"\n{4,}")


def tidy(text: str, *, verbatim: bool = False) -> str:
    """Clean a text without touching its words: NFC, ``\\n`` only, no NULs, colours, lone surrogates or soft hyphens,
    plain spaces, at most two empty lines in a row (any number if ``verbatim``).

    NFC and not NFKC, because NFKC would rewrite what people wrote (① to 1, ﬁgures in tables, full-width forms);
    search folds those on its own.
    """
    text = _LINE_ENDS.sub("\n", _COLOURS.sub("", text) if "\x1b" in text else text)
    text = _SURROGATES.sub("\ufffd", _INVISIBLE.sub("", text))
    text = _SPACES.sub(" ", text)
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    text = _TRAILING.sub("", text).strip("\n")
    return text if verbatim else _GAPS.sub("\n\n\n", text)
