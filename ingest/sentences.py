"""Split prose into sentences, as spans."""

import re
from collections.abc import Iterator

from clew.records import Span

LINE = re.compile(r"[^\n]+")
# A line break ends a sentence where the next line starts anew by its form: a time stamp, a speaker, a list marker.
# A label of several words begins with a capital and has no full stop in it, or it is the rest of a wrapped sentence.
ANEW = re.compile(
    r"\s*(?:[-*+•]\s|\d{1,3}[.)]\s|\[?\d{1,4}[-:/.]\d{1,2}"
    r"|(?:[^\W\d_a-z]|[a-z](?=[\w'’-]*[:：]))(?:(?!\.\s)[\w .'’-]){0,30}[:：]\s|\S{1,12}：)"
)
SHORTENED = re.compile(r"(?:^|\s)[A-Z][a-z]{0,3}\.\Z")
PORTION = 10_000
"""Characters that are split at once: for longer stretches the splitter takes time by the square, in Chinese always,
elsewhere where quotation marks are opened and never closed."""
MOST_PORTIONS = 10
"""A stretch of so many without an end of a sentence is cut where it stands."""
STOP = re.compile(r"[。！？](?=[\w《])|(?<=[a-z]{4})[.!?]\s+(?=[A-Z])")

WIDE = re.compile(r"[^\S\n](?=\.)")
"""A blank before a full stop; at one of more than a byte the splitter ends the process."""


def split(text: str, language: str) -> list[Span]:
    """The sentences of a block of prose, without the white space between them, in order.

    A hard-wrapped line is no sentence of its own; a line that looks like an entry of a log or a list is.
    """
    from sentencex import get_sentence_boundaries

    spans: list[Span] = []
    for start, end in (portion for entry in _entries(text) for portion in _portions(text, *entry)):
        part = WIDE.sub(" ", text[start:end])
        first = len(spans)
        for found in get_sentence_boundaries(language, part):
            span = _trim(text, Span(start + found["start_index"], start + found["end_index"]))
            if len(spans) > first and text[span.start : span.start + 1].islower() and _is_shortened(text, spans[-1]):
                span = Span(spans.pop().start, span.end)
            if len(span):
                spans.append(span)
    return spans


def _is_shortened(text: str, span: Span) -> bool:
    """Whether what was taken for a sentence ends in a short form of a word: "on Fri." """
    return SHORTENED.search(text[max(span.start, span.end - 6) : span.end]) is not None


def _entries(text: str) -> list[tuple[int, int]]:
    """Stretches between line breaks that end something."""
    if "\n" not in text:
        return [(0, len(text))]
    starts = [0]
    lines = list(LINE.finditer(text))
    starts.extend(line.start() for line in lines[1:] if ANEW.match(line.group()))
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def _portions(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A stretch cut where a sentence surely ends, or goes on for too long."""
    while end - start > PORTION:
        most = min(start + MOST_PORTIONS * PORTION, end)
        stop = STOP.search(text, start + PORTION, most)
        cut = stop.end() if stop else most
        yield start, cut
        start = cut
    yield start, end


def _trim(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
