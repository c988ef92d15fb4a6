"""Rows of Markdown tables: their cells, and the names of the columns that these stand in."""

import re

from clew.records import Chunk, Span
from ingest.blocks import EMPTY, plain

CELL = re.compile(r"(?<!\\)\|")
RULE = re.compile(r"\s*\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?)?\s*|\s*\|\s*:?-+:?\s*")


def cells(row: str) -> list[str]:
    """What stands in each column."""
    inside = row.strip().removeprefix("|")
    if inside.endswith("|") and not inside.endswith("\\|"):
        inside = inside[:-1]
    return [plain(cell) for cell in CELL.split(inside)]


def columns(chunk: Chunk, row: Span, count: int) -> list[str]:
    """The ``count`` names of a row's columns: from the table's head above it in the chunk, else from the heading path;
    empty where they cannot be told."""
    above = chunk.text[: row.start - chunk.span.start].split("\n")
    for nth in range(len(above) - 1, -1, -1):
        if nth and RULE.fullmatch(above[nth]):
            names = cells(above[nth - 1])
            return names if len(names) == count else []
        if above[nth].strip() and "|" not in above[nth]:
            return []
    # A chunk that starts amid a table has the column names as the last of its headings, without empty ones at the end
    # (in an index of before without any): fewer cannot be told apart.
    amid = chunk.quote(row).lstrip().startswith("|") and chunk.headings
    names = chunk.headings[-1].split(", ") if amid else []
    return ["" if name == EMPTY else name for name in names] if len(names) == count else []
