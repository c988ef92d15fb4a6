"""Split prose into sentences, as spans."""

import re

from clew.records import Span

LINE = re.compile(r"[^\n]+")
# A line break ends a sentence where the next line starts anew by its form: a time stamp, a speaker, a list marker.
ANEW = re.compile(r"\s*(?:[-*+•]\s|\d{1,3}[.)]\s|\[?\d{1,4}[-:/.]\d{1,2}|[^\W\d_][\w .'’-]{0,30}[:：]\s|\S{1,12}：)")


def split(text: str, language: str) -> list[Span]:
    """The sentences of a block of prose, without the white space between them, in order.

    A hard-wrapped line is no sentence of its own; a line that looks like an entry of a log or a list is.
    """
    from sentencex import get_sentence_boundaries

    spans: list[Span] = []
    for start, end in _entries(text):
        part = text[start:end]
        spans.extend(
            _trim(text, Span(start + found["start_index"], start + found["end_index"]))
            for found in get_sentence_boundaries(language, part)
        )
    return [span for span in spans if len(span)]


def _entries(text: str) -> list[tuple[int, int]]:
    """Stretches between line breaks that end something."""
    if "\n" not in text:
        return [(0, len(text))]
    starts = [0]
    lines = list(LINE.finditer(text))
    starts.extend(line.start() for line in lines[1:] if ANEW.match(line.group()))
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def _trim(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
