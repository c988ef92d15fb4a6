"""A PowerPoint file: a part for each slide, its texts from top to bottom, its tables, charts and notes."""

import io
from collections.abc import Iterator
from typing import Any

from lxml import etree

from ingest.convert.archive import opened, parser_for_xml
from ingest.convert.draft import Draft
from ingest.convert.office import losses, properties
from ingest.convert.plain import heading_of
from ingest.convert.tables import table

_DATA = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}dm"


def read(data: bytes, name: str) -> Draft:
    """Convert a presentation; slides count as pages."""
    import pptx

    with opened(data) as archive:
        title, date = properties(archive)
        lost = losses(archive)
        archive.getinfo("ppt/presentation.xml")
        deck = pptx.Presentation(io.BytesIO(data))
        parts = tuple((n, "\n\n".join(_slide(slide))) for n, slide in enumerate(deck.slides, 1))
    return Draft(parts=parts, title=title or heading_of(parts[0][1] if parts else ""), saved=date, losses=tuple(lost))


def _slide(slide: Any) -> Iterator[str]:
    heading = slide.shapes.title
    if heading is not None and heading.has_text_frame and heading.text_frame.text.strip():
        yield "## " + " ".join(heading.text_frame.text.split())
    mine = heading.element if heading is not None else None
    for shape in _ordered(slide.shapes):
        if shape.element is not mine:  # ids are not unique in every deck
            yield from _shape(shape)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        notes = slide.notes_slide.notes_text_frame.text.strip()
        if notes:
            yield "Notes: " + notes


def _ordered(shapes: Any) -> list[Any]:
    return sorted(shapes, key=lambda s: (s.top or 0, s.left or 0))


def _shape(shape: Any, depth: int = 0) -> Iterator[str]:
    if shape.shape_type is not None and hasattr(shape, "shapes") and depth < 20:
        for inner in _ordered(shape.shapes):
            yield from _shape(inner, depth + 1)
    elif getattr(shape, "has_table", False):
        yield table(_rows(shape.table))
    elif getattr(shape, "has_chart", False):
        yield from _chart(shape.chart)
    elif words := _diagram(shape):
        yield "\n".join(f"- {text}" for text in words)
    elif shape.has_text_frame and shape.text_frame.text.strip():
        yield _texts(shape.text_frame)


def _diagram(shape: Any) -> list[str]:
    """The words of a SmartArt, in the order of its points."""
    found = shape.element.xpath(".//*[local-name()='relIds']")
    place = found[0].get(_DATA) if found else None
    if place is None or place not in shape.part.rels:
        return []
    points = etree.fromstring(shape.part.related_part(place).blob, parser_for_xml()).iter("{*}pt")
    words = (" ".join(" ".join(text.text or "" for text in point.iter("{*}t")).split()) for point in points)
    return [text for text in words if text]


def _rows(shown: Any) -> list[list[str]]:
    """The cells of a table, one merged over several rows standing in each."""
    rows: list[list[str]] = []
    for row in shown.rows:
        above = rows[-1] if rows else [""] * len(row.cells)
        rows.append([up if cell._tc.vMerge else cell.text for up, cell in zip(above, row.cells, strict=True)])
    return rows


def _texts(frame: Any) -> str:
    paragraphs = [p for p in frame.paragraphs if p.text.strip()]
    if len(paragraphs) == 1 and not paragraphs[0].level:
        return _line(paragraphs[0])
    return "\n".join("    " * p.level + "- " + _line(p) for p in paragraphs)


def _line(paragraph: Any) -> str:
    parts = []
    for run in paragraph.runs:
        link = run.hyperlink.address if run.hyperlink is not None else None
        text = run.text.replace("\v", " ")
        parts.append(f"[{text.strip()}]({link.replace(' ', '%20')})" if link and text.strip() else text)
    return " ".join("".join(parts or [paragraph.text]).split())


def _chart(chart: Any) -> Iterator[str]:
    """A chart's numbers as a table."""
    if chart.has_title and chart.chart_title.has_text_frame:
        yield chart.chart_title.text_frame.text.strip()
    for plot in chart.plots:
        series = list(plot.series)
        names = [str(c) for c in plot.categories]
        if not names:  # points, each with an x of its own
            for one in series:
                xs = one._element.xpath("./c:xVal//c:pt/c:v/text()")
                yield table([["", str(one.name or "")], *zip(xs, map(_number, one.values), strict=False)])
            continue
        rows = [["", *(str(s.name or "") for s in series)]]
        columns = [list(s.values) for s in series]
        rows += [[n, *(_number(c[i]) if i < len(c) else "" for c in columns)] for i, n in enumerate(names)]
        yield table(rows)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"
