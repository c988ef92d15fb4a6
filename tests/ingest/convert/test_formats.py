"""What documents say survives every format: its words in order, its tables, its headings, its dates."""

import csv
import datetime
import io
import json
import zipfile
from email.message import EmailMessage
from typing import Any

import pytest

from clew.errors import ConversionError
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


def word_file() -> tuple[Any, Any]:
    """A document of Word with a table of three columns."""
    import docx

    document = docx.Document()
    rows = ("Port", "Season", "Fare"), ("Hask", "Winter", "6.80"), ("", "Summer|Autumn", "9.20")
    table = document.add_table(rows=0, cols=3)
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    return document, table


def test_merged_cells_of_a_word_table_stand_in_each_row_and_bars_part_no_cells() -> None:
    document, table = word_file()
    table.cell(1, 0).merge(table.cell(2, 0))
    inner = table.cell(1, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "till", "March"
    text = " ".join(read(saved(document), "fares.docx").text.split())
    assert text.endswith("| Hask | Winter till March | 6.80 | | Hask | Summer\\|Autumn | 9.20 |")


def test_a_word_file_whose_main_part_has_a_number_is_read() -> None:
    data = saved(word_file()[0])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name).replace(b"word/document.xml", b"word/document2.xml")
            new.writestr(name.replace("document.xml", "document2.xml"), content)
    assert "| Hask | Winter | 6.80 |" in read(out.getvalue(), "fares.docx").text


def test_formulas_comments_and_charts_of_a_word_file_are_told() -> None:
    data = saved(word_file()[0])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        main = archive.read("word/document.xml")
    formula = b'<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"/></w:p>'
    change = {
        "word/document.xml": main.replace(b"</w:p>", formula, 1),
        "word/comments.xml": b'<w:comments xmlns:w="w"><w:comment w:id="1"/></w:comments>',
        "word/charts/chart1.xml": b"<c:chart/>",
    }
    said = ["its comments are left out", "its charts are not read", "a formula is not read"]
    assert losses(read(rebuilt(data, change), "a.docx")) == [("skipped", reason) for reason in said]
    empty = {"word/comments.xml": b'<w:comments xmlns:w="w"/>'}
    assert losses(read(rebuilt(data, empty), "a.docx")) == []


# PowerPoint


def test_the_words_of_a_smart_art_are_a_list() -> None:
    import pptx
    from lxml import etree
    from pptx.opc.package import Part
    from pptx.opc.packuri import PackURI

    main, to = (
        "http://schemas.openxmlformats.org/drawingml/2006",
        "http://schemas.openxmlformats.org/officeDocument/2006",
    )
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    points = "".join(f"<d:pt><d:t><a:p><a:r><a:t>{word}</a:t></a:r></a:p></d:t></d:pt>" for word in ("Load", "Sail"))
    data = (
        f'<d:dataModel xmlns:d="{main}/diagram" xmlns:a="{main}/main"><d:ptLst>{points}<d:pt/></d:ptLst></d:dataModel>'
    )
    part = Part(PackURI("/ppt/diagrams/data1.xml"), "application/xml", slide.part.package, data.encode())
    place = slide.part.relate_to(part, f"{to}/relationships/diagramData")
    frame = (
        f'<p:graphicFrame xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="{main}/main" '
        f'xmlns:d="{main}/diagram" xmlns:r="{to}/relationships"><p:nvGraphicFramePr><p:cNvPr id="9" name="x"/>'
        "<p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr><p:xfrm><a:off x='0' y='0'/></p:xfrm>"
        f"<a:graphic><a:graphicData uri='{main}/diagram'><d:relIds r:dm='{place}'/></a:graphicData></a:graphic>"
        "</p:graphicFrame>"
    )
    slide.shapes._spTree.append(pptx.oxml.parse_xml(etree.tostring(etree.fromstring(frame))))
    made = read(saved(deck), "steps.pptx")
    assert made.text == "- Load\n- Sail\n"
    assert made.losses == ()


def test_shapes_that_share_an_id_and_points_of_a_chart_are_all_read() -> None:
    import pptx
    from pptx.chart.data import XyChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Cm

    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Tides"
    box = slide.shapes.add_textbox(Cm(1), Cm(1), Cm(5), Cm(1))
    box.text_frame.text = "Measured at the quay."
    box.element.nvSpPr.cNvPr.set("id", str(slide.shapes.title.shape_id))
    points = XyChartData()
    height = points.add_series("Height")
    height.add_data_point(1.5, 410)
    height.add_data_point(2.5, 395)
    slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, Cm(1), Cm(3), Cm(10), Cm(8), points)
    text = read(saved(deck), "tides.pptx").text
    assert "Measured at the quay." in text
    assert "|  | Height |\n| --- | --- |\n| 1.5 | 410 |\n| 2.5 | 395 |" in text


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


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (12.34, "#.00", "12.34"),
        (12.34, "#,##0.##", "12.34"),
        (12, "0.##", "12"),
        (0.5, "# ?/?", "0.5"),
        (12_300_000, '0.0,,"M"', "12.3 M"),
        (1234.5, '"$"#,##0.00', "$1,234.50"),
        (-3, "$0.00", "-$3.00"),
        (1234.5, '_-* #,##0.00\\ "€"_-', "1,234.50 €"),
        (1234.5, "[$€-407]#,##0.00", "1,234.50 €"),
        (7, "00000", "00007"),
        (0.1234, "0.0#%", "12.34%"),
        (90, '0 "km/h"', "90 km/h"),
        (1234.5, '[>=1000]0.0,"k";0', "1234.5"),
        (datetime.datetime(2024, 1, 2, 10, 11, 12), "yyyy-mm-dd hh:mm:ss", "2024-01-02 10:11:12"),
        (datetime.time(0, 12, 34), "hh:mm:ss", "00:12:34"),
        (datetime.timedelta(hours=30, minutes=5), "[h]:mm", "30:05"),
    ],
)
def test_a_cell_keeps_the_places_the_unit_and_the_seconds_that_its_format_shows(
    value: Any, form: str, shown: str
) -> None:
    made = book(("Log", [["What", "Value"], ["one", value]]))
    made["Log"]["B2"].number_format = form
    assert f"| one | {shown} |" in read(saved(made), "log.xlsx").text


def test_a_cell_merged_over_rows_stands_in_each_in_sheets_slides_and_open_documents() -> None:
    import pptx
    from pptx.util import Cm

    rows = [["Port", "Season", "Fare"], ["Hask", "Winter", 6.8], [None, "Summer", 9.2], [], ["Veyra", "", 3]]
    made = book(("Fares", rows))
    made["Fares"].merge_cells("A2:A4")
    table = "| Hask | Winter | 6.8 |\n| Hask | Summer | 9.2 |\n\nVeyra  3\n"
    assert read(saved(made), "fares.xlsx").text.endswith(table.replace("Veyra  3", "Veyra 3"))
    deck = pptx.Presentation()
    shape = deck.slides.add_slide(deck.slide_layouts[6]).shapes.add_table(3, 2, Cm(1), Cm(1), Cm(9), Cm(5))
    for number, row in enumerate((("Port", "Season"), ("Hask", "Winter"), ("", "Summer"))):
        for column, text in enumerate(row):
            shape.table.cell(number, column).text = text
    shape.table.cell(1, 0).merge(shape.table.cell(2, 0))
    assert "| Hask | Winter |\n| Hask | Summer |" in read(saved(deck), "fares.pptx").text
    whole = forge.make_odt(forge.pieces("| Port | Season |\n|---|---|\n| Hask | Winter |\n| gone | Summer |\n"))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        content = archive.read("content.xml").decode()
    first, _, rest = content.partition("<table:table-cell><text:p>gone</text:p></table:table-cell>")
    start, _, hask = first.rpartition("<table:table-cell><text:p>Hask")
    merged = (
        f'{start}<table:table-cell table:number-rows-spanned="2"><text:p>Hask{hask}<table:covered-table-cell/>{rest}'
    )
    assert (
        "| Hask | Winter |\n| Hask | Summer |" in read(rebuilt(whole, {"content.xml": merged.encode()}), "a.odt").text
    )


def test_formulas_that_no_program_has_worked_out_are_a_loss() -> None:
    made = read(saved(book(("Sums", [["a", "b", "sum"], [1, 2, "=A2+B2"], [3, 4, "=A3+B3"]]))), "sums.xlsx")
    assert losses(made) == [("table", "2 formulas have no result in the file")]


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


def test_a_csv_that_says_its_separator_or_writes_numbers_with_commas_keeps_its_columns() -> None:
    table = "| Name | Preis |\n| --- | --- |\n| Apfel | 1,50 |\n"
    assert read("sep=;\nName;Preis\nApfel;1,50\n", "a.csv").text == table
    assert "| 1,6 | 2,6 |" in read("1,5;2,5\n1,6;2,6\n1,7;2,7\n", "a.csv").text


def test_line_ends_that_were_written_twice_part_neither_rows_nor_paragraphs() -> None:
    assert read("stop,fare\r\r\nHask,6.80\r\r\nVeyra,9.20\r\r\n", "a.csv").text == (
        "| stop | fare |\n| --- | --- |\n| Hask | 6.80 |\n| Veyra | 9.20 |\n"
    )
    assert read("One line\r\r\nof two.\r\r\n", "a.txt").text == "One line\nof two.\n"
    assert read("one = 1\r\r\ntwo = 2\r\r\n", "a.py").text == "```python\none = 1\ntwo = 2\n```\n"


def test_a_quotation_mark_that_is_never_closed_swallows_no_rows_between_tabs() -> None:
    data = 'name\tsize\nBolt\t"3 inch\nNut\t5\nWasher\t7\n'
    assert read(data, "parts.tsv").text.endswith('| Bolt | "3 inch |\n| Nut | 5 |\n| Washer | 7 |\n')
    assert "| Nut | two lines |" in read('name\tnote\nNut\t"two\nlines"\n', "parts.tsv").text


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


def letter(*lines: str, **fields: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Date"] = "dock@osf.example", "Tides", "Sat, 28 Dec 2024 10:00:00 +0800"
    mail.set_content("\n".join(lines), **fields)
    return mail


@pytest.mark.parametrize("kind", ["alternative", "signed", "mixed"])
def test_what_hangs_on_a_mail_is_read_however_deep_it_hangs(kind: str) -> None:
    inner = EmailMessage()
    inner.set_content("<p>The body in HTML.</p>", subtype="html")
    inner.add_attachment("stop,fare\nHask,6.80\nVeyra,9.20\nTallow,8.40\n", subtype="csv", filename="fares.csv")
    inner.add_attachment("<p>Words behind it.</p>", subtype="html", disposition="inline")
    mail = letter("The body.")
    mail.make_mixed()
    mail.replace_header("Content-Type", f"multipart/{kind}")
    mail.attach(inner)
    made = read(mail.as_bytes(), "a.eml")
    for part in ("The body.", "# Attachment: fares.csv", "| Hask | 6.80 |", "# Attachment: text/html", "Words behind"):
        assert part in made.text
    assert ("The body in HTML." in made.text) == (kind != "alternative")
    assert "<p>" not in made.text
    assert made.losses == ()


def test_a_mail_whose_text_is_blank_or_is_a_file_or_an_invitation_loses_nothing() -> None:
    blank = letter(" ")
    blank.add_alternative("<p>Only in HTML.</p>", subtype="html")
    assert "Only in HTML." in read(blank.as_bytes(), "a.eml").text
    invited = letter("Please come.")
    invited.add_alternative("BEGIN:VEVENT\nLOCATION:Quay 7\nEND:VEVENT\n", subtype="calendar")
    assert "LOCATION:Quay 7" in read(invited.as_bytes(), "a.eml").text
    scan = letter("stop,fare\nHask,6.80\n", subtype="csv", filename="fares.csv", disposition="attachment")
    assert "Hask" in read(scan.as_bytes(), "a.eml").text


@pytest.mark.parametrize("said", [b"", b"Content-Type: text/plain; charset=utf-8\n", b"Content-Type: text/plain\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_a_mail_that_names_no_or_the_wrong_encoding_keeps_its_letters(said: bytes, encoding: str) -> None:
    head = b"From: dock@osf.example\nSubject: Tides\n" + said + b"Content-Transfer-Encoding: 8bit\n\n"
    assert "Die Fähre fährt früh." in read(head + "Die Fähre fährt früh.\n".encode(encoding), "a.eml").text


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


def test_a_notebook_keeps_what_its_cells_wrote_and_how_they_failed() -> None:
    outputs = [
        {"output_type": "error", "ename": "ValueError", "evalue": "the tank is empty", "traceback": ["..."]},
        {"data": {"text/plain": "<IPython.core.display.Markdown object>", "text/markdown": "**Yield**: 12"}},
        {"data": {"text/plain": ["<IPython.core.display.HTML object>"], "text/html": "<p>Shown <b>well</b></p>"}},
        {"data": {"text/plain": "   a\n0  1", "text/html": "<table></table>"}},
    ]
    cells_ = [{"cell_type": "code", "source": "f()", "outputs": outputs}]
    made = read(json.dumps({"cells": cells_, "metadata": {"language_info": {"name": "R"}}}), "a.ipynb")
    for part in (
        "```r\nf()\n```",
        "ValueError: the tank is empty",
        "\n**Yield**: 12\n",
        "Shown **well**",
        "   a\n0  1",
    ):
        assert part in made.text
    assert "IPython" not in made.text


def test_a_page_saved_as_one_file_is_read_like_the_page() -> None:
    page = letter("<html><body><h1>The long quay</h1><p>Built in 1987.</p></body></html>", subtype="html")
    page.add_related(b"\x89PNG\r\n\x1a\n....", "image", "png", cid="<logo>")
    assert read(page.as_bytes(), "quay.mht").text == "# The long quay\n\nBuilt in 1987.\n"


def test_what_a_book_or_a_rich_text_lacks_or_keeps_in_notes_is_told() -> None:
    whole = forge.make_epub(forge.pieces("# One\n\nFirst words.\n\n# Two\n\nLast words."))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        chapters = [name for name in archive.namelist() if name.endswith("html")]
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as cut:
            for name in archive.namelist():
                if name != chapters[-1]:
                    cut.writestr(name, archive.read(name))
    [(kind, reason)] = losses(read(out.getvalue(), "a.epub"))
    assert (kind, reason.partition(" of its ")[0]) == ("skipped", "1")
    note = read(r"{\rtf1 The quay{\footnote It was built in 1987.} is long.\par}", "a.rtf")
    assert losses(note) == [("skipped", "its footnotes (1) are not read")]


def test_the_words_in_a_shape_of_an_open_document_are_read() -> None:
    text = "text:p xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0'"
    shape = "draw:custom-shape xmlns:draw='urn:oasis:names:tc:opendocument:xmlns:drawing:1.0'"
    whole = forge.make_odt(forge.pieces("# Quay\n\nLast words."))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        content = archive.read("content.xml").decode()
    drawn = f"<{text}>Before.<{shape}><text:p>Mind the step.</text:p></draw:custom-shape></text:p></office:text>"
    made = read(rebuilt(whole, {"content.xml": content.replace("</office:text>", drawn).encode()}), "a.odt")
    assert made.text.endswith("Last words.\n\nBefore.\n\nMind the step.\n")


def test_json_becomes_tables_records_or_an_outline() -> None:
    flat = read(json.dumps([{"ship": "Petrel", "cars": 72}, {"ship": "Gannet", "cars": None}]), "a.json").text
    assert flat == "| ship | cars |\n| --- | --- |\n| Petrel | 72 |\n| Gannet |  |\n"
    deep = read(json.dumps({"fleet": {"Petrel": {"cars": 72, "routes": ["Veyra", "Hask"]}}}), "a.json").text
    assert deep == "- fleet:\n    - Petrel:\n        - cars: 72\n        - routes: Veyra, Hask\n"
    long = read("\n".join(json.dumps({"who": "A", "text": "word " * 300}) for _ in range(2)), "a.jsonl").text
    assert long.count("- who: A\n- text: word word") == 2
    many = read(json.dumps({f"field {i}": f"value {i}" for i in range(3000)}), "a.json").text
    assert "- field 2999: value 2999" in many


def test_lines_of_json_in_a_file_of_json_are_read_and_what_is_broken_is_told() -> None:
    assert read('{"ship": "Petrel"}\n{"ship": "Gannet"}\n', "a.json").text.count("\n| ") == 3
    with pytest.raises(ConversionError, match="no valid JSON"):
        read('{\n"ship": "Petrel"\n}\n}\n', "a.json")


def test_a_line_of_json_may_hold_other_ends_of_lines_in_its_texts() -> None:
    rows = [json.dumps({"text": text}, ensure_ascii=False) for text in ("one\u2028two", "three\x85four", "five")]
    made = read("\r\n".join(rows), "a.jsonl")
    assert made.text == "| text |\n| --- |\n| one two |\n| three four |\n| five |\n"
    assert made.losses == ()
    assert read('{"text": "one"}\n{"text": ' + "9" * 5000 + "}\n", "a.jsonl").text == "| text |\n| --- |\n| one |\n"


def test_a_form_feed_in_code_is_no_line() -> None:
    text = read("one = 1\n\f\ntwo = 2\u2028\nthree = 3\n", "a.py").text
    assert text.split("\n").index("three = 3") == 4


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
