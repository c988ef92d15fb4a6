"""Tables of numbers: workbooks and CSV files, each row readable with its column's names."""

import csv
import datetime
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from clew.errors import ConversionError
from clew.records import Loss
from ingest.convert.archive import opened
from ingest.convert.draft import Draft, lost
from ingest.convert.encoding import decode, lines_of
from ingest.convert.office import losses as losses_of
from ingest.convert.office import properties
from ingest.convert.pulse import beat
from ingest.convert.tables import fits, lines, record

MOST_COLUMNS = 2000
MOST_ROWS = 1_048_576
_SAMPLE = 200  # rows that decide how a table is written
_LIST = 3  # rows below the first from which a single column is a table, not lines of text
_BEAT = 10_000  # rows after which a long sheet says that it is being read
_FORMAT = re.compile(r'"([^"]*)"|\\(.)|([$€£¥])|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|[_*].|([0#?.,]+)|(.)')
_NO_RESULT = re.compile(  # a formula that a program wrote and none has worked out
    rb'<c\b(?![^<>]*\bt="str")[^<>]*>\s*<f\b[^<>]*(?:/>|>[^<]*</f>)\s*+(?:<v\s*/>|<v>\s*</v>)?\s*</c>'
)
_MERGED = re.compile(rb'<mergeCell\s+ref="([A-Z]+)(\d+):[A-Z]+(\d+)"')
_SEPARATOR = re.compile(r'"?sep=(.)"?[ \t]*\n', re.I)


def read_workbook(data: bytes, name: str) -> Draft:
    """Convert an .xlsx or .xlsm: a part for each sheet, numbers as they are shown."""
    import openpyxl

    with opened(data) as archive:
        title, date = properties(archive)
        losses = losses_of(archive)
        archive.getinfo("xl/workbook.xml")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        without_result = 0
        try:
            parts = []
            for sheet in book.worksheets:
                if sheet.sheet_state != "visible":
                    losses.append(lost("skipped", f"the hidden sheet {sheet.title} is left out", "Show the sheet."))
                    continue
                source = archive.read(sheet._worksheet_path.lstrip("/"))
                without_result += len(_NO_RESULT.findall(source)) if b"<f" in source else 0
                sheet.reset_dimensions()  # some programs understate them, and what lies beyond would not be read
                cells = ([_shown(cell) for cell in row] for row in sheet.iter_rows())
                parts.append(_sheet(sheet.title, _filled(cells, _spans(source)), losses))
        finally:
            book.close()
    if without_result:
        reason = f"{without_result:,} formulas have no result in the file"
        losses.append(lost("table", reason, "Open it in its program and save it again."))
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
    text = lines_of(decode(data))
    csv.field_size_limit(10_000_000)
    losses: list[Loss] = []
    said = _SEPARATOR.match(text)
    mark = said[1] if said else _delimiter(text)
    unclosed = mark == "\t" and text.count('"') % 2 == 1  # then it is no quotation mark
    try:
        source = io.StringIO(text[said.end() if said else 0 :], newline="")
        rows = csv.reader(source, delimiter=mark, quoting=csv.QUOTE_NONE if unclosed else csv.QUOTE_MINIMAL)
        part = _rows(rows, "the table", losses)
    except csv.Error as error:
        raise ConversionError(f"it is no table ({error})", "Save it again as CSV.") from error
    return Draft.of(part, losses=tuple(losses))


def _delimiter(text: str) -> str:
    """The separator that gives most lines the same number of fields; where another one does so too, the comma may be
    that of numbers."""
    sample = "\n".join(text[:65536].splitlines()[:50])

    def evenness(mark: str) -> tuple[float, bool, int]:
        widths = [len(row) for row in csv.reader(io.StringIO(sample), delimiter=mark) if row]
        usual = max(set(widths), key=widths.count) if widths else 1
        return (widths.count(usual) / len(widths) if usual > 1 else 0.0, mark != ",", usual)

    return max(",;\t|", key=evenness)


def _spans(source: bytes) -> dict[int, list[tuple[int, int]]]:
    """Merged cells over several rows, by their first row: (column from 0, last row)."""
    from openpyxl.utils import column_index_from_string

    spans: dict[int, list[tuple[int, int]]] = {}
    for column, first, last in _MERGED.findall(source):
        if first != last:
            spans.setdefault(int(first), []).append((column_index_from_string(column.decode()) - 1, int(last)))
    return spans


def _filled(rows: Iterable[list[str]], spans: Mapping[int, list[tuple[int, int]]]) -> Iterator[list[str]]:
    """The rows, a cell merged over several of them standing in each, so that each row can be read on its own."""
    going_on: dict[int, tuple[int, str]] = {}
    for number, row in enumerate(rows, 1):
        if any(row):
            for column, (_, text) in going_on.items():
                row += [""] * (column + 1 - len(row))
                row[column] = row[column] or text
        for column, last in spans.get(number, ()):
            if column < len(row) and row[column]:
                going_on[column] = last, row[column]
        going_on = {column: (last, text) for column, (last, text) in going_on.items() if last > number}
        yield row


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
    """A number in the first section of a format; in one that is more than digits and a unit, the bare number."""
    before = behind = digits = other = ""
    for text, escaped, sign, currency, places, rest in _FORMAT.findall(form.split(";")[0]):
        digits = digits or places
        other += rest
        if digits or currency:
            behind += text or escaped or sign or currency
        else:
            before += text or escaped or sign
    if not re.search(r"[0#]", digits) or re.search(r"[E/]", other) or re.search(r"\[[<>=]", form):
        return _text(value)
    unscaled = digits.rstrip(",")
    whole, _, places = unscaled.partition(".")
    value *= (100 if "%" in other else 1) / 1000 ** (len(digits) - len(unscaled))
    number = f"{abs(value):{',' if ',' in whole else ''}.{len(places)}f}"
    for _ in places[len(places.rstrip("#?")) :]:  # these places are shown where they are needed
        number = number.removesuffix("0")
    number, dot, part = number.removesuffix(".").partition(".")
    number = number.rjust(whole.count("0"), "0") + dot + part
    shown = f"{'-' if value < 0 else ''}{before}{number}{'%' if '%' in other else ''}"
    return f"{shown} {behind.strip()}".strip()


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.12g}" if abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        value = (value + datetime.timedelta(microseconds=500_000)).replace(microsecond=0)  # a sheet's are not exact
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds" if value.second else "minutes")
    if isinstance(value, datetime.time):
        return value.isoformat("seconds" if value.second else "minutes")
    if isinstance(value, datetime.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    return str(value).strip()
