"""HTML to Markdown by markdownify, with as few escapes as the text allows: people search and quote it."""

import re
import sys
from typing import Any

from lxml import etree
from markdownify import ATX, MarkdownConverter

from ingest.convert.dom import Element, drop, elements, parse

_TAG_LIKE = re.compile(r"<(?=[A-Za-z/!?])")
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=[^\s*])|(?<=[^\s*])\*(?![\w*])|(?<![\w_])_(?=[^\s_])|(?<=[^\s_])_(?![\w_])")
_LANGUAGE = re.compile(r"\b(?:language|lang|highlight-source|brush:)[-: ]\s*([\w+#-]+)")
_CELLS = frozenset({"td", "th"})
_IN_CELL = frozenset({"p", "div", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "section"})
_BAR = re.compile(r"(?<!\\)\|")
_POWER = re.compile(r"[-\u2212+]?\d+")  # behind a number: 10^6 is not 106
_DEEPEST = 2100  # elements inside each other: the parser takes no more
_LONG_CELL = 400  # characters; longer ones with blocks inside make a table that only lays out the page


class _Converter(MarkdownConverter):
    def escape(self, text: str, parent_tags: set[str]) -> str:
        return _EMPHASIS.sub(lambda m: "\\" + m[0], _TAG_LIKE.sub(r"\\<", text)) if text else ""

    def convert_a(self, el: Any, text: str, parent_tags: set[str]) -> str:
        target = (el.get("href") or "").strip()
        if el.get("id") and not target:
            return text
        if not text.strip() or target.startswith(("#", "javascript:", "data:", "blob:", "about:")):
            return text
        el["href"] = target.replace(" ", "%20").replace("\n", "")
        del el["title"]
        return str(super().convert_a(el, text, parent_tags))  # type: ignore[misc]  # the stubs leave it out

    def convert_td(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return str(super().convert_td(el, _BAR.sub(r"\\|", text), parent_tags))  # type: ignore[misc]

    def convert_th(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return str(super().convert_th(el, _BAR.sub(r"\\|", text), parent_tags))  # type: ignore[misc]

    def convert_sup(self, el: Any, text: str, parent_tags: set[str]) -> str:
        before = el.previous_sibling
        raised = isinstance(before, str) and before[-1:].isdigit() and _POWER.fullmatch(text.strip())
        return f"^{text.strip()}" if raised else text

    def convert_img(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return ""


def to_markdown(root: Element) -> str:
    """The Markdown of a tree, which is changed on the way. Pictures leave no trace, links within the page only
    their text; tables that only lay out the page become plain text."""
    for element in list(elements(root)):
        if element.tag == "table" and _lays_out(element):
            _unwrap_table(element)
    for table in root.iter("table"):
        _fill_spans(table)
    html = etree.tostring(root, encoding="unicode", method="html", with_tail=False)
    return html_to_markdown(html)


def document_to_markdown(html: str) -> str:
    """The same for HTML made of an office document, all of whose tables are tables; one inside a cell becomes
    the cell's text."""
    if "<table" not in html:
        return html_to_markdown(html)
    root = parse(html)
    for table in list(root.iter("table")):
        if next(table.iterancestors("table"), None) is not None:
            _unwrap_table(table)
        else:
            _fill_spans(table)
    return html_to_markdown(etree.tostring(root, encoding="unicode", method="html"))


def html_to_markdown(html: str) -> str:
    """The Markdown of HTML that needs no cleaning."""
    converter = _Converter(
        heading_style=ATX,
        bullets="-",
        bs4_options="lxml",
        autolinks=False,
        table_infer_header=True,
        code_language_callback=_language,
    )
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _DEEPEST * 4))  # three calls for each element inside another
    try:
        return str(converter.convert(html))
    finally:
        sys.setrecursionlimit(limit)


def _language(pre: Any) -> str | None:
    code = pre.find("code")
    for element in (code, pre):
        if element is not None:
            match = _LANGUAGE.search(" ".join(element.get("class") or ()))
            if match:
                return match[1]
    return None


def _lays_out(table: Element) -> bool:
    if table.get("role") == "presentation" or table.find(".//table") is not None:
        return True
    if any("\n" in "".join(pre.itertext()).strip() for pre in table.iter("pre")):
        return True  # lines of code, beside their numbers
    cells = list(table.iter("td", "th"))
    if len(cells) <= 1:
        return True
    if any(c.tag == "th" for c in cells):
        return False
    return any(len("".join(c.itertext())) > _LONG_CELL and any(e.tag in _IN_CELL for e in elements(c)) for c in cells)


def _unwrap_table(table: Element) -> None:
    """Turn a table's own parts into plain blocks; tables inside it stay."""
    inner = [table]
    while inner:
        element = inner.pop()
        for child in element:
            if child.tag in ("tbody", "thead", "tfoot", "tr", "td", "th", "caption"):
                inner.append(child)
            elif child.tag in ("colgroup", "col"):
                drop(child)
        element.tag = "div"
        for attribute in ("colspan", "rowspan"):
            element.attrib.pop(attribute, None)


def _fill_spans(table: Element) -> None:
    """Repeat a cell in every row it spans, so that each row can be read on its own."""
    open_cells: dict[int, tuple[int, Element]] = {}
    for row in [r for r in table.iter("tr") if next(r.iterancestors("table"), None) is table]:
        column = 0
        cells = [c for c in row if c.tag in _CELLS]
        for cell in [*cells, None]:
            while column in open_cells:
                left, source = open_cells.pop(column)
                copy = etree.fromstring(etree.tostring(source, with_tail=False), parser=None)
                copy.tag = "td"
                copy.attrib.pop("colspan", None)  # there is a copy for each column
                if cell is not None:
                    cell.addprevious(copy)
                else:
                    row.append(copy)
                if left > 1:
                    open_cells[column] = (left - 1, source)
                column += 1
                if column > 2000:
                    return
            if cell is None:
                break
            span = _number(cell.attrib.pop("rowspan", "1"), 500)
            width = _number(cell.get("colspan", "1"), 100)
            if span > 1:
                for k in range(width):
                    open_cells[column + k] = (span - 1, cell)
            column += width


def _number(text: str, most: int) -> int:
    return min(int(text), most) if text.strip().isdigit() and int(text) > 0 else 1
