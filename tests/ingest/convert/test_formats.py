"""What documents say survives every format: its words in order, its tables, its headings, its dates."""

import csv
import datetime
import io
import json
import zipfile
from email.message import EmailMessage
from typing import Any

import pytest

from clew.records import Markdown
from evals import forge
from evals.keeping import cells, headings, recall, word_order_f1
from ingest.convert import convert_bytes

KNOWN = """# The winter boat to Great Tallow

Letter from the island, written by Dorothea Lusk, who has kept the post office for thirty-one years. Last winter no
boat came from November to February, because the Marigold was wanted elsewhere.

## What we ask

- Three boats a week, on days that are written down
- A place for the children's bicycles
- Somebody who answers the telephone

### In this order

1. First the boat
2. Then the shelter on the slip

## What it costs

Single crossing in crowns, as the board approved it; the line below is what a child pays.

| Ticket | Veyra | Hask | Great Tallow |
|---|---|---|---|
| Adult | 9.20 | 6.80 | 8.40 |
| Child 5 to 15, with a grown-up on board | 4.60 | 3.40 | 4.20 |
| Car up to 5 m | 27.00 | 21.00 | 25.50 |
| Bicycle | 0.00 | 0.00 | 0.00 |

### How to count

```
for day in week:
    count(day)
```

A boat that may come is worse than none, for one goes down to the slip and waits for it.
"""
CHINESE = """# 海燕号交船纪要

二〇二五年八月二十三日，望潮船厂把海燕号交给渡轮公司。船长八十四米，可载客三百五十人。

## 备件

| 名称 | 数量 | 产地 |
|---|---|---|
| 主推进电机 | 两台 | 北岭 |
| 侧推器 | 一台 | 沙彭 |
| 救生筏 | 八只 | 临澜 |
"""


def read(data: bytes | str, name: str) -> Markdown:
    return convert_bytes(data.encode() if isinstance(data, str) else data, name, 0.0)


@pytest.mark.parametrize("known", [KNOWN, CHINESE], ids=["english", "chinese"])
@pytest.mark.parametrize("form", forge.MAKERS)
def test_words_keep_their_order_and_cells_their_places(form: str, known: str) -> None:
    pieces = forge.pieces(known)
    made = read(forge.MAKERS[form](pieces), f"file.{form.split('-')[0]}")
    text = made.text if made.title in made.text or not made.named else f"# {made.title}\n\n{made.text}"
    gold, got = forge.kept(pieces, form), forge.pieces(text)
    assert word_order_f1(forge.plain(gold), forge.plain(got)) >= 0.95
    assert (recall(cells(gold), cells(got)) or 0) >= 0.9
    if form not in forge.TABLES_ONLY:
        assert (recall(headings(gold), headings(got)) or 0) >= 0.9


def rebuilt(data: bytes, change: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in {*old.namelist(), *change}:
            new.writestr(name, change[name] if name in change else old.read(name))
    return out.getvalue()


def losses(made: Markdown) -> list[tuple[str, str]]:
    return [(loss.kind, loss.reason) for loss in made.losses]


# Word


def test_links_footnotes_and_pictures_of_a_word_file() -> None:
    import docx

    document = docx.Document()
    document.core_properties.title = "Notes"
    document.core_properties.modified = datetime.datetime(2025, 5, 6)
    document.add_paragraph("Words of the letter.")
    saved = io.BytesIO()
    document.save(saved)
    data = rebuilt(saved.getvalue(), {"word/media/image1.png": b"x", "word/vbaProject.bin": b"x"})
    made = read(data, "letter.docm")
    assert made.title == "Notes"
    assert (made.date, made.date_source) == (datetime.date(2025, 5, 6), "metadata")
    assert losses(made) == [("image", "a picture is not read"), ("skipped", "its macros are left out")]


def test_a_date_in_the_title_goes_before_the_day_of_saving() -> None:
    made = read(forge.make_docx(forge.pieces("# Minutes of 7 March 2024\n\nPresent: all.")), "minutes.docx")
    assert made.title == "Minutes of 7 March 2024"
    assert (made.date, made.date_source) == (datetime.date(2024, 3, 7), "title")


# PowerPoint


def test_a_long_chart_is_a_table_of_all_its_points() -> None:
    import pptx
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Cm

    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    numbers = CategoryChartData()
    numbers.categories = [f"day {i}" for i in range(600)]
    numbers.add_series("Diesel", range(600))
    slide.shapes.add_chart(XL_CHART_TYPE.LINE, Cm(1), Cm(3), Cm(10), Cm(8), numbers)
    assert "| day 599 | 599 |" in read(saved(deck), "deck.pptx").text


def test_slides_are_pages_with_their_tables_charts_and_notes() -> None:
    import pptx
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Cm

    deck = pptx.Presentation()
    for title in ("Fleet", "Costs"):
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        slide.shapes.title.text = title
    numbers = CategoryChartData()
    numbers.categories = ["2024", "2025"]
    numbers.add_series("Diesel", (1480, 1190))
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Cm(1), Cm(3), Cm(10), Cm(8), numbers)
    slide.notes_slide.notes_text_frame.text = "Say this slowly."
    saved = io.BytesIO()
    deck.save(saved)
    made = read(saved.getvalue(), "deck.pptx")
    assert [number for number, _ in made.pages] == [1, 2]
    assert made.page_at(made.text.index("Costs")) == 2
    assert "|  | Diesel |\n| --- | --- |\n| 2024 | 1480 |\n| 2025 | 1190 |" in made.text
    assert "Notes: Say this slowly." in made.text


# Sheets


def book(*sheets: tuple[str, list[list[Any]]]) -> Any:
    import openpyxl

    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return made


def saved(made: Any) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_numbers_and_dates_read_as_they_are_shown() -> None:
    made = book(("Fares", [["What", "Value"], ["price", 9.2], ["cars", 12000], ["share", 0.256], ["day", None]]))
    sheet = made["Fares"]
    sheet["B2"].number_format, sheet["B3"].number_format, sheet["B4"].number_format = "0.00", "#,##0", "0.0%"
    sheet["B5"] = datetime.date(2026, 2, 19)
    text = read(saved(made), "fares.xlsx").text
    assert text.startswith("## Fares\n\n| What | Value |\n| --- | --- |\n")
    for row in ("| price | 9.20 |", "| cars | 12,000 |", "| share | 25.6% |", "| day | 2026-02-19 |"):
        assert row in text


def test_hidden_sheets_are_a_loss_and_empty_rows_part_tables() -> None:
    rows = [["a", "b"], [1, 2], [], ["c", "d"], [3, 4]]
    made = book(("Shown", rows), ("Hidden", [["secret"]]))
    made["Hidden"].sheet_state = "hidden"
    done = read(saved(made), "a.xlsx")
    assert done.text.count("| --- | --- |") == 2
    assert "secret" not in done.text
    assert losses(done) == [("skipped", "the hidden sheet Hidden is left out")]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_csv_is_read_with_the_separator_it_has(mark: str) -> None:
    rows = [["name", "note"], ["Petrel", f'says "a{mark}b"'], ["Gannet", "two\nlines"]]
    out = io.StringIO()
    csv.writer(out, delimiter=mark).writerows(rows)
    shown = 'says "a' + ("\\|" if mark == "|" else " " if mark == "\t" else mark) + 'b"'
    assert f"| Petrel | {shown} |\n| Gannet | two lines |" in read(out.getvalue(), "a.csv").text


def test_a_csv_in_chinese_from_an_office_program_is_read() -> None:
    assert "| 侧推器 | 一台 |" in read("名称,数量\n侧推器,一台\n".encode("gb18030"), "a.csv").text


def test_a_hundred_thousand_rows_are_all_there() -> None:
    data = "id,name,price\n" + "".join(f"{i},thing {i},{i % 97}.50\n" for i in range(100_000))
    made = read(data, "big.csv")
    assert made.text.count("\n| ") == 100_199  # with the heads and the lines below them
    assert made.text.count("| id | name | price |\n| --- | --- | --- |\n") == 100  # no table without end
    assert "| 99999 | thing 99999 | 89.50 |" in made.text
    assert made.losses == ()


def test_a_small_table_under_a_caption_keeps_all_its_columns() -> None:
    rows = [["Key figures"], ["Turnover", 1234, "crowns"], ["Profit", 56, "crowns"]]
    made = read(saved(book(("Year", rows))), "year.xlsx")
    table = "| Key figures |  |  |\n| --- | --- | --- |\n| Turnover | 1234 | crowns |\n| Profit | 56 | crowns |\n"
    assert made.text == "## Year\n\n" + table
    assert "| Heating | 120 |" in read("Budget 2024\nRent,500\nHeating,120\n", "budget.csv").text
    assert read("One line\nAnother line\n", "lines.csv").text == "One line\n\nAnother line\n"


def test_cells_beyond_the_columns_of_a_long_table_stand_in_its_last_cell() -> None:
    rows = ["stop,fare", *(f"{i},9.20" for i in range(400)), "401,4.60,on Sundays only", "402,4.60"]
    made = read("\n".join(rows), "fares.csv")
    assert "| 401 | 4.60, on Sundays only |\n| 402 | 4.60 |" in made.text
    assert made.losses == ()


@pytest.mark.parametrize("name", ["gap.csv", "gap.xlsx"])
def test_rows_behind_a_long_gap_are_read(name: str) -> None:
    rows = [["stop", "fare"], ["Hask", "6.80"], *([[]] * 1500), ["Veyra", "9.20"]]
    lines = "\n".join(",".join(row) for row in rows)
    made = read(saved(book(("Gap", rows))) if name.endswith("xlsx") else lines, name)
    assert "Veyra 9.20" in made.text


def test_a_sheet_that_is_larger_than_it_says_is_read_to_its_end() -> None:
    data = saved(book(("Fares", [["stop", "fare"], ["Hask", "6.80"]])))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").replace(b'ref="A1:B2"', b'ref="A1"')
    assert "| Hask | 6.80 |" in read(rebuilt(data, {"xl/worksheets/sheet1.xml": sheet}), "fares.xlsx").text


def test_a_table_longer_than_what_is_read_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.convert.sheet.MOST_ROWS", 3)
    made = read("stop,fare\nHask,6.80\nVeyra,9.20\nTallow,8.40\n", "fares.csv")
    assert "Veyra" in made.text
    assert losses(made) == [("truncated", "the table has more than 3 rows")]


def test_rows_too_wide_for_a_table_are_records_that_name_their_columns() -> None:
    head = [f"Column {i}" for i in range(40)]
    data = ",".join(head) + "\n" + ",".join(f"value {i}" if i % 2 else "" for i in range(40)) + "\n"
    text = read(data, "wide.csv").text
    assert "- Column 39: value 39" in text
    assert "Column 38" not in text


# Mail, books, notebooks, data, code


def test_a_mail_keeps_its_people_its_table_and_its_attachments() -> None:
    mail = EmailMessage()
    mail["From"], mail["To"] = "Astrid Vane <vane@osf.example>", "周明远 <zhou@wangchao.example>"
    mail["Subject"], mail["Date"] = "关于延期交付的说明", "Sat, 28 Dec 2024 10:00:00 +0800"
    mail.set_content("See the table.")
    mail.add_alternative("<p>See:</p><table><tr><th>Day</th></tr><tr><td>Monday</td></tr></table>", subtype="html")
    mail.add_attachment(
        forge.make_docx(forge.pieces("# Annex\n\nInside.")), "application", "msword", filename="附件.docx"
    )
    mail.add_attachment(b"\x89PNG\r\n\x1a\n....", "image", "png", filename="logo.png")
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "dock@osf.example", "Forwarded"
    inner.set_content("The inner words.")
    mail.add_attachment(inner)
    made = read(mail.as_bytes(), "a.eml")
    assert (made.title, made.date, made.date_source) == ("关于延期交付的说明", datetime.date(2024, 12, 28), "metadata")
    for part in ("Astrid Vane", "周明远", "| Day |", "# Attachment: 附件.docx", "Inside.", "The inner words."):
        assert part in made.text
    assert losses(made) == [
        ("image", "attachment logo.png: a picture: what is written in it is not read"),
    ]


def test_a_book_is_read_in_the_order_of_its_spine() -> None:
    made = read(forge.make_epub(forge.pieces("# One\n\nFirst words.\n\n# Two\n\nLast words.")), "a.epub")
    assert made.title == "Forged"
    assert made.text.index("# One") < made.text.index("First") < made.text.index("# Two") < made.text.index("Last")


def test_a_notebook_keeps_code_output_and_counts_plots() -> None:
    cells_ = [
        {"cell_type": "markdown", "source": ["# Tides\n", "\n", "Notes."]},
        {
            "cell_type": "code",
            "source": "print(h)",
            "outputs": [
                {"output_type": "stream", "text": ["412\n"]},
                {"output_type": "display_data", "data": {"image/png": "x", "text/plain": "<Figure size 6x4>"}},
            ],
        },
    ]
    made = read(json.dumps({"cells": cells_, "metadata": {"kernelspec": {"language": "python"}}}), "a.ipynb")
    assert made.text == "# Tides\n\nNotes.\n\n```python\nprint(h)\n```\n\n```\n412\n```\n"
    assert losses(made) == [("image", "a plot is not read")]


def test_json_becomes_tables_records_or_an_outline() -> None:
    flat = read(json.dumps([{"ship": "Petrel", "cars": 72}, {"ship": "Gannet", "cars": None}]), "a.json").text
    assert flat == "| ship | cars |\n| --- | --- |\n| Petrel | 72 |\n| Gannet |  |\n"
    deep = read(json.dumps({"fleet": {"Petrel": {"cars": 72, "routes": ["Veyra", "Hask"]}}}), "a.json").text
    assert deep == "- fleet:\n    - Petrel:\n        - cars: 72\n        - routes: Veyra, Hask\n"
    long = read("\n".join(json.dumps({"who": "A", "text": "word " * 300}) for _ in range(2)), "a.jsonl").text
    assert long.count("- who: A\n- text: word word") == 2
    many = read(json.dumps({f"field {i}": f"value {i}" for i in range(3000)}), "a.json").text
    assert "- field 2999: value 2999" in many


def test_a_line_of_json_may_hold_other_ends_of_lines_in_its_texts() -> None:
    rows = [json.dumps({"text": text}, ensure_ascii=False) for text in ("one\u2028two", "three\x85four", "five")]
    made = read("\r\n".join(rows), "a.jsonl")
    assert made.text == "| text |\n| --- |\n| one two |\n| three four |\n| five |\n"
    assert made.losses == ()


def test_code_keeps_its_lines_so_that_a_line_can_be_cited() -> None:
    code = "import os\n\n\n\n\n\ndef depth():\n    return '```'   \n"
    made = read(code, "tools/depth.py")
    assert made.text.startswith("````python\nimport os\n")
    assert made.text.split("\n")[7] == code.split("\n")[6]
    assert made.named is False


def test_rich_text_of_an_office_program_with_tables_and_pictures() -> None:
    data = (
        "{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}{\\info{\\title Lease}}\\pard Caf\\'e9 \\b bold\\b0\\par"
        "{\\pict\\pngblip 00}\\trowd\\cellx1\\cellx2 a\\cell b\\cell\\row}"
    )
    made = read(data, "a.rtf")
    assert made.title == "Lease"
    assert "Café bold" in made.text
    assert losses(made) == [("image", "a picture is not read")]
