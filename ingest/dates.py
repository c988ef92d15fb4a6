"""When a document is from: what it says itself before what the file system says."""

import datetime
import re
from collections.abc import Iterator

from clew.records import DateSource

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
            "august aug", "september sep sept", "october oct", "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ORDINAL = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_PATTERNS = [
    re.compile(r"(?<!\d)(?P<y>\d{4})(?P<s>[-/._])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>\d{4})\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*[日号]"),
    re.compile(rf"(?<!\d){_ORDINAL}\s+(?:of\s+)?(?P<n>{_MONTH})\b[.,]*\s+(?P<y>\d{{4}})(?!\d)", re.I),
    re.compile(rf"\b(?P<n>{_MONTH})\.?\s+{_ORDINAL},?\s+(?P<y>\d{{4}})(?!\d)", re.I),
    re.compile(r"(?<!\d)(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?!\d)"),
]  # fmt: skip
_MONTHS_ONLY = [
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d{2})[-_.](?P<m>0[1-9]|1[0-2])(?![\d])"),
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d{2})\s*年\s*(?P<m>\d{1,2})\s*月"),
    re.compile(rf"\b(?P<n>{_MONTH})\.?,?[\s_-]+(?P<y>(?:19|20)\d{{2}})(?!\d)", re.I),
]
_YEAR_ONLY = re.compile(r"(?:^|[-_ .])((?:19|20)\d{2})$")
_DATE_WORDS = re.compile(rf"\d+(?:st|nd|rd|th)?|\b(?:{_MONTH})\b|[年月日号,.:;/*_#|()-]", re.I)
_PDF = re.compile(r"^D:(\d{4})(\d{2})?(\d{2})?")
_LETTERHEAD_LINES = 8
_LETTERHEAD_WORDS, _LETTERHEAD_HAN = 7, 14  # beside the date; more is prose, and its date may be of anything


def content_date(
    given: tuple[datetime.date | None, DateSource | None],
    title: str,
    text: str,
    name: str,
    saved: datetime.date | None,
    modified: float,
) -> tuple[datetime.date, DateSource]:
    """The date and where it was found: what the document gives as its own; in the title, a short line at the top or
    the file name; when its program ``saved`` it; last the file's time of change."""
    date, source = given
    if date is not None and source is not None:
        return date, source
    stem = re.sub(r"\.[^.]*$", "", name)
    for place in (title, *_letterhead(text), stem):
        found = date_in(place)
        if found:
            return found, "title"
    found = _month_in(title) or _month_in(stem) or _year_in(stem)
    if found:
        return found, "title"
    if saved is not None:
        return saved, "metadata"
    return datetime.datetime.fromtimestamp(modified, datetime.UTC).date(), "modified"


def date_in(text: str) -> datetime.date | None:
    """The first full date written in a text. Dates that two countries read differently (3/4/2026) are no dates."""
    best: tuple[int, datetime.date] | None = None
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            groups = match.groupdict()
            month = MONTHS[groups["n"].lower()] if groups.get("n") else int(groups["m"])
            date = _valid(int(groups["y"]), month, int(groups["d"]))
            if date and (best is None or match.start() < best[0]):
                best = match.start(), date
            if date:
                break
    return best[1] if best else None


def date_of(value: object) -> datetime.date | None:
    """A metadata value as a date: a date, a datetime, or text as ISO 8601, PDF, mail and people write it."""
    if isinstance(value, datetime.datetime):
        return _valid(value.year, value.month, value.day)
    if isinstance(value, datetime.date):
        return _valid(value.year, value.month, value.day)
    if not isinstance(value, str):
        return None
    pdf = _PDF.match(value.strip())
    if pdf:
        return _valid(int(pdf[1]), int(pdf[2] or 1), int(pdf[3] or 1))
    return date_in(value)


def _valid(year: int, month: int, day: int) -> datetime.date | None:
    if not 1900 <= year <= 2100:
        return None
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _month_in(text: str) -> datetime.date | None:
    """The first of the month that a title or a file's name gives."""
    for pattern in _MONTHS_ONLY:
        match = pattern.search(text)
        if match:
            groups = match.groupdict()
            return _valid(int(groups["y"]), MONTHS[groups["n"].lower()] if groups.get("n") else int(groups["m"]), 1)
    return None


def _year_in(stem: str) -> datetime.date | None:
    """The first of January of the year in which a file's name ends: ``annual-report-2025``."""
    match = _YEAR_ONLY.search(stem)
    return _valid(int(match[1]), 1, 1) if match else None


def _letterhead(text: str) -> Iterator[str]:
    """The short lines among a text's first ones: where a letter or a protocol carries its date. Little stands beside
    the date in them; a sentence that mentions a date is no such line."""
    lines = [line.strip() for line in text[:2000].partition("```")[0].splitlines() if line.strip()]
    for line in lines[:_LETTERHEAD_LINES]:
        beside = _DATE_WORDS.sub(" ", line)
        if len(re.findall(r"[一-鿿]", beside)) <= _LETTERHEAD_HAN and len(beside.split()) <= _LETTERHEAD_WORDS:
            yield line
