"""Tables of numbers: workbooks and CSV files, each row readable with its column's names."""

import csv
import datetime
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from clew.errors import ConversionError
from clew.records import Loss
from ingest.convert.archive import opened
from ingest.convert.draft import Draft, lost
from ingest.convert.encoding import decode
from ingest.convert.office import losses as losses_of
from ingest.convert.office import properties
from ingest.convert.pulse import beat
from ingest.convert.tables import fits, lines, record

MOST_COLUMNS = 2000
MOST_ROWS = 1_048_576
_SAMPLE = 200  # rows that decide how a table is written
_LIST = 3  # rows below the first from which a single column is a table, not lines of text
_BEAT = 10_000  # rows after which a long sheet says that it is being read
_PLACES = re.compile(r"0\.(0+)")


def read_workbook(data: bytes, name: str) -> Draft:
    """Convert an .xlsx or .xlsm: a part for each sheet, numbers as they are shown."""
    import openpyxl

    with opened(data) as archive:
        title, date = properties(archive)
        losses = losses_of(archive)
        archive.getinfo("xl/workbook.xml")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            parts = []
            for sheet in book.worksheets:
                if sheet.sheet_state != "visible":
                    losses.append(lost("skipped", f"the hidden sheet {sheet.title} is left out", "Show the sheet."))
                    continue
                sheet.reset_dimensions()  # some programs understate them, and what lies beyond would not be read
                cells = ([_shown(cell) for cell in row] for row in sheet.iter_rows())
                parts.append(_sheet(sheet.title, cells, losses))
        finally:
            book.close()
    return Draft(parts=tuple((None, p) for p in parts if p), title=title, saved=date, losses=tuple(losses))


def read_old_workbook(data: bytes, name: str) -> Draft:
    """Convert an .xls, .xlsb or .ods."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        losses: list[Loss] = []
        parts = []
        for sheet in book.sheet_names:
            rows = book.get_sheet_by_name(sheet).iter_rows()
            cells = ([_text(value) for value in row] for row in rows)
            parts.append(_sheet(sheet, cells, losses))
    except PasswordError as error:
        raise ConversionError("it is protected by a password", "Save a copy without the password.") from error
    except CalamineError as error:
        raise ConversionError(f"it is damaged ({error})", "Open it in its program and save it again.") from error
    return Draft(parts=tuple((None, part) for part in parts if part), losses=tuple(losses))


def read_csv(data: bytes, name: str) -> Draft:
    """Convert comma, semicolon or tab separated values."""
    text = decode(data)
    csv.field_size_limit(10_000_000)
    losses: list[Loss] = []
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=False)
        part = _rows(rows, "the table", losses)
    except csv.Error as error:
        raise ConversionError(f"it is no table ({error})", "Save it again as CSV.") from error
    return Draft.of(part, losses=tuple(losses))


def _delimiter(text: str) -> str:
    """The separator that gives most lines the same number of fields."""
    sample = "\n".join(text[:65536].splitlines()[:50])

    def evenness(mark: str) -> tuple[float, int]:
        widths = [len(row) for row in csv.reader(io.StringIO(sample), delimiter=mark) if row]
        usual = max(set(widths), key=widths.count) if widths else 1
        return (widths.count(usual) / len(widths) if usual > 1 else 0.0, usual)

    return max(",;\t|", key=evenness)


def _sheet(title: str, rows: Iterable[Sequence[str]], losses: list[Loss]) -> str:
    body = _rows(rows, f"the sheet {title}", losses)
    return f"## {title}\n\n{body}" if body else ""


def _rows(rows: Iterable[Sequence[str]], what: str, losses: list[Loss]) -> str:
    """Rows as tables, parted by empty rows: a table if its rows are short enough, else a record for each."""
    out: list[str] = []
    for block in _blocks(_within(rows, what, losses)):
        head = next(block)
        sample = list(itertools.islice(block, _SAMPLE))
        everything = itertools.chain([head], sample, block)
        if not sample:
            out.append(" ".join(cell for cell in head if cell))
        elif len(sample) < _LIST and all(len(row) == 1 for row in (head, *sample)):
            out.append("\n\n".join(row[0] for row in everything))
        elif fits(head, sample):
            out.append("\n".join(lines(everything, max(len(row) for row in (head, *sample)))))
        else:
            out.append("\n\n".join(filter(None, (record(head, row) for row in itertools.islice(everything, 1, None)))))
    return "\n\n".join(part for part in out if part)


def _blocks(rows: Iterable[Sequence[str]]) -> Iterator[Iterator[Sequence[str]]]:
    """Stretches of rows between empty ones. Each must be used up before the next is asked for."""
    source = iter(rows)
    for row in source:
        if row:
            rest = itertools.takewhile(bool, source)
            yield itertools.chain([row], rest)


def _within(rows: Iterable[Sequence[str]], what: str, losses: list[Loss]) -> Iterator[list[str]]:
    """The rows without the empty cells at their ends, as many and as wide as are read; what is cut off is a loss."""
    cut = False
    for number, row in enumerate(rows):
        if number == MOST_ROWS:
            losses.append(lost("truncated", f"{what} has more than {MOST_ROWS:,} rows", "Split it."))
            return
        if number % _BEAT == 0:
            beat()
        cells = list(row)
        if not cut and any(cell.strip() for cell in cells[MOST_COLUMNS:]):
            losses.append(lost("truncated", f"{what} has more than {MOST_COLUMNS:,} columns", "Split it."))
            cut = True
        del cells[MOST_COLUMNS:]
        while cells and not cells[-1].strip():
            cells.pop()
        yield cells


def _shown(cell: Any) -> str:
    """A cell as its program shows it: with its decimal places, thousands, per cents and dates."""
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value, getattr(cell, "number_format", None) or "General")
    return _text(value)


def _number(value: float, form: str) -> str:
    plain = form.split(";")[0]
    places = len(match[1]) if (match := _PLACES.search(plain)) else 0
    if plain == "General" or not re.search(r"[0#]", plain):
        return _text(value)
    if "%" in plain:
        return f"{value * 100:.{places}f}%"
    if "E+" in plain:
        return _text(value)
    number = f"{value:{',' if ',' in plain else ''}.{places}f}"
    unit = re.search(r'"([^"]*)"$|\[\$([^\]-]*)', plain)
    return f"{number} {(unit[1] or unit[2] or '').strip()}".strip() if unit else number


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.12g}" if abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, datetime.time):
        return value.isoformat("minutes")
    return str(value).strip()
