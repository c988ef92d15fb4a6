"""A stretch of a document's Markdown as people read it, and where in the document it stands."""

import re

from clew.records import Chunk
from ingest.blocks import CELL

HEADING = re.compile(r"^#{1,6}\s+", re.MULTILINE)
RULE = re.compile(r"^[ \t]*\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*\n?", re.MULTILINE)
ROW = re.compile(r"^[ \t]*\|.*$|^.*(?<!\\)\|[ \t]*$", re.MULTILINE)  # also one whose beginning or end is cut off


def readable(markdown: str) -> str:
    """Without the marks of headings and tables: the cells of a row stand side by side."""
    rows = ROW.sub(lambda row: " · ".join(cell for cell in CELL.split(row[0].strip()) if cell), RULE.sub("", markdown))
    return HEADING.sub("", rows)


def place(chunk: Chunk, offset: int) -> str:
    """On which page, or on which line of source code, an offset lies, after a comma; empty where neither is known."""
    if chunk.page is not None:
        return f", page {chunk.page}"
    line = chunk.line_at(offset)
    return "" if line is None else f", line {line}"
