"""PDF files with a title page, contents, headings, tables and page numbers."""

import io
from typing import Any

from reportlab import rl_config
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    ListFlowable,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)
from reportlab.platypus.tableofcontents import TableOfContents

from rendering.blocks import Block, Source
from rendering.markup import TAGS, escape, runs

BODY = ParagraphStyle("body", fontName="Times-Roman", fontSize=11.5, leading=16, spaceAfter=8)
CELL = ParagraphStyle("cell", parent=BODY, fontSize=10, leading=12, spaceAfter=0)
HEADINGS = [
    ParagraphStyle(
        f"h{level}",
        fontName="Helvetica-Bold",
        fontSize=size,
        leading=size + 4,
        spaceBefore=10,
        spaceAfter=8,
        keepWithNext=1,
    )
    for level, size in ((1, 19), (2, 14), (3, 12))
]
TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=30, leading=36, spaceBefore=8 * cm)


def marked(text: str) -> str:
    tag = {"bold": ("<b>", "</b>"), "italic": ("<i>", "</i>"), "": TAGS[""]}
    return "".join(tag[style][0] + escape(part, quote=False) + tag[style][1] for part, style in runs(text))


class Document(BaseDocTemplate):  # type: ignore[misc]
    """Tells the table of contents where each chapter begins."""

    def afterFlowable(self, flowable: Any) -> None:  # noqa: N802 (reportlab's name)
        if isinstance(flowable, Paragraph) and flowable.style.name == "h1":
            self.notify("TOCEntry", (0, flowable.getPlainText(), self.page))


def pdf(source: Source) -> bytes:
    rl_config.invariant = 1
    title = source.meta.get("title", source.blocks[0].text)

    def footer(canvas: Any, document: Any) -> None:
        canvas.saveState()
        canvas.setFont("Helvetica", 8)
        canvas.drawString(2.5 * cm, 1.4 * cm, title[:80])
        canvas.drawRightString(A4[0] - 2.5 * cm, 1.4 * cm, f"Page {document.page}")
        canvas.restoreState()

    out = io.BytesIO()
    document = Document(out, pagesize=A4, title=title, author="Averstrand", invariant=1)
    frame = Frame(2.5 * cm, 2.2 * cm, A4[0] - 5 * cm, A4[1] - 4.4 * cm)
    document.addPageTemplates([PageTemplate(id="all", frames=[frame], onPage=footer)])
    story: list[Any] = []
    if source.meta.get("contents"):
        contents = TableOfContents(levelStyles=[ParagraphStyle("toc", parent=BODY, spaceAfter=2)])
        story += [Paragraph(title, TITLE), Spacer(0, 12), Paragraph(source.meta["subtitle"], BODY), PageBreak()]
        story += [Paragraph("Contents", ParagraphStyle("plain", parent=HEADINGS[0])), contents]
    for block in source.blocks:
        if block.kind == "heading" and block.level == 1 and source.meta.get("contents"):
            story.append(PageBreak())
        story.append(flowable(block))
    document.multiBuild(story)
    return out.getvalue()


def flowable(block: Block) -> Any:
    if block.kind == "heading":
        return Paragraph(marked(block.text), HEADINGS[block.level - 1])
    if block.kind in ("bullets", "numbers"):
        items = [Paragraph(marked(item), BODY) for item in block.items]
        return ListFlowable(items, bulletType="bullet" if block.kind == "bullets" else "1")
    if block.kind == "table":
        table = Table(
            [[Paragraph(marked(cell), CELL) for cell in row] for row in block.rows], repeatRows=1, hAlign="LEFT"
        )
        table.setStyle(
            TableStyle(
                [("GRID", (0, 0), (-1, -1), 0.4, colors.grey), ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke)]
            )
        )
        table.spaceAfter = 12
        return table
    return Paragraph(marked(block.text), BODY)
