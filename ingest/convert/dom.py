"""An HTML page as a tree, and its text as a sequence of blocks."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

import lxml.html
from lxml import etree

from clew.errors import ConversionError

Element: TypeAlias = lxml.html.HtmlElement
Spot: TypeAlias = tuple[Element, Literal["text", "tail"]]

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
SILENT = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "iframe",
        "object",
        "embed",
        "canvas",
        "audio",
        "video",
        "button",
        "select",
        "input",
        "textarea",
        "head",
        "link",
        "meta",
        "datalist",
    ]
)
_TAG = re.compile(r"</?([a-z][\w:-]*)[^<>]*>", re.I)
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_NEVER_DEEP = _HEADINGS | {"html", "head", "title", "meta", "style", "script", "body", "p", "pre", "br", "hr"}
_FURNITURE = re.compile(
    r"comment|footer|sidebar|related|share|sharing|social|promo|newsletter|subscri|advert|\bads?[-_]|navbar|\bnav\b|"
    r"[-_]nav|nav[-_]|breadcrumb|cookie|consent|popup|modal|widget|recommend|teaser|skip-?link|pagination",
    re.I,
)
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:x([0-9a-f]{1,6})|([0-9]{1,7}));?", re.I)
# Elements inside each other: trafilatura's parser leaves out what lies 256 deep, and each one what lies 2,048 deep.
_is_deep = etree.XPath(f"boolean({'/*' * 250})")
_XML_HEAD = re.compile(r"^\s*<\?xml[^>]*\?>")
_WORD = re.compile(r"[㐀-䶿一-鿿豈-﫿]|[^\W㐀-䶿一-鿿豈-﫿]+")


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text that is shown as one: the pieces of inline content between two block borders."""

    parent: Element
    spots: tuple[Spot, ...]
    text: str
    size: int
    linked: int  # words of it inside links

    @property
    def is_links(self) -> bool:
        return self.linked > 0.5 * self.size


def _writable(reference: re.Match[str]) -> str:
    """A numbered character as it is written, or a blank for one that no tree can hold."""
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    return " " if number <= 0x10FFFF and _NO_XML.match(chr(number)) else reference[0]


def parse(html: str) -> Element:
    """The tree of a page, whatever the state of its markup. One that nests too deep (a thousand ``<font>`` that nobody
    closes) keeps its headings and paragraphs alone. Raises ValueError where there is nothing to parse, and
    ConversionError where no tree would hold all of it."""
    html = _XML_HEAD.sub("", _NO_XML.sub(" ", _REFERENCE.sub(_writable, html)))
    root = _tree(html)
    if _is_deep(root):
        root = _tree(_TAG.sub(_flat, html))
        if _is_deep(root):
            raise ConversionError("its elements lie too deep inside each other", "Save it as text or PDF.")
    return root


def _tree(html: str) -> Element:
    try:
        parser = lxml.html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
        return lxml.html.document_fromstring(html, parser=parser)
    except (etree.ParserError, AssertionError) as error:
        raise ValueError(str(error)) from error


def _flat(tag: re.Match[str]) -> str:
    """The tag itself, or a border between blocks in its place, or nothing."""
    name = tag[1].lower()
    return tag[0] if name in _NEVER_DEEP else "<p>" if name in BLOCKS else ""


def body_of(root: Element) -> Element:
    """The body; framesets and fragments have none, then the root."""
    body = root.find("body")
    return root if body is None else body


def count_words(text: str) -> int:
    """Words, a Chinese character counting as one."""
    return len(_WORD.findall(text))


def is_hidden(element: Element) -> bool:
    """Whether the element's own attributes say that it is not shown."""
    style = (element.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style or element.get("hidden") is not None


def is_furniture(element: Element | None) -> bool:
    """Whether an element or one around it belongs to the page rather than to its content."""
    while element is not None and element.tag not in ("body", "html"):
        if element.tag in ("aside", "footer", "nav", "form"):
            return True
        if _FURNITURE.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
            return True
        element = element.getparent()
    return False


def ancestor(element: Element | None, tags: frozenset[str]) -> Element | None:
    """The element itself or the nearest one around it with one of these tags."""
    while element is not None and element.tag not in tags:
        element = element.getparent()
    return element


def blocks(body: Element) -> list[Block]:
    """The blocks of a page in reading order, without what is never shown."""
    found: list[Block] = []
    spots: list[Spot] = []
    texts: list[str] = []
    sizes = [0, 0]

    def close(parent: Element) -> None:
        if spots:
            found.append(Block(parent, tuple(spots), "".join(texts), sizes[0], sizes[1]))
            spots.clear()
            texts.clear()
            sizes[:] = [0, 0]

    def add(element: Element, where: Literal["text", "tail"], linked: bool) -> None:
        text = element.text if where == "text" else element.tail
        if text and text.strip():
            spots.append((element, where))
            texts.append(text)
            words = count_words(text)
            sizes[0] += words
            sizes[1] += words if linked else 0
        elif texts and text:
            texts.append(" ")

    # An explicit stack: pages nest deeper than Python's recursion allows.
    stack: list[Callable[[], None]] = []

    def enter(element: Element, parent: Element, linked: bool) -> None:
        own = element.tag in BLOCKS
        if own:
            close(parent)
        inner = element if own else parent
        inside = linked or element.tag == "a"
        add(element, "text", inside)
        later: list[Callable[[], None]] = []
        for child in element:
            if isinstance(child.tag, str) and child.tag not in SILENT and not is_hidden(child):
                later.append(lambda c=child: enter(c, inner, inside))  # type: ignore[misc]
            if child.tag == "br":
                later.append(lambda: texts.append(" ") if texts else None)
            later.append(lambda c=child: add(c, "tail", inside))  # type: ignore[misc]
        if own:
            later.append(lambda: close(inner))
        stack.extend(reversed(later))

    enter(body, body, False)
    while stack:
        stack.pop()()
    return found


def elements(root: Element) -> Iterator[Element]:
    """Every element, parents first."""
    for element in root.iter():
        if isinstance(element.tag, str):
            yield element


def drop(element: Element) -> None:
    """Take an element out of its tree and leave the text after it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    element.tail = None
    parent.remove(element)
