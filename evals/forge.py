"""Files of every format made from known Markdown, so that what a converter gives back can be compared with it.

Each maker is plain on purpose: headings, paragraphs with emphasis and links, lists, tables and code, as an office
program would write them.
"""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from html import escape
from typing import Any, Literal, TypeAlias

Kind: TypeAlias = Literal["heading", "paragraph", "item", "table", "code"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A block of a document. ``level``: of a heading, or how deep an item stands; ``ordered``: its list is numbered."""

    kind: Kind
    text: str = ""
    level: int = 1
    ordered: bool = False
    rows: tuple[tuple[str, ...], ...] = ()


def pieces(markdown: str) -> list[Piece]:
    """The blocks of a Markdown text, emphasis and link targets taken off."""
    from markdown_it import MarkdownIt

    found: list[Piece] = []
    lists: list[bool] = []
    heading = 0
    rows: list[list[str]] | None = None
    for token in MarkdownIt("commonmark").enable("table").parse(markdown):
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                lists.append(token.type.startswith("ordered"))
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
            case "heading_open":
                heading = int(token.tag[1])
            case "heading_close":
                heading = 0
            case "table_open":
                rows = []
            case "tr_open" if rows is not None:
                rows.append([])
            case "table_close":
                found.append(Piece(kind="table", rows=tuple(tuple(row) for row in rows or [])))
                rows = None
            case "fence" | "code_block":
                found.append(Piece(kind="code", text=token.content.rstrip("\n")))
            case "inline":
                text = "".join(
                    " " if child.type in ("softbreak", "hardbreak") else child.content
                    for child in token.children or []
                    if child.type in ("text", "code_inline", "softbreak", "hardbreak")
                )
                if rows is not None:
                    rows[-1].append(text)
                elif heading:
                    found.append(Piece(kind="heading", text=text, level=heading))
                elif lists:
                    found.append(Piece(kind="item", text=text, level=len(lists), ordered=lists[-1]))
                else:
                    found.append(Piece(kind="paragraph", text=text))
    return found


def plain(found: list[Piece]) -> str:
    """What a reader sees of them, in order."""
    return "\n".join("\n".join(" ".join(row) for row in p.rows) if p.kind == "table" else p.text for p in found)


def html(found: list[Piece]) -> str:
    """The body of a page."""
    out: list[str] = []
    depth: list[str] = []

    def to(level: int, ordered: bool = False) -> None:
        while len(depth) > level:
            out.append(f"</{depth.pop()}>")
        while len(depth) < level:
            depth.append("ol" if ordered else "ul")
            out.append(f"<{depth[-1]}>")

    for piece in found:
        to(piece.level if piece.kind == "item" else 0, piece.ordered)
        text = escape(piece.text)
        match piece.kind:
            case "heading":
                out.append(f"<h{piece.level}>{text}</h{piece.level}>")
            case "item":
                out.append(f"<li>{text}</li>")
            case "code":
                out.append(f"<pre><code>{text}</code></pre>")
            case "table":
                head, *rest = piece.rows
                cells = ["".join(f"<th>{escape(c)}</th>" for c in head)]
                cells += ["".join(f"<td>{escape(c)}</td>" for c in row) for row in rest]
                out.append("<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>")
            case _:
                out.append(f"<p>{text}</p>")
    to(0)
    return "\n".join(out)


def make_html(found: list[Piece]) -> bytes:
    """A page without furniture."""
    return f"<!DOCTYPE html><html><head><meta charset=utf-8></head><body>{html(found)}</body></html>".encode()


def make_docx(found: list[Piece]) -> bytes:
    """A Word document with the usual styles."""
    import docx

    document = docx.Document()
    for piece in found:
        match piece.kind:
            case "heading":
                document.add_heading(piece.text, min(piece.level, 9))
            case "item":
                style = "List Number" if piece.ordered else "List Bullet"
                document.add_paragraph(piece.text, style if piece.level == 1 else f"{style} {min(piece.level, 3)}")
            case "table":
                table = document.add_table(0, len(piece.rows[0]), "Table Grid")
                for row in piece.rows:
                    for cell, text in zip(table.add_row().cells, row, strict=True):
                        cell.text = text
            case _:
                document.add_paragraph(piece.text)
    return saved(document.save)


def make_pptx(found: list[Piece]) -> bytes:
    """A slide for every heading; what stands below it in its body, a table as a table."""
    import pptx
    from pptx.util import Cm

    deck = pptx.Presentation()
    for part in _parts(found):
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = part[0].text
        frame = slide.placeholders[1].text_frame
        first = True
        for piece in part[1:]:
            if piece.kind == "table":
                height = Cm(1) * len(piece.rows)
                table = slide.shapes.add_table(len(piece.rows), len(piece.rows[0]), Cm(1), Cm(9), Cm(20), height).table
                for r, row in enumerate(piece.rows):
                    for c, text in enumerate(row):
                        table.cell(r, c).text = text
                continue
            paragraph = frame.paragraphs[0] if first else frame.add_paragraph()
            paragraph.text, paragraph.level = piece.text, piece.level - 1 if piece.kind == "item" else 0
            first = False
    return saved(deck.save)


def make_xlsx(found: list[Piece]) -> bytes:
    """A sheet for every table."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for i, table in enumerate(_tables(found), 1):
        sheet = book.create_sheet(f"Table {i}")
        for row in table.rows:
            sheet.append(list(row))
    return saved(book.save)


def make_csv(found: list[Piece]) -> bytes:
    """The longest table."""
    out = io.StringIO()
    csv.writer(out).writerows(max(_tables(found), key=lambda t: len(t.rows)).rows)
    return out.getvalue().encode()


def make_pdf(found: list[Piece]) -> bytes:
    """A page layout with headings in their sizes, ruled tables, page numbers and a running head."""
    return _pdf(found, ruled=True)


def make_pdf_unruled(found: list[Piece]) -> bytes:
    """The same with tables that have no lines but one under their head."""
    return _pdf(found, ruled=False)


def _pdf(found: list[Piece], *, ruled: bool) -> bytes:
    from reportlab import rl_config
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import cm
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Paragraph, Preformatted, SimpleDocTemplate, Spacer, Table

    rl_config.invariant = 1
    chinese = any("一" <= c <= "鿿" for c in plain(found))
    if chinese:
        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    body = ParagraphStyle(
        "body", fontName="STSong-Light" if chinese else "Times-Roman", fontSize=11, leading=15, spaceAfter=7
    )
    body.wordWrap = "CJK" if chinese else None
    strong = body.fontName if chinese else "Helvetica-Bold"
    flow: list[Any] = []
    for piece in found:
        match piece.kind:
            case "heading":
                size = {1: 20, 2: 16, 3: 13}.get(piece.level, 12)
                style = ParagraphStyle(
                    "h", parent=body, fontName=strong, fontSize=size, leading=size + 4, spaceBefore=9
                )
                flow.append(Paragraph(escape(piece.text), style))
            case "item":
                style = ParagraphStyle(
                    "i", parent=body, leftIndent=16 * piece.level, bulletIndent=16 * piece.level - 12
                )
                flow.append(Paragraph(escape(piece.text), style, bulletText="•"))
            case "code":
                flow.append(Preformatted(piece.text, ParagraphStyle("c", fontName="Courier", fontSize=9, leading=11)))
                flow.append(Spacer(1, 8))
            case "table":
                cell = ParagraphStyle("t", parent=body, fontSize=10, leading=12, spaceAfter=0)
                rows = [[Paragraph(escape(text), cell) for text in row] for row in piece.rows]
                looks = [("GRID", (0, 0), (-1, -1), 0.5, colors.black)] if ruled else [
                    ("LINEBELOW", (0, 0), (-1, 0), 0.7, colors.black)
                ]  # fmt: skip
                flow += [Table(rows, repeatRows=1, style=looks), Spacer(1, 10)]
            case _:
                flow.append(Paragraph(escape(piece.text), body))

    def furniture(canvas: Any, document: Any) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawCentredString(A4[0] / 2, cm, str(document.page))

    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4, title="Forged").build(flow, onFirstPage=furniture, onLaterPages=furniture)
    return out.getvalue()


def make_epub(found: list[Piece]) -> bytes:
    """A book with a chapter for every heading of the first level."""
    chapters = list(_parts(found, level=1))
    page = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{}</title></head><body>{}</body></html>'
    files = {
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">'
        '<rootfiles><rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles>'
        "</container>",
        "OEBPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">x</dc:identifier>'
        "<dc:title>Forged</dc:title><dc:language>en</dc:language></metadata><manifest>"
        + "".join(
            f'<item id="c{i}" href="c{i}.xhtml" media-type="application/xhtml+xml"/>' for i in range(len(chapters))
        )
        + "</manifest><spine>"
        + "".join(f'<itemref idref="c{i}"/>' for i in range(len(chapters)))
        + "</spine></package>",
    }
    for i, chapter in enumerate(chapters):
        files[f"OEBPS/c{i}.xhtml"] = page.format(escape(chapter[0].text), html(list(chapter)))
    return _zip("application/epub+zip", files)


def make_odt(found: list[Piece]) -> bytes:
    """A text document of OpenDocument."""
    out: list[str] = []
    for piece in found:
        text = escape(piece.text)
        match piece.kind:
            case "heading":
                out.append(f'<text:h text:outline-level="{piece.level}">{text}</text:h>')
            case "item":
                inner = f"<text:list-item><text:p>{text}</text:p></text:list-item>"
                for level in range(piece.level):
                    inner = f"<text:list>{inner}</text:list>"
                    if level < piece.level - 1:
                        inner = f"<text:list-item>{inner}</text:list-item>"
                out.append(inner)
            case "table":
                out.append("<table:table>")
                for row in piece.rows:
                    cells = "".join(f"<table:table-cell><text:p>{escape(c)}</text:p></table:table-cell>" for c in row)
                    out.append(f"<table:table-row>{cells}</table:table-row>")
                out.append("</table:table>")
            case _:
                out += [f"<text:p>{line}</text:p>" for line in text.split("\n")]
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "table")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.3">'
        f"<office:body><office:text>{''.join(out)}</office:text></office:body></office:document-content>"
    )
    return _zip("application/vnd.oasis.opendocument.text", {"content.xml": content})


def make_rtf(found: list[Piece]) -> bytes:
    """Rich text with headings by outline level, lists by their bullet, and tables."""

    def run(text: str) -> str:
        out = []
        for char in text:
            if char in "\\{}":
                out.append("\\" + char)
            elif ord(char) < 128:
                out.append(char)
            else:
                units = char.encode("utf-16-le")
                out += [
                    f"\\u{int.from_bytes(units[i : i + 2], 'little', signed=True)}?" for i in range(0, len(units), 2)
                ]
        return "".join(out)

    lines = []
    for piece in found:
        match piece.kind:
            case "heading":
                lines.append(f"\\pard\\plain\\outlinelevel{piece.level - 1}\\fs32\\b {run(piece.text)}\\par")
            case "item":
                lines.append(f"\\pard\\plain\\li{360 * piece.level}\\fi-360 \\bullet\\tab {run(piece.text)}\\par")
            case "table":
                for row in piece.rows:
                    edges = "".join(f"\\cellx{2000 * (i + 1)}" for i in range(len(row)))
                    cells = "".join(f"\\pard\\intbl {run(c)}\\cell" for c in row)
                    lines.append(f"\\trowd{edges}{cells}\\row")
            case _:
                lines += [f"\\pard\\plain {run(line)}\\par" for line in piece.text.split("\n")]
    return ("{\\rtf1\\ansi\\ansicpg1252\\uc1{\\fonttbl{\\f0 Times;}}\n" + "\n".join(lines) + "\n}").encode("ascii")


def make_eml(found: list[Piece]) -> bytes:
    """A mail with a plain and an HTML body."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", "Forged"
    message["Date"] = "Thu, 19 Feb 2026 10:00:00 +0000"
    message.set_content(plain(found))
    message.add_alternative(html(found), subtype="html")
    return message.as_bytes()


def make_ipynb(found: list[Piece]) -> bytes:
    """A notebook: code in code cells, the rest in Markdown cells."""
    cells: list[dict[str, Any]] = [
        {"cell_type": "code", "source": p.text, "metadata": {}, "outputs": [], "execution_count": None}
        if p.kind == "code"
        else {"cell_type": "markdown", "source": markdown([p]), "metadata": {}}
        for p in found
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def make_jsonl(found: list[Piece]) -> bytes:
    """A line for every row of the longest table."""
    head, *rows = max(_tables(found), key=lambda t: len(t.rows)).rows
    return "\n".join(json.dumps(dict(zip(head, row, strict=True)), ensure_ascii=False) for row in rows).encode()


def make_json(found: list[Piece]) -> bytes:
    """The rows of the longest table as a list."""
    head, *rows = max(_tables(found), key=lambda t: len(t.rows)).rows
    return json.dumps([dict(zip(head, row, strict=True)) for row in rows], ensure_ascii=False).encode()


def markdown(found: list[Piece]) -> str:
    """The pieces as Markdown again."""
    out = []
    for piece in found:
        match piece.kind:
            case "heading":
                out.append("#" * piece.level + " " + piece.text)
            case "item":
                out.append("    " * (piece.level - 1) + ("1. " if piece.ordered else "- ") + piece.text)
            case "code":
                out.append(f"```\n{piece.text}\n```")
            case "table":
                head, *rows = (f"| {' | '.join(row)} |" for row in piece.rows)
                out.append("\n".join([head, "|" + "---|" * len(piece.rows[0]), *rows]))
            case _:
                out.append(piece.text)
    return "\n\n".join(out) + "\n"


MAKERS: Mapping[str, Callable[[list[Piece]], bytes]] = {
    "html": make_html,
    "docx": make_docx,
    "pptx": make_pptx,
    "xlsx": make_xlsx,
    "csv": make_csv,
    "pdf": make_pdf,
    "pdf-unruled": make_pdf_unruled,
    "epub": make_epub,
    "odt": make_odt,
    "rtf": make_rtf,
    "eml": make_eml,
    "ipynb": make_ipynb,
    "json": make_json,
    "jsonl": make_jsonl,
}
TABLES_ONLY = frozenset({"xlsx", "csv", "json", "jsonl"})


def kept(found: list[Piece], form: str) -> list[Piece]:
    """What a file of a format made from them says."""
    if form == "xlsx":
        return _tables(found)
    if form == "eml":
        head = "From: a@example.org To: b@example.org Date: Thu, 19 Feb 2026 10:00:00 +0000 Subject: Forged"
        return [Piece(kind="paragraph", text=head), *found]
    return [max(_tables(found), key=lambda t: len(t.rows))] if form in TABLES_ONLY else found


def _tables(found: list[Piece]) -> list[Piece]:
    return [p for p in found if p.kind == "table"]


def _parts(found: list[Piece], level: int = 9) -> Iterator[list[Piece]]:
    part: list[Piece] = []
    for piece in found:
        if piece.kind == "heading" and piece.level <= level and part:
            yield part
            part = []
        part.append(piece if part or piece.kind == "heading" else Piece(kind="heading", text=""))
        if len(part) == 1 and piece.kind != "heading":
            part.append(piece)
    if part:
        yield part


def saved(save: Callable[[io.BytesIO], Any]) -> bytes:
    """What a library writes, as bytes."""
    out = io.BytesIO()
    save(out)
    return out.getvalue()


def _zip(kind: str, files: Mapping[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", kind, zipfile.ZIP_STORED)
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()
