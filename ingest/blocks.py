"""Read Markdown's blocks (headings, paragraphs, table rows, code) as spans, without rendering anything."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from clew.records import Span

Kind = Literal["heading", "prose", "row", "header", "code"]
PIECE = 200_000
"""Characters parsed at once: bounds the parser's memory on very long documents."""

MARKUP = re.compile(
    r"!?\[(?P<label>[^\]\n]{0,1000}+)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+\"[^\"\n]*\")?\)"  # links: keep the label
    r"|<(?P<bare>https?://[^<>\s]+)>"
    r"|^\s{0,3}(?:#{1,6}|>|[-*+]|\d{1,9}[.)])(?=\s)\s*"  # markers at a line's start
    r"|^[^\S\n]*(?:`{3,}|~{3,}).*$|^[^\S\n]*(?:\|\s*)?:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*(?:\|\s*)?$"  # fences, rules
    r"|\*\*|__|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)|`|\\(?=[\\`*_{}\[\]()#+\-.!|$])",
    re.MULTILINE,
)
WORDS = re.compile(r"\w")
TURNS = re.compile(  # a code fence, inside a list too, or an empty line
    r"^(?P<before>[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(?P<fence>~{3,}|`{3,}(?=[^`\n]*$))[ \t]*(?P<info>.*)"
    r"|^[ \t]*\n",
    re.MULTILINE,
)
EMPTY = "–"
"""What stands for the name of a column that has none."""
CELL = re.compile(r"\s*(?<!\\)\|\s*")


@dataclass(frozen=True, slots=True)
class Block:
    """A block's span in the text. ``level`` is a heading's depth; ``header`` a table row's column names."""

    kind: Kind
    span: Span
    level: int = 0
    header: str = ""


def blocks(text: str) -> Iterator[Block]:
    """The blocks that hold text, in order, not overlapping. What lies between them is white space and markup."""
    end = 0
    for offset, piece in _pieces(text):
        for block in _blocks(piece, offset):
            yield from _words_between(text, Span(end, block.span.start))
            yield block
            end = block.span.end
    yield from _words_between(text, Span(end, len(text)))


def _words_between(text: str, gap: Span) -> Iterator[Block]:
    """Words that Markdown takes for markup alone, such as "1987." on its own line, or a link's definition."""
    if WORDS.search(plain(text[gap.slice])):
        yield Block("prose", gap)


def plain(markdown: str) -> str:
    """A stretch of Markdown as the words a reader sees: no markers, no addresses, cells parted by commas."""
    words = MARKUP.sub(lambda found: found.group("label") or "", markdown)
    lines = (
        ", ".join(cell for cell in CELL.split(line) if cell) if "|" in line else line for line in words.split("\n")
    )
    return " ".join(" ".join(lines).split())


def _names(head: str) -> str:
    """The names of a table's columns, parted by commas, which stand in none of them; an empty one is a dash unless no
    other follows it."""
    cells = [
        cell.replace(", ", "; ").replace("\\|", "/") for cell in CELL.split(f"|{head.strip().removeprefix('|')}")[1:]
    ]
    while cells and not cells[-1]:
        cells.pop()
    return plain("".join(f"| {cell or EMPTY} " for cell in cells))


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


def _blocks(text: str, offset: int) -> Iterator[Block]:
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    end, header = 0, ""
    for token, inside in _leaves(_parser().parse(text)):
        if token.map is None:
            continue
        first, last = (min(line, len(starts) - 1) for line in token.map)
        span = Span(max(starts[first], end), starts[last])
        if not text[span.slice].strip():
            continue
        end = span.end
        placed = span.shift(offset)
        if inside == "heading":
            yield Block("heading", placed, level=int(token.tag[1]))
        elif inside == "header":
            header = _names(text[span.slice])
            yield Block("header", placed)
        elif inside == "row":
            yield Block("row", placed, header=header)
        else:
            yield Block("code" if inside == "code" else "prose", placed)


def _leaves(tokens: list[Token]) -> Iterator[tuple[Token, Kind]]:
    in_header = False
    for token in tokens:
        match token.type:
            case "heading_open":
                yield token, "heading"
            case "thead_open":
                in_header = True
            case "thead_close":
                in_header = False
            case "tr_open":
                yield token, "header" if in_header else "row"
            case "fence" | "code_block":
                yield token, "code"
            case "paragraph_open" | "html_block":
                yield token, "prose"


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Cut a very long text at empty lines outside code fences; a fence is never cut, however long it is."""
    start, fence, indent = 0, "", 0
    for line in TURNS.finditer(text if len(text) > PIECE else ""):
        mark, before = line["fence"], line["before"]
        if mark is None:
            if not fence and line.end() - start > PIECE:
                yield start, text[start : line.end()]
                start = line.end()
        elif not fence:
            fence, indent = mark, len(before)
        elif mark.startswith(fence) and not line["info"] and not before.strip() and len(before) <= indent + 3:
            fence = ""
    yield start, text[start:]
