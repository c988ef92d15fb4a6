"""A text document or presentation of OpenDocument (.odt, .odp)."""

import datetime
import zipfile
from collections.abc import Iterator
from typing import Any

from ingest.convert.archive import has, locked, opened, xml
from ingest.convert.draft import Draft, pictures_lost
from ingest.convert.plain import heading_of
from ingest.convert.tables import table
from ingest.dates import date_of

_O = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TEXT, _TABLE, _OFFICE, _DRAW, _META = (_O % name for name in ("text", "table", "office", "drawing", "meta"))
_DC, _HREF = "{http://purl.org/dc/elements/1.1/}", "{http://www.w3.org/1999/xlink}href"
_MOST_REPEATED = 200
_SHAPED = (_TEXT + "p", _TEXT + "h", _TEXT + "list", _TABLE + "table")
_LEFT_OUT = frozenset({_TEXT + "tracked-changes", _OFFICE + "annotation", _TEXT + "sequence-decls", _OFFICE + "forms"})


def read(data: bytes, name: str) -> Draft:
    """Convert a document; its slides, if it has any, count as pages."""
    with opened(data) as archive:
        if has(archive, "META-INF/manifest.xml") and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise locked()
        body = xml(archive, "content.xml").find(f"{_OFFICE}body")
        title, date = _properties(archive)
        pictures = sum(n.startswith("Pictures/") for n in archive.namelist())
    slides = [] if body is None else list(body.iter(f"{_DRAW}page"))
    parts: list[tuple[int | None, str]]
    if slides:
        parts = [(n, "\n\n".join(_blocks(slide))) for n, slide in enumerate(slides, 1)]
    else:
        parts = [(None, "" if body is None else "\n\n".join(text for text in _blocks(body) if text))]
    return Draft(
        parts=tuple(parts),
        title=title or heading_of(parts[0][1] if parts else ""),
        saved=date,
        losses=pictures_lost(pictures),
    )


def _properties(archive: zipfile.ZipFile) -> tuple[str, datetime.date | None]:
    if not has(archive, "meta.xml"):
        return "", None
    meta = xml(archive, "meta.xml")
    title = " ".join((meta.findtext(f".//{_DC}title") or "").split())
    return title, date_of(meta.findtext(f".//{_DC}date")) or date_of(meta.findtext(f".//{_META}creation-date"))


def _blocks(parent: Any) -> Iterator[str]:
    for element in parent:
        tag = element.tag
        if not isinstance(tag, str) or tag in _LEFT_OUT:
            continue
        if tag == _TEXT + "h":
            level = element.get(_TEXT + "outline-level", "1")
            text = " ".join(_inline(element).split())
            yield "#" * min(int(level) if level.isdigit() else 1, 6) + " " + text if text else ""
        elif tag == _TEXT + "p":
            yield _inline(element).strip()
            for shape in element.iter(f"{_DRAW}*"):
                if any(part.tag in _SHAPED for part in shape):  # a text box, or a shape with words in it
                    yield from _blocks(shape)
        elif tag == _TEXT + "list":
            yield "\n".join(_items(element, 0))
        elif tag == _TABLE + "table":
            yield table(list(_rows(element)))
        else:
            yield from _blocks(element)


def _items(items: Any, depth: int) -> Iterator[str]:
    for item in items:
        first = True
        for part in item:
            if part.tag == _TEXT + "list":
                yield from _items(part, min(depth + 1, 20))
            elif part.tag in (_TEXT + "p", _TEXT + "h"):
                text = " ".join(_inline(part).split())
                if text:
                    yield "    " * depth + ("- " if first else "  ") + text
                    first = False


def _rows(element: Any) -> Iterator[list[str]]:
    spans: dict[int, tuple[int, str]] = {}  # by column: how many rows a merged cell goes on for, and its text
    for n, row in enumerate(element.iter(f"{_TABLE}table-row")):
        cells: list[str] = []
        for cell in row:
            if cell.tag not in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
                continue
            text = " ".join(" ".join(_inline(p) for p in cell.iter(_TEXT + "p", _TEXT + "h")).split())
            left, over = spans.pop(len(cells), (0, ""))
            rows = cell.get(_TABLE + "number-rows-spanned", "1")
            if left and cell.tag == _TABLE + "covered-table-cell":
                text = text or over
                spans[len(cells)] = left - 1, text
            elif rows.isdigit() and int(rows) > 1:
                spans[len(cells)] = int(rows) - 1, text
            repeat = cell.get(_TABLE + "number-columns-repeated", "1")
            cells += [text] * min(int(repeat) if repeat.isdigit() else 1, _MOST_REPEATED)
        while cells and not cells[-1]:
            cells.pop()
        if cells or n == 0:  # an empty head is a head
            yield cells


def _inline(element: Any) -> str:
    """The text in an element, its links as Markdown, its notes in brackets."""
    parts = [element.text or ""]
    for child in element:
        tag = child.tag
        if tag == _TEXT + "s":
            count = child.get(_TEXT + "c", "1")
            parts.append(" " * min(int(count) if count.isdigit() else 1, 80))
        elif tag == _TEXT + "tab":
            parts.append("\t")
        elif tag == _TEXT + "line-break":
            parts.append("\n")
        elif tag == _TEXT + "a" and (child.get(_HREF) or "").startswith(("http", "mailto")):
            text = _inline(child).strip()
            parts.append(f"[{text}]({child.get(_HREF).replace(' ', '%20')})" if text else "")
        elif tag == _TEXT + "note":
            body = child.find(_TEXT + "note-body")
            parts.append(f" ({' '.join(' '.join(body.itertext()).split())})" if body is not None else "")
        elif isinstance(tag, str) and tag not in _LEFT_OUT and not tag.startswith(_DRAW):
            parts.append(_inline(child))
        parts.append(child.tail or "")
    return "".join(parts)
