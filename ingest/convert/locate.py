"""Which blocks of a page are its content: trafilatura finds them, the page's own structure completes them.

Trafilatura decides well what is content, but its output has lost much of the page's structure. So each longer text of
the page gets one rare character that travels through it, and the characters that come out say which places of the
original tree to keep. What trafilatura tends to lose next to kept content is then put back: headings, the other rows
of a table, the other items of a list, code, and paragraphs in containers built like the kept ones.
"""

import re
from collections import Counter
from collections.abc import Sequence

from lxml import etree

from ingest.convert.dom import Block, Element, ancestor, is_furniture

_FIRST, _LAST = 0x20000, 0x2A6DF  # CJK extension B: printable, and rare enough to be swapped out for the search
_MARKS = re.compile(f"[{chr(_FIRST)}-{chr(_LAST)}]")
_MARKED_LENGTH = 15  # shorter texts are what trafilatura recognises by wording ("Share this"): left as they are
_HEADING = re.compile(r"h[1-6]$")
_TABLE, _LIST, _CODE = frozenset({"table"}), frozenset({"ul", "ol", "dl"}), frozenset({"pre"})
_STRUCTURES = frozenset({"table", "ul", "ol", "dl", "blockquote", "pre"})


def locate(root: Element, blocks: Sequence[Block]) -> list[bool]:
    """For each block whether it is content; all False where trafilatura finds none."""
    kept = _ask(root, blocks)
    sure = [i for i, verdict in enumerate(kept) if verdict]
    if not sure:
        return [False] * len(blocks)
    content = [bool(verdict) or (verdict is None and sure[0] <= i <= sure[-1]) for i, verdict in enumerate(kept)]
    content = [c and kept[i] is not False for i, c in enumerate(content)]
    _add_siblings(blocks, content, sure)
    _add_structure(blocks, content)
    return content


def _ask(root: Element, blocks: Sequence[Block]) -> list[bool | None]:
    """True: kept; False: not; None: a short text that trafilatura has somewhere, so only its place can tell."""
    import trafilatura

    originals = [[_get(spot) for spot in block.spots] for block in blocks]
    marks: dict[int, tuple[int, int]] = {}
    for i, block in enumerate(blocks):
        for j, spot in enumerate(block.spots):
            text = _MARKS.sub("一", originals[i][j])
            if len(text.strip()) >= _MARKED_LENGTH and len(marks) < _LAST - _FIRST:
                at = _middle(text)
                text = text[:at] + chr(_FIRST + len(marks)) + text[at:]
                marks[len(marks)] = (i, j)
            _set(spot, text)
    html = etree.tostring(root, encoding="unicode", method="html")
    for block, texts in zip(blocks, originals, strict=True):
        for spot, text in zip(block.spots, texts, strict=True):
            _set(spot, text)

    found = trafilatura.bare_extraction(html, include_comments=False, include_tables=True, include_formatting=False)
    body = getattr(found, "body", None)
    if body is None:
        return [False] * len(blocks)
    passed: set[tuple[int, int]] = set()
    wordings: set[str] = set()
    for element in body.iter():
        for text in (element.text, element.tail):
            if text:
                passed.update(marks[ord(c) - _FIRST] for c in _MARKS.findall(text) if ord(c) - _FIRST in marks)
                wordings.add(_wording(text))
        wordings.add(_wording("".join(element.itertext())))
        wordings.add(_wording(" ".join(element.itertext())))  # lines that a break parts

    verdicts: list[bool | None] = []
    marked = set(marks.values())
    for i, block in enumerate(blocks):
        mine = [(i, j) for j in range(len(block.spots)) if (i, j) in marked]
        if mine:
            verdicts.append(2 * sum(m in passed for m in mine) >= len(mine))
        else:
            verdicts.append(None if _wording(block.text) in wordings else False)
    return verdicts


def _add_siblings(blocks: Sequence[Block], content: list[bool], sure: Sequence[int]) -> None:
    """Keep running text whose element and container look like those of kept text: articles cut in several parts."""
    looks: Counter[tuple[object, ...]] = Counter()
    for i in sure:
        if blocks[i].parent.tag in ("p", "div", "section", "li") and blocks[i].size >= 8:
            looks[_look(blocks[i].parent)] += blocks[i].size
    for i, block in enumerate(blocks):
        container = block.parent.getparent()
        if content[i] or block.size < 10 or block.linked > 0.4 * block.size or container is None:
            continue
        if not (container.get("class") or container.tag == "article"):
            continue
        if looks[_look(block.parent)] >= 40 and not is_furniture(block.parent):
            content[i] = True


def _add_structure(blocks: Sequence[Block], content: list[bool]) -> None:
    kept = [i for i, c in enumerate(content) if c]
    first, last = kept[0], kept[-1]
    title = next((block.parent for block in blocks if block.parent.tag == "h1"), None)  # kept as the title already
    holding: set[Element] = set()
    containers: set[Element] = set()
    for i in kept:
        element: Element | None = blocks[i].parent
        if element is not None and element.getparent() is not None:
            containers.add(element.getparent())
        while element is not None and element not in holding:
            holding.add(element)
            element = element.getparent()
    for i, block in enumerate(blocks):
        if content[i]:
            continue
        inside = first <= i <= last
        if first - 2 <= i <= last and _HEADING.match(block.parent.tag) and block.parent is not title:
            outer = block.parent.getparent()
            content[i] = outer in containers or (outer is not None and outer.getparent() in containers)
        elif (
            ancestor(block.parent, _TABLE) in holding
            or (inside and ancestor(block.parent, _LIST) in holding)
            or (inside and ancestor(block.parent, _CODE) is not None)
        ):
            content[i] = True
        elif inside:
            structure = ancestor(block.parent, _STRUCTURES)
            content[i] = structure is not None and structure.getparent() in containers and not is_furniture(structure)
    _add_end(blocks, content, last)


def _add_end(blocks: Sequence[Block], content: list[bool], last: int) -> None:
    """Keep what follows the last kept block in the same container, as long as it is neither links nor furniture: an
    article's last heading, list or table."""
    home = _home(blocks[last].parent)
    for i in range(last + 1, len(blocks)):
        block = blocks[i]
        if home is None or _home(block.parent) is not home or block.is_links or is_furniture(block.parent):
            return
        content[i] = True


def _home(element: Element) -> Element | None:
    """What holds the paragraph, heading, list or table that an element is or belongs to."""
    inner = ancestor(element, _STRUCTURES)
    while inner is not None and (outer := ancestor(inner.getparent(), _STRUCTURES)) is not None:
        inner = outer
    return element.getparent() if inner is None else inner.getparent()


def _look(element: Element) -> tuple[object, ...]:
    outer = element.getparent()
    return (
        element.tag,
        (element.get("class") or "").strip(),
        outer.tag if outer is not None else None,
        (outer.get("class") or "").strip() if outer is not None else None,
    )


def _middle(text: str) -> int:
    """The end of the word in the middle of a text: there a mark changes neither its first nor its last word."""
    end = len(text.rstrip())
    at = end // 2
    while at < end and not text[at].isspace():
        at += 1
    return at


def _wording(text: str) -> str:
    return " ".join(re.findall(r"\w+", _MARKS.sub("", text).lower()))


def _get(spot: tuple[Element, str]) -> str:
    element, where = spot
    return (element.text if where == "text" else element.tail) or ""


def _set(spot: tuple[Element, str], text: str) -> None:
    element, where = spot
    if where == "text":
        element.text = text
    else:
        element.tail = text
