"""An HTML page: its main content, with the structure it had, and what it says of itself."""

import datetime
import re

from ingest.convert.dom import (
    SILENT,
    Block,
    Element,
    ancestor,
    blocks,
    body_of,
    count_words,
    drop,
    elements,
    is_furniture,
    is_hidden,
    parse,
)
from ingest.convert.draft import Draft
from ingest.convert.encoding import decode
from ingest.convert.locate import locate
from ingest.convert.mark import to_markdown

_LEAST_SHARE = 0.3  # of a page's running text: an extraction that keeps less has not understood the page
_TINY_PAGE = 100  # words, furniture and all: a note or a form, written by hand
_SMALL_PAGE, _SMALL_SHARE = 150, 0.7
_TABULAR, _LISTS = frozenset({"table", "pre", "dl"}), frozenset({"ul", "ol"})
_SUFFIX = re.compile(r"\s+[|\u2013\u2014\u00b7\u00bb-]\s+[^|\u2013\u2014\u00b7\u00bb]{1,60}$")


def read(data: bytes, name: str) -> Draft:
    """Convert a page; what is not an article keeps all of its text but navigation, banners and forms' buttons."""
    return read_text(decode(data, declared=True))


def read_text(html: str) -> Draft:
    """The same for a page that is already text (the body of a mail, a chapter of a book)."""
    try:
        root = parse(html)
    except ValueError:
        return Draft.of("")
    title, date = title_of(root), _date(root)
    body = body_of(root)
    found = blocks(body)
    content = locate(root, found)
    if _trusted(found, content):
        _prune(body, found, content)
    else:
        _strip(body)
    return Draft.of(to_markdown(body), title=title, date=date, date_source="metadata" if date else None)


def read_fragment(html: str) -> str:
    """The Markdown of HTML that is all content: the body of a mail."""
    try:
        body = body_of(parse(html))
    except ValueError:
        return ""
    for element in list(elements(body)):
        if element is not body and (element.tag in SILENT or is_hidden(element)):
            drop(element)
    return to_markdown(body)


def title_of(root: Element) -> str:
    """The page's only h1, else og:title, else <title> without the site's name."""
    headings = [" ".join("".join(h.itertext()).split()) for h in root.iter("h1")]
    headings = [h for h in headings if h]
    named = root.find(".//title")
    title = " ".join("".join(named.itertext()).split()) if named is not None else ""
    if len(headings) == 1 and (not title or headings[0].lower() in title.lower() or len(headings[0]) > 15):
        return headings[0][:300]
    for meta in root.iter("meta"):
        if meta.get("property") == "og:title" and (meta.get("content") or "").strip():
            return " ".join((meta.get("content") or "").split())[:300]
    return (_SUFFIX.sub("", title) or title or (headings[0] if headings else ""))[:300]


def _date(root: Element) -> datetime.date | None:
    """The date of publication that the page's markup gives, not one guessed from its text."""
    from htmldate import find_date
    from lxml import etree

    from ingest.dates import date_of

    try:
        copy = parse(etree.tostring(root, encoding="unicode", method="html"))
        found = find_date(copy, extensive_search=False, original_date=True)
    except Exception:  # a page's date is not worth the page; htmldate raises what its parsers raise
        return None
    return date_of(found)


def _trusted(found: list[Block], content: list[bool]) -> bool:
    """Whether what was located can stand for the page."""
    kept = sum(b.size for b, c in zip(found, content, strict=True) if c)
    whole = sum(b.size for b, c in zip(found, content, strict=True) if c or not (b.is_links or is_furniture(b.parent)))
    lost = {"table": 0, "list": 0}
    for block, keep in zip(found, content, strict=True):
        if not keep and not block.is_links and not is_furniture(block.parent):
            if ancestor(block.parent, _TABULAR) is not None:
                lost["table"] += block.size
            elif ancestor(block.parent, _LISTS) is not None:
                lost["list"] += block.size
    if (
        not kept
        or sum(b.size for b in found) < _TINY_PAGE
        or kept < _LEAST_SHARE * whole
        or lost["table"] > kept
        or lost["list"] > 2 * kept
    ):
        return False
    return whole >= _SMALL_PAGE or kept >= _SMALL_SHARE * whole


def _prune(body: Element, found: list[Block], content: list[bool]) -> None:
    """Take everything but the content out of the tree."""
    holding: set[Element] = {body}
    for block, keep in zip(found, content, strict=True):
        for element, where in block.spots:
            if keep:
                holder: Element | None = element if where == "text" else element.getparent()
                while holder is not None and holder not in holding:
                    holding.add(holder)
                    holder = holder.getparent()
            elif where == "text":
                element.text = " "
            else:
                element.tail = " "
    table = frozenset({"table"})
    for element in list(elements(body)):
        if element in holding or element.tag in ("br", "hr"):
            continue
        if element.tag in ("tr", "td", "th") and ancestor(element, table) in holding:
            continue  # an empty cell keeps the columns in their places
        drop(element)


def _strip(body: Element) -> None:
    """Take out only what is surely not content."""
    whole = count_words("".join(body.itertext()))
    for element in list(elements(body)):
        if element is body:
            continue
        if (
            element.tag in SILENT
            or is_hidden(element)
            or (_is_banner(element) and count_words("".join(element.itertext())) < 0.5 * whole)
        ):
            drop(element)


def _is_banner(element: Element) -> bool:
    if element.tag in ("nav", "main", "article"):
        return bool(element.tag == "nav")
    words = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('role') or ''}".lower()
    return bool(re.search(r"cookie|consent|\bnavigation\b|navbar|breadcrumb|skip-?link", words))
