"""What pdfium knows of a page: runs of text with their places and fonts, ruled lines, links, pictures.

Coordinates are points with y growing downwards from the top of the page as it is shown.
"""

import ctypes
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

MOST_CHARACTERS = 100_000  # of one page
MOST_PATHS = 20_000
MOST_NOTES = 2000  # that are looked at
_BOLD = re.compile(r"bold|black|heavy|demi|(?:cm|sf|ec)bx\d")  # the last: how TeX calls its bold fonts
_NEWLINES, _HYPHENS = (10, 13), (0x2, 0xFFFE, 0xAD)
_FIXED_PITCH, _BOLD_WEIGHT = 1, 600


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page; ``top`` is less than ``bottom``."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def joined(self, other: "Box") -> "Box":
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def holds(self, point: tuple[float, float], slack: float = 0.0) -> bool:
        x, y = point
        return self.left - slack <= x <= self.right + slack and self.top - slack <= y <= self.bottom + slack

    def beside(self, other: "Box") -> bool:
        """Whether they share at least half of the lower one's height."""
        shared = min(self.bottom, other.bottom) - max(self.top, other.top)
        return shared > 0.5 * min(self.height, other.height)


@dataclass(frozen=True, slots=True)
class Word:
    """Characters without a space between them; ``link`` is where they lead."""

    text: str
    box: Box
    link: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one line that no wide gap parts. ``size`` is the height of its font."""

    words: tuple[Word, ...]
    box: Box
    size: float
    bold: bool = False
    fixed: bool = False

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line along an axis: from ``start`` to ``end`` at ``at``."""

    upright: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Page:
    """All of it. ``pictures`` is the share of the page that pictures cover; ``dense`` says that it had more
    characters than are read."""

    width: float
    height: float
    runs: tuple[Run, ...]
    rules: tuple[Rule, ...] = ()
    pictures: float = 0.0
    dense: bool = False


@dataclass(slots=True)
class _Line:
    words: list[Word] = field(default_factory=list)
    size: float = 0.0
    bold: bool = False
    fixed: bool = False


def read_page(document: Any, number: int) -> Page:
    """Read page ``number`` (from 0) of a pypdfium2 document."""
    page = document[number]
    try:
        width, height = page.get_size()
        place = _turned(page)
        links = _links(document, page, place)
        runs, dense = _text(page, place, links)
        if _is_written_upon(page):
            page = _flat(document, page, number)
            every, dense = _text(page, place, links)
            runs = _placed(runs, every[len(runs) :])
        rules, pictures = _drawings(page, place)
        share = sum((b.right - b.left) * b.height for b in pictures) / max(1.0, width * height)
        return Page(width, height, tuple(runs), tuple(rules), min(share, 1.0), dense)
    finally:
        page.close()


def _text(page: Any, place: "Place", links: list[tuple[Box, str]]) -> tuple[list[Run], bool]:
    text = page.get_textpage()
    try:
        return _runs(text, place, links)
    finally:
        text.close()


def _placed(printed: list[Run], written: list[Run]) -> list[Run]:
    """What was written upon a page among what was printed: behind its label, else behind what stands above it."""
    after: dict[int, list[Run]] = {}
    for run in written:
        near = [i for i, p in enumerate(printed) if p.box.beside(run.box) and p.box.left <= run.box.left]
        near = near or [i for i, p in enumerate(printed) if p.box.bottom <= run.box.bottom]
        last = max(near, key=lambda i: (printed[i].box.bottom, printed[i].box.right), default=len(printed) - 1)
        after.setdefault(last, []).append(run)
    ordered = after.get(-1, [])
    for i, run in enumerate(printed):
        ordered += [run, *after.get(i, ())]
    return ordered


def _is_written_upon(page: Any) -> bool:
    """Whether somebody filled in a form on the page, or typed upon it."""
    import pypdfium2.raw as pdfium

    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page.raw), MOST_NOTES)):
        note = pdfium.FPDFPage_GetAnnot(page.raw, index)
        kind = pdfium.FPDFAnnot_GetSubtype(note)
        pdfium.FPDFPage_CloseAnnot(note)
        if kind in (pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT):
            return True
    return False


def _flat(document: Any, page: Any, number: int) -> Any:
    """The page opened again, what was written upon it now a part of it."""
    import pypdfium2.raw as pdfium

    pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY)
    page.close()
    return document[number]


Place = Callable[[float, float, float, float], Box]


def _turned(page: Any) -> Place:
    """From pdfium's (left, bottom, right, top) in the unturned page to a box on the page as shown."""
    left, bottom, right, top = page.get_cropbox()
    turn = page.get_rotation()

    def place(x0: float, y0: float, x1: float, y1: float) -> Box:
        a, b, c, d = x0 - left, top - y1, x1 - left, top - y0
        if turn == 90:
            return Box(top - bottom - d, a, top - bottom - b, c)
        if turn == 180:
            return Box(right - left - c, top - bottom - d, right - left - a, top - bottom - b)
        if turn == 270:
            return Box(b, right - left - c, d, right - left - a)
        return Box(a, b, c, d)

    return place


def _runs(text: Any, place: Place, links: list[tuple[Box, str]]) -> tuple[list[Run], bool]:
    import pypdfium2.raw as pdfium

    raw = text.raw
    count = min(pdfium.FPDFText_CountChars(raw), MOST_CHARACTERS)
    rect = pdfium.FS_RECTF()
    runs: list[Run] = []
    line = _Line()
    letters: list[str] = []
    box: Box | None = None

    def end_word() -> None:
        nonlocal box
        if letters and box is not None:
            link = next((target for area, target in links if area.holds(box.middle, 1)), "")
            line.words.append(Word("".join(letters), box, link))
        letters.clear()
        box = None

    def end_run() -> None:
        nonlocal line
        end_word()
        if line.words:
            whole = line.words[0].box
            for word in line.words[1:]:
                whole = whole.joined(word.box)
            runs.append(Run(tuple(line.words), whole, line.size, line.bold, line.fixed))
        line = _Line()

    high = 0
    for i in range(count):
        code = pdfium.FPDFText_GetUnicode(raw, i)
        if 0xD800 <= code < 0xDC00:  # a pair: its second half comes next
            high = code
            continue
        if high and 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
        high = 0
        if code in _NEWLINES:
            end_run()
            continue
        if code in (32, 160, 9, 0x3000):
            end_word()
            continue
        if code == 0:
            continue
        if not pdfium.FPDFText_GetLooseCharBox(raw, i, rect):
            continue
        here = place(rect.left, rect.bottom, rect.right, rect.top)
        before = box or (line.words[-1].box if line.words else None)
        if before is not None:
            gap = max(here.left - before.right, before.left - here.right)  # the latter in scripts from the right
            if gap > 0.9 * before.height or not here.beside(before):
                end_run()
            elif box is not None and gap > 0.25 * before.height and code < 0x2E80:
                end_word()
        letters.append("\u00ad" if code in _HYPHENS else chr(code))
        box = here if box is None else box.joined(here)
        if not line.size:
            line.size = here.height
            line.bold, line.fixed = _font(raw, i)
    end_run()
    return runs, pdfium.FPDFText_CountChars(raw) > count


def _font(raw: Any, index: int) -> tuple[bool, bool]:
    import pypdfium2.raw as pdfium

    flags = ctypes.c_int()
    name = ctypes.create_string_buffer(128)
    pdfium.FPDFText_GetFontInfo(raw, index, name, 128, ctypes.byref(flags))
    font = name.value.decode("utf-8", "replace").lower()
    bold = bool(_BOLD.search(font)) or pdfium.FPDFText_GetFontWeight(raw, index) >= _BOLD_WEIGHT
    fixed = bool(flags.value & _FIXED_PITCH) or any(
        part in font for part in ("courier", "mono", "consol", "typewriter")
    )
    return bold, fixed


def _links(document: Any, page: Any, place: Place) -> list[tuple[Box, str]]:
    import pypdfium2.raw as pdfium

    found: list[tuple[Box, str]] = []
    start, link, rect = ctypes.c_int(0), pdfium.FPDF_LINK(), pdfium.FS_RECTF()
    while len(found) < 500 and pdfium.FPDFLink_Enumerate(page.raw, ctypes.byref(start), ctypes.byref(link)):
        action = pdfium.FPDFLink_GetAction(link)
        if not action or pdfium.FPDFAction_GetType(action) != pdfium.PDFACTION_URI:
            continue
        size = pdfium.FPDFAction_GetURIPath(document.raw, action, None, 0)
        address = ctypes.create_string_buffer(size)
        pdfium.FPDFAction_GetURIPath(document.raw, action, address, size)
        target = address.value.decode("utf-8", "replace").strip()
        if pdfium.FPDFLink_GetAnnotRect(link, rect) and target.startswith(("http://", "https://", "mailto:")):
            found.append((place(rect.left, rect.bottom, rect.right, rect.top), target.replace(" ", "%20")))
    return found


def _drawings(page: Any, place: Place) -> tuple[list[Rule], list[Box]]:
    import pypdfium2.raw as pdfium

    rules: list[Rule] = []
    pictures: list[Box] = []
    kinds = (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE)
    for n, item in enumerate(page.get_objects(filter=kinds, max_depth=4)):
        if n >= MOST_PATHS:
            return [], pictures  # a drawing, and no table
        if item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            pictures.append(place(*item.get_bounds()))
        else:
            rules.extend(_rules(item, place))
    return rules, pictures


def _rules(item: Any, place: Place) -> Iterator[Rule]:
    """The straight parts of a path that is drawn; the sides of a filled rectangle count."""
    import pypdfium2.raw as pdfium

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item.raw, ctypes.byref(fill), ctypes.byref(stroke))
    if not (fill.value or stroke.value):
        return
    matrix = item.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    first = last = None
    for i in range(min(pdfium.FPDFPath_CountSegments(item.raw), 2000)):
        segment = pdfium.FPDFPath_GetPathSegment(item.raw, i)
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        point = matrix.on_point(x.value, y.value)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            first = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO and last is not None:
            yield from _straight(last, point, place)
        if pdfium.FPDFPathSegment_GetClose(segment) and first is not None:
            yield from _straight(point, first, place)
        last = point


def _straight(a: tuple[float, float], b: tuple[float, float], place: Place) -> Iterator[Rule]:
    box = place(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]))
    wide, tall = box.right - box.left, box.height
    if tall < 1 and wide > 4:
        yield Rule(False, box.top, box.left, box.right)
    elif wide < 1 and tall > 4:
        yield Rule(True, box.left, box.top, box.bottom)
