"""Rows of cells as Markdown: a table where a row is short enough to read at once, else a record for each row."""

import re
from collections.abc import Iterable, Iterator, Sequence

MOST_COLUMNS = 24
ROWS_A_TABLE = 1000
LONGEST_ROW = 1200  # characters
_SPACE = re.compile(r"\s+")


def table(rows: Sequence[Sequence[str]]) -> str:
    """A table whose first row is its head; shorter rows are filled up."""
    return "\n".join(lines(rows, max((len(row) for row in rows), default=0)))


def lines(rows: Iterable[Sequence[str]], columns: int) -> Iterator[str]:
    """The lines of a table: one for each row, one below the first. A long table is several with the same head, so
    that what reads Markdown need not hold all of it. What a row has beyond the columns stands in its last cell."""
    head = ""
    for n, row in enumerate(rows):
        cells = [cell(text) for text in row]
        if len(cells) > columns:
            cells[columns - 1 :] = [", ".join(filter(None, cells[columns - 1 :]))]
        line = "| " + " | ".join(cells + [""] * (columns - len(cells))) + " |"
        if n == 0:
            head = line
        elif n % ROWS_A_TABLE == 1:
            if n > 1:
                yield ""
            yield head
            yield "|" + " --- |" * columns
        if n:
            yield line
    if head and n == 0:
        yield head
        yield "|" + " --- |" * columns


def cell(text: str) -> str:
    """A text as it can stand in a cell."""
    return _SPACE.sub(" ", text).strip().replace("|", "\\|")


def fits(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bool:
    """Whether a table is readable with such rows."""
    return 0 < len(head) <= MOST_COLUMNS and all(sum(map(len, row)) <= LONGEST_ROW for row in rows)


def record(head: Sequence[str], row: Sequence[str]) -> str:
    """One row by itself: each field with its column's name, empty ones left out."""
    names = [*head, *(f"column {i + 1}" for i in range(len(head), len(row)))]
    parts = [f"{_SPACE.sub(' ', name).strip()}: {_SPACE.sub(' ', value).strip()}"
             for name, value in zip(names, row, strict=False) if value.strip()]  # fmt: skip
    return "\n".join(f"- {part}" for part in parts)
