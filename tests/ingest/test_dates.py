"""A document's date is what it says itself, and never a date that is merely written in it."""

import datetime

import pytest

from ingest.dates import content_date, date_in, date_of

D = datetime.date
NOW = datetime.datetime(2026, 5, 1, 12, tzinfo=datetime.UTC).timestamp()


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("minutes-2026-02-19", D(2026, 2, 19)),
        ("2026/2/9", D(2026, 2, 9)),
        ("IMG_20260219_x", D(2026, 2, 19)),
        ("19 February 2026", D(2026, 2, 19)),
        ("the 3rd of March, 2026", D(2026, 3, 3)),
        ("Feb. 9, 2026", D(2026, 2, 9)),
        ("Tallow, Sept 1st 2025", D(2025, 9, 1)),
        ("19.2.2026", D(2026, 2, 19)),
        ("二〇二六 2026年2月19日 会议", D(2026, 2, 19)),
        ("12 May 2020 and 3 April 2019", D(2020, 5, 12)),
        ("3/4/2026", None),
        ("2026-13-40", None),
        ("in 2026", None),
        ("room 20269999", None),
        ("1234567890", None),
        ("version 1.2.3000", None),
        ("", None),
    ],
)
def test_dates_are_read_as_written_and_doubtful_ones_are_not(text: str, date: datetime.date | None) -> None:
    assert date_in(text) == date


@pytest.mark.parametrize(
    ("value", "date"),
    [
        (D(2026, 2, 19), D(2026, 2, 19)),
        (datetime.datetime(2026, 2, 19, 23, 59), D(2026, 2, 19)),
        ("D:20260219120000+01'00'", D(2026, 2, 19)),
        ("2026-02-19T10:00:00Z", D(2026, 2, 19)),
        ("Thu, 19 Feb 2026 10:00:00 +0000", D(2026, 2, 19)),
        (D(1, 1, 1), None),
        (2026, None),
        (None, None),
    ],
)
def test_metadata_values_become_dates(value: object, date: datetime.date | None) -> None:
    assert date_of(value) == date


def test_the_sources_of_a_date_are_asked_in_order() -> None:
    given = (D(2020, 1, 1), "metadata")
    none = (None, None)
    letter = "Harbour Road 3\n\nTallow, 3 March 2025\n\nDear all, on 4 May 1999 I wrote to you."
    assert content_date(given, "Notes of 2021-01-01", "x", "a.md", None, NOW) == given  # type: ignore[arg-type]
    assert content_date(none, "Notes of 2021-01-01", letter, "2019-01-01.md", None, NOW) == (D(2021, 1, 1), "title")
    assert content_date(none, "Letter", letter, "2019-01-01.md", None, NOW) == (D(2025, 3, 3), "title")
    assert content_date(none, "Letter", "no date", "2019-01-01.md", None, NOW) == (D(2019, 1, 1), "title")
    assert content_date(none, "Letter", "no date", "a.md", D(2024, 7, 7), NOW) == (D(2024, 7, 7), "metadata")
    assert content_date(none, "Letter", "no date", "a.md", None, NOW) == (D(2026, 5, 1), "modified")


@pytest.mark.parametrize(
    ("title", "name", "date"),
    [
        ("Monthly report, May 2024", "a.md", D(2024, 5, 1)),
        ("", "建造月报-2024-09.docx", D(2024, 9, 1)),
        ("", "fares-2023.csv", D(2023, 1, 1)),
        ("", "vision-2023-and-on.md", D(2024, 7, 7)),
        ("The crisis of 1929", "a.md", D(2024, 7, 7)),
        ("", "log-2024-13.txt", D(2024, 7, 7)),
    ],
)
def test_a_month_or_a_year_in_the_name_is_better_than_the_day_of_saving(
    title: str, name: str, date: datetime.date
) -> None:
    assert content_date((None, None), title, "words", name, D(2024, 7, 7), NOW)[0] == date


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("The Post Office\nGreat Tallow\n9 November 2025\n\nDear Mrs Vane", D(2025, 11, 9)),
        ("*临澜晚报记者 唐小雨 2025年11月1日*", D(2025, 11, 1)),
        ("```python\n(26 January 1926, 412)\n```", None),
        ("他的女儿出生于一九九八年，2025年11月1日那一天，全厂的人都到码头上送他们回家去了。", None),
    ],
)
def test_a_letterhead_dates_its_letter(line: str, date: datetime.date | None) -> None:
    found, source = content_date((None, None), "", line, "a.md", None, NOW)
    assert (found if source == "title" else None) == date


def test_a_date_in_running_text_dates_no_document() -> None:
    text = "The harbour master, who was born on 7 April 1970 in the town of Tallow, has kept the light since then."
    assert content_date((None, None), "The harbour master", text, "a.md", None, NOW)[1] == "modified"
