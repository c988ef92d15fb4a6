"""Word, Excel and PowerPoint files."""

import datetime
import io
import re
import zipfile
from typing import Any

import docx
import openpyxl
import pptx
from openpyxl.styles import Font

from rendering.archives import chapters, pack, repack
from rendering.blocks import Source, runs

WHEN = datetime.datetime(2026, 6, 1)


def _bytes(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return repack(out.getvalue())


def word(source: Source) -> bytes:
    document = docx.Document()
    properties = document.core_properties
    properties.author, properties.created, properties.modified = "Averstrand", WHEN, WHEN
    for block in source.blocks:
        if block.kind == "heading":
            document.add_heading("".join(text for text, _ in runs(block.text)), level=min(block.level, 4))
        elif block.kind == "table":
            table = document.add_table(rows=0, cols=len(block.rows[0]), style="Table Grid")
            for row in block.rows:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = text
        else:
            style = {"bullets": "List Bullet", "numbers": "List Number"}.get(block.kind, "Normal")
            for line in block.items or (block.text,):
                paragraph = document.add_paragraph(style=style)
                for text, look in runs(line):
                    run = paragraph.add_run(text)
                    run.bold, run.italic = look == "bold", look == "italic"
    return _bytes(document)


def sheet(source: Source) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for part in chapters(source.blocks):
        page = book.create_sheet(part[0].text)
        for block in part[1:]:
            if block.kind != "table":
                page.append(["".join(text for text, _ in runs(block.text))])
                page.append([])
                continue
            for number, row in enumerate(block.rows):
                page.append([value(cell) for cell in row])
                for cell, text in zip(page[page.max_row], row, strict=True):
                    cell.font = Font(bold=number == 0)
                    if isinstance(cell.value, float):
                        cell.number_format = "0.00"
                    elif isinstance(cell.value, int) and "," in text:
                        cell.number_format = "#,##0"
    book.properties.creator, book.properties.created, book.properties.modified = "Averstrand", WHEN, WHEN
    out = io.BytesIO()
    book.save(out)
    return _without_hour(out.getvalue())


def _without_hour(data: bytes) -> bytes:
    """openpyxl writes the hour of saving into docProps/core.xml whatever the properties say."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["docProps/core.xml"] = re.sub(
        rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2026-06-01T00:00:00Z", files["docProps/core.xml"]
    )
    return pack(files)


def value(text: str) -> str | int | float | None:
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+|-?\d{1,5}", text):
        return int(text.replace(",", ""))
    if re.fullmatch(r"-?\d+\.\d+", text):
        return float(text)
    return text or None


def slides(source: Source) -> bytes:
    deck = pptx.Presentation()
    properties = deck.core_properties
    properties.author, properties.created, properties.modified = "Averstrand", WHEN, WHEN
    for number, part in enumerate(chapters(source.blocks)):
        slide = deck.slides.add_slide(deck.slide_layouts[0 if number == 0 else 1])
        slide.shapes.title.text = part[0].text
        body = slide.placeholders[1].text_frame
        lines: list[str] = []
        for block in part[1:]:
            if block.kind == "table":
                frame = slide.shapes.add_table(len(block.rows), len(block.rows[0]), 500000, 1700000, 8000000, 3000000)
                for r, row in enumerate(block.rows):
                    for c, text in enumerate(row):
                        frame.table.cell(r, c).text = text
            elif block.text.startswith("Notes: "):
                slide.notes_slide.notes_text_frame.text = block.text.removeprefix("Notes: ")
            else:
                lines += block.items or (block.text,)
        body.text = "\n".join(lines)
    return _bytes(deck)
