"""The Markdown of a page: its runs as headings, paragraphs, lists, code and tables, in reading order."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.convert.pdfpage import Page, Run, Word
from ingest.convert.pdftable import Band, Table, bands, ruled, unruled
from ingest.convert.tables import table

_BULLET = re.compile(r"^[•‣◦▪▫●○■□–—*\u2022\uf0b7\uf0a7·-]$")
_NUMBER = re.compile(r"^(\d{1,3}|[a-zA-Z]|[ivxIVX]{1,4})[.)]$")
_ENDS = re.compile(r"[.!?:;。！？：；…”’)\"']$")
_LEADER = re.compile(r"(?:\s?[.…·]){5,}\s*")  # the dots of a table of contents
_PAGE_NUMBER = re.compile(r"^\W*(?:page|seite|p\.?|第)?\s*\d{1,4}\s*(?:(?:of|/|von|页)\s*\d{0,4})?\W*$", re.I)
_HAN_EDGE = re.compile(r"[\u2e80-\u9fff\uff00-\uffef]")
_MARGIN = 0.09  # of the page's height: where running heads and page numbers stand
_HEADING = 1.12  # times the body's size


@dataclass(frozen=True, slots=True)
class Look:
    """What is usual in a document: the body's font size, and the larger sizes, largest first."""

    body: float
    larger: tuple[float, ...]
    furniture: frozenset[str]

    def level(self, size: float) -> int:
        return next((i for i, larger in enumerate(self.larger, 1) if size >= larger - 0.6), len(self.larger) + 1)


def look_of(pages: Sequence[Page]) -> Look:
    """Measure a document's fonts, and find the lines that stand on many of its pages."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for run in page.runs:
            if not run.fixed:
                sizes[round(run.size * 2) / 2] += sum(len(word.text) for word in run.words)
    body = sizes.most_common(1)[0][0] if sizes else 10.0
    larger = sorted((size for size in sizes if size >= body * _HEADING), reverse=True)
    merged: list[float] = []
    for size in larger:
        if not merged or merged[-1] - size > 0.6:
            merged.append(size)
    margins = Counter(key for page in pages for key in {_key(run.text) for run in page.runs if _marginal(run, page)})
    often = frozenset(key for key, n in margins.items() if n >= 3 and n >= 0.4 * len(pages))
    return Look(body, tuple(merged[:5]), often)


def flow(page: Page, look: Look) -> str:
    """The Markdown of one page."""
    runs = _with_marks([run for run in page.runs if not _is_furniture(run, page, look)])
    boxes = ruled(page.rules, runs)
    pieces: list[Table | Band] = []
    rest: list[Run] = []
    placed: set[int] = set()

    def settle() -> None:
        rows = bands(rest)
        at = 0
        for start, end, found in unruled(rows):
            pieces.extend(rows[at:start])
            pieces.append(found)
            at = end
        pieces.extend(rows[at:])
        rest.clear()

    for run in runs:
        inside = next((i for i, t in enumerate(boxes) if t.box.holds(run.box.middle, 2)), None)
        if inside is None:
            rest.append(run)
        elif inside not in placed:
            settle()
            placed.add(inside)
            pieces.append(boxes[inside])
    settle()
    return "\n\n".join(text for text in _blocks(pieces, look) if text)


def _with_marks(runs: Sequence[Run]) -> list[Run]:
    """Join a list's mark, which stands apart, to the line that it opens."""
    out: list[Run] = []
    for run in runs:
        mark = out[-1] if out else None
        if (
            mark is not None
            and len(mark.words) == 1
            and (_BULLET.match(mark.text) or _NUMBER.match(mark.text))
            and mark.box.beside(run.box)
            and 0 < run.box.left - mark.box.right < 4 * run.size
        ):
            out[-1] = Run((*mark.words, *run.words), mark.box.joined(run.box), run.size, run.bold, run.fixed)
        else:
            out.append(run)
    return out


def _blocks(pieces: Sequence[Table | Band], look: Look) -> Iterable[str]:
    """Join lines to paragraphs."""
    open_lines: list[Band] = []
    kind = ""

    def close() -> str:
        text = _text(open_lines, kind)
        open_lines.clear()
        return text

    for piece in pieces:
        if isinstance(piece, Table):
            yield close()
            yield table([[_cell(cell) for cell in row] for row in piece.rows])
            continue
        now = _kind(piece, look)
        if open_lines and not _continues(open_lines[-1], piece, kind, now):
            yield close()
        if not open_lines:
            kind = now
        open_lines.append(piece)
    yield close()


def _kind(band: Band, look: Look) -> str:
    first = band.runs[0]
    text = " ".join(run.text for run in band.runs)
    if all(run.fixed for run in band.runs):
        return "code"
    if len(text) <= 160 and any(c.isalpha() for c in text) and not _BULLET.match(first.words[0].text):
        if first.size >= look.body * _HEADING:
            return f"h{min(look.level(first.size), 6)}"
        if all(run.bold for run in band.runs) and len(text.split()) <= 14 and not re.search(r"[.,;]$", text):
            return f"h{min(len(look.larger) + 1, 6)}"
    if _BULLET.match(first.words[0].text) or (_NUMBER.match(first.words[0].text) and len(text.split()) > 1):
        return "item"
    if _LEADER.search(text):
        return "entry"
    return "text"


def _continues(last: Band, band: Band, kind: str, now: str) -> bool:
    """Whether a line goes on with what the line before it began."""
    before, here = last.box, band.box
    size = last.runs[0].size
    gap = here.top - before.bottom
    if kind == "code":
        return now == "code" and -size < gap < 3 * size
    if kind.startswith("h") and abs(band.runs[0].size - size) < 0.06 * size and -0.5 * size < gap < 0.6 * size:
        return band.runs[0].bold == last.runs[-1].bold and now != "item"
    if now in ("item", "entry") or now.startswith("h") or kind.startswith("h") or kind == "entry":
        return False
    if now == "code" or abs(band.runs[0].size - size) > 0.15 * size:
        return False
    ended = bool(_ENDS.search(last.runs[-1].text))
    if gap < -2 * size:  # at the head of the next column
        return kind == "text" and not ended
    if gap > 0.7 * size:
        return False
    if kind == "item":
        return here.left > before.left - 2
    return not (ended and (here.left > before.left + size and now == "text"))


def _text(lines: Sequence[Band], kind: str) -> str:
    if not lines:
        return ""
    if kind == "code":
        return _code(lines)
    words = [word for line in lines for run in line.runs for word in run.words]
    if kind == "item":
        mark, words = words[0].text, words[1:]
        start = f"{mark[:-1]}. " if mark[:-1].isdigit() else "- "
        return start + _joined(words) if words else ""
    text = _joined(words)
    if kind == "entry":
        return "- " + _LEADER.sub(" … ", text).strip()
    return "#" * int(kind[1]) + " " + text if kind.startswith("h") else text


def _code(lines: Sequence[Band]) -> str:
    left = min(line.box.left for line in lines)
    run = lines[0].runs[0]
    width = (run.box.right - run.box.left) / max(1, len(run.text))
    rows: list[str] = []
    for line in lines:
        row = ""
        for part in line.runs:
            at = round((part.box.left - left) / width) if width > 0 else 0
            row = row.ljust(min(at, 200)) + part.text
        rows.append(row)
    return "```\n" + "\n".join(rows) + "\n```"


def _cell(runs: Sequence[Run]) -> str:
    return _joined([word for run in runs for word in run.words])


def _joined(words: Sequence[Word]) -> str:
    """Words with the spaces that belong between them, hyphens at line ends undone, links marked."""
    out: list[str] = []
    link = ""
    before: Word | None = None
    for word in words:
        if word.link != link:
            if link:
                out.append(f"]({link})")
            space = _space(before, word, out)
            out += [space, "["] if word.link else [space]
            link = word.link
        else:
            out.append(_space(before, word, out))
        out.append(word.text)
        before = word
    if link:
        out.append(f"]({link})")
    return "".join(out).replace("\u00ad", "").strip()


def _space(before: Word | None, word: Word, out: list[str]) -> str:
    if before is None:
        return ""
    new_line = word.box.top > before.box.bottom - 0.3 * before.box.height or word.box.right < before.box.left
    if new_line:
        if before.text.endswith("\u00ad") and word.text[:1].islower():
            return ""
        if before.text.endswith("-") and len(before.text) > 2 and before.text[-2].isalpha() and word.text[:1].islower():
            if out and out[-1] == before.text:
                out[-1] = before.text[:-1]
            return ""
        if _HAN_EDGE.match(before.text[-1]) and _HAN_EDGE.match(word.text[0]):
            return ""
    return " "


def _marginal(run: Run, page: Page) -> bool:
    return run.box.bottom < _MARGIN * page.height or run.box.top > (1 - _MARGIN) * page.height


def _is_furniture(run: Run, page: Page, look: Look) -> bool:
    return _marginal(run, page) and (bool(_PAGE_NUMBER.match(run.text)) or _key(run.text) in look.furniture)


def _key(text: str) -> str:
    return re.sub(r"\d+", "#", text).strip()
