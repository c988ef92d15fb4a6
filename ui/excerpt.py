"""A stretch of a document's Markdown as people read it, and where in the document it stands."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clew.records import Chunk, Span
from ingest.blocks import CELL

HEADING = re.compile(r"^#{1,6}\s+", re.MULTILINE)
RULE = re.compile(r"^[ \t]*\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*\n?", re.MULTILINE)
ROW = re.compile(r"^[ \t]*\|.*$|^.*(?<!\\)\|[ \t]*$", re.MULTILINE)  # also one whose beginning or end is cut off
LINK = re.compile(r"!?\[(?P<label>[^\]\n]*)\]\((?P<address>[^()\s]+)\)")
STRONG = re.compile(r"\*\*(?=\S)([^\n]+?)(?<=\S)\*\*")
LIGHT = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*(?![\w*])")
FENCE = re.compile(r"[ \t>]*(?P<mark>`{3,}|~{3,})[ \t]*(?P<language>[\w+#.-]*)[^`\n]*\n?")


@dataclass(frozen=True, slots=True)
class Fence:
    """What opened a block of code: it ends at a line with no less of the same mark. ``language`` may be empty."""

    mark: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of prose, or of code where ``fence`` says so, cited or not."""

    text: str
    fence: Fence | None
    cited: bool


def parts(text: str, cited: Sequence[Span], fence: Fence | None = None) -> list[Part]:
    """The text taken apart where it is cited and where code begins and ends; lines of code are cited whole, and the
    lines that only fence it go. ``fence`` is what the text begins within."""
    found: list[Part] = []
    for span, within in _lines(text, fence):
        if within is not None:
            _add(found, Part(text[span.slice], within, any(one.overlaps(span) for one in cited)))
            continue
        at = span.start
        for one in sorted(cited):
            start, end = max(at, one.start), min(one.end, span.end)
            if start < end:
                _add(found, Part(text[at:start], None, False))
                _add(found, Part(text[start:end], None, True))
                at = end
        _add(found, Part(text[at : span.end], None, False))
    return found


def fence_at(markdown: str, offset: int) -> Fence | None:
    """What block of code an offset lies in; None where it is none."""
    before = None
    for span, within in _lines(markdown, None):
        if offset < span.end:
            return within if offset >= span.start else before  # a line that fences begins the text anew
        before = within
    return None


def readable(markdown: str) -> str:
    """Without the marks of headings, tables, links and emphasis: the cells of a row stand side by side."""
    markdown = LIGHT.sub(r"\1", STRONG.sub(r"\1", LINK.sub(_linked, markdown)))
    rows = ROW.sub(lambda row: " · ".join(cell for cell in CELL.split(row[0].strip()) if cell), RULE.sub("", markdown))
    return HEADING.sub("", rows)


def place(chunk: Chunk, offset: int) -> str:
    """On which page, or on which line of source code, an offset lies, after a comma; empty where neither is known."""
    if chunk.page is not None:
        return f", page {chunk.page}"
    line = chunk.line_at(offset)
    return "" if line is None else f", line {line}"


def _linked(link: re.Match[str]) -> str:
    label, address = link["label"], link["address"]
    return label if link[0].startswith("!") or label == address else f"{label} ({address})"


def _lines(text: str, within: Fence | None) -> Iterator[tuple[Span, Fence | None]]:
    """Each line, and the block of code that it is in; not the lines that fence one."""
    at = 0
    for line in text.splitlines(keepends=True):
        span, at = Span(at, at + len(line)), at + len(line)
        found = FENCE.fullmatch(line)
        if within is None and found:
            within = Fence(found["mark"], found["language"])
        elif within is not None and found and found["mark"].startswith(within.mark) and not found["language"]:
            within = None
        else:
            yield span, within


def _add(found: list[Part], part: Part) -> None:
    """Put a part behind the others, into the last one where it goes on."""
    if found and (found[-1].fence, found[-1].cited) == (part.fence, part.cited):
        found[-1] = Part(found[-1].text + part.text, part.fence, part.cited)
    elif part.text:
        found.append(part)
