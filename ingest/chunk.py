"""Cut a document's Markdown into chunks that fit the embedder's window, along headings, sentences and rows."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from clew.ids import chunk_id
from clew.ports import Embedder, Passage
from clew.records import Chunk, Document, Markdown, Span
from ingest.blocks import Block, Kind, blocks, plain
from ingest.definitions import Definition, definitions
from ingest.sentences import split

VERSION = "5"
CONTEXT_SHARE = 4  # title and headings may take up to a quarter of the window, the text has the rest
SOURCE = "text/x-source"
FENCE = re.compile(r"(?:`{3,}|~{3,})(?P<language>[\w+#.-]+)[ \t]*\n")
LEAD = re.compile(r"\s{0,3}(?:(?:[-*+]|\d{1,9}[.)]|>)\s+)+(?:\[[ xX]\]\s+)?")
MOST_OVER = 1000  # letters of a heading, or of a table's head, that are kept with each chunk below it
SMALL = 0.25  # a section below this share of the window is joined to its neighbour
LONGEST = 24  # letters of a token at most: an embedder counts a word that it cannot read as one, however long it is


@dataclass(frozen=True, slots=True)
class Atom:
    """What no chunk boundary may cut: a heading, a sentence, a table row, a line of code.

    ``path`` is the heading path it stands under, ``tokens`` its length once plain: 0 for pure markup, which stays
    with what comes before it. One that ``leads`` (a heading, a table's head, a fence) stays with what follows; one that
    ``opens`` is the first line of a definition.
    """

    span: Span
    path: tuple[str, ...]
    tokens: int
    kind: Kind
    leads: bool = False
    opens: bool = False

    @property
    def sentence(self) -> bool:
        return self.tokens > 0 and self.kind not in ("heading", "header")


def chunks(document: Document, markdown: Markdown, embedder: Embedder) -> list[Chunk]:
    """The document's chunks, in order. Joined they are its Markdown; each fits the embedder's window."""
    text = markdown.text
    atoms = list(_atoms(text, document.language, embedder))
    if not atoms:
        return []
    made = []
    title = (document.title,) if markdown.named else ()
    groups = _groups(atoms, embedder, title)
    starts = [0, *(_line_start(text, one[-1], other[0].span.start) for one, other in pairwise(groups)), len(text)]
    for group, start, end in zip(groups, starts, starts[1:], strict=False):
        span = Span(start, end)
        made.append(
            Chunk(
                id=chunk_id(document.id, span, text[span.slice]),
                document=document,
                span=span,
                text=text[span.slice],
                headings=group[0].path,
                page=markdown.page_at(group[0].span.start),
                sentences=tuple(atom.span for atom in group if atom.sentence),
                named=markdown.named,
                line=text.count("\n", 0, start) if document.media_type == SOURCE else None,
            )
        )
    return made


def joined(chunks: Sequence[Chunk]) -> Markdown | None:
    """The Markdown that a document's chunks, in order, were cut from; None where there are none.

    A page starts where the first chunk on it does: what a chunk holds of the page after it is counted to its own.
    """
    if not chunks:
        return None
    document = chunks[0].document
    pages: dict[int, int] = {}
    for chunk in chunks:
        if chunk.page is not None:
            pages.setdefault(chunk.page, chunk.span.start)
    return Markdown(
        text="".join(chunk.text for chunk in chunks),
        title=document.title,
        named=chunks[0].named,
        pages=tuple(pages.items()),
        date=document.date,
        date_source=document.date_source,
    )


def passage(chunk: Chunk, embedder: Embedder) -> Passage:
    """What is embedded for a chunk: title and headings that its text lacks, then its plain text, with the spans of
    its sentences in that. Where all of it would not fit the window, the outer headings are left away."""
    parts: list[str] = []
    at: list[int] = []
    between = [plain(text) for text in _between(chunk)]
    for nth, sentence in enumerate(chunk.sentences):
        if between[nth]:
            parts.append(between[nth])
        at.append(len(parts))
        parts.append(plain(chunk.quote(sentence)))
    if between[-1]:
        parts.append(between[-1])
    body = "\n".join(parts)
    over = [words for words in context(chunk) if words not in between]
    while over and embedder.count(f"{'. '.join(over)}\n{body}") > embedder.window:
        over.pop(0)
    head = ". ".join(over) + "\n" if over else ""
    starts = [len(head)]
    for part in parts:
        starts.append(starts[-1] + len(part) + 1)
    return Passage(head + body, tuple(Span(starts[nth], starts[nth + 1] - 1) for nth in at))


def context(chunk: Chunk) -> list[str]:
    """What stands over a chunk, outermost first: the title, where the document states one, and its headings."""
    over = [chunk.document.title] if chunk.named else []
    return over + [heading for heading in chunk.headings if heading not in over]


def _between(chunk: Chunk) -> list[str]:
    """The stretches before, between and behind a chunk's sentences: headings, column names, markup."""
    edges = [chunk.span.start, *(edge for span in chunk.sentences for edge in (span.start, span.end)), chunk.span.end]
    return [chunk.quote(Span(a, b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _atoms(text: str, language: str, embedder: Embedder) -> Iterator[Atom]:
    most = embedder.window - embedder.window // CONTEXT_SHARE
    path: list[tuple[int, str]] = []
    for block in blocks(text):
        if block.kind == "heading":
            while path and path[-1][0] >= block.level:
                path.pop()
            path.append((block.level, plain(text[block.span.slice])[:MOST_OVER]))
        names = tuple(name for _, name in path) + ((block.header[:MOST_OVER],) if block.header else ())
        if block.kind == "code":
            yield from _code(text, block, names, most, embedder)
            continue
        for span in _spans(text, block, language):
            tokens = _tokens(text, span, embedder)
            leads = block.kind in ("heading", "header")
            parts = [span] if tokens <= most else _halves(text, span, most, embedder)
            for part in parts:
                yield Atom(part, names, _tokens(text, part, embedder), block.kind, leads)


def _code(text: str, block: Block, names: tuple[str, ...], most: int, embedder: Embedder) -> Iterator[Atom]:
    """The lines of a block of code, each under the names of the definitions around it."""
    inside = text[block.span.slice]
    fence = FENCE.match(inside)
    found = definitions(inside[fence.end() :], fence["language"]) if fence else []
    first = {definition.line + 1 for definition in found}  # the fence is a line too
    ahead, open_ = found[::-1], list[Definition]()
    start = block.span.start
    for number, line in enumerate(inside.splitlines(keepends=True)):
        span = Span(start, start + len(line.rstrip()))
        start += len(line)
        if not line.strip():
            continue
        at = max(number - 1, 0)
        while ahead and ahead[-1].line <= at:
            open_.append(ahead.pop())
        while open_ and open_[-1].until <= at:
            open_.pop()
        around = open_[-1].path if open_ else ()
        tokens = _tokens(text, span, embedder)
        parts = [span] if tokens <= most else _halves(text, span, most, embedder)
        for part in parts:
            yield Atom(
                part,
                names + around,
                _tokens(text, part, embedder),
                "code",
                leads=not tokens and number == 0,
                opens=number in first and part.start == span.start,
            )


def _tokens(text: str, span: Span, embedder: Embedder) -> int:
    """How much of the embedder's window a stretch takes once plain."""
    words = plain(text[span.slice])
    return max(embedder.count(words), len(words) // LONGEST)


def _spans(text: str, block: Block, language: str) -> Iterator[Span]:
    inside = text[block.span.slice]
    match block.kind:
        case "prose":
            marker = LEAD.match(inside)
            skip = marker.end() if marker else 0
            yield from (span.shift(block.span.start + skip) for span in split(inside[skip:], language))
        case _:
            yield Span(block.span.start, block.span.start + len(inside.rstrip()))


def _halves(text: str, span: Span, most: int, embedder: Embedder) -> Iterator[Span]:
    """Cut what is longer than the window in half, and again, at a space or clause mark near the middle."""
    if len(span) < 2 or _tokens(text, span, embedder) <= most:
        yield span
        return
    middle = (span.start + span.end) // 2
    reach = len(span) // 4
    cut = next(
        (
            at + 1
            for marks in ("\n", "。！？；;", "，、,", " \t|")
            for at in sorted(range(middle - reach, middle + reach), key=lambda at: abs(at - middle))
            if text[at] in marks
        ),
        middle,
    )
    yield from _halves(text, Span(span.start, cut), most, embedder)
    yield from _halves(text, Span(cut, span.end), most, embedder)


def _groups(atoms: Sequence[Atom], embedder: Embedder, title: tuple[str, ...]) -> list[list[Atom]]:
    """Gather atoms into chunks: a section is cut into even parts that fit; small sections go with a neighbour."""
    groups: list[list[Atom]] = []
    rooms: dict[tuple[str, ...], int] = {}
    for section in _sections(atoms):
        small = groups and min(_total(groups[-1]), _total(section)) < SMALL * embedder.window
        if small and _total(groups[-1]) + _total(section) <= rooms[groups[-1][0].path]:
            groups[-1] += section
            continue
        for path in {atom.path for atom in section} - rooms.keys():
            rooms[path] = _room(title + path, embedder)
        groups += _even(section, min(rooms[atom.path] for atom in section))
    return groups


def _room(context: tuple[str, ...], embedder: Embedder) -> int:
    """The tokens that a title and headings leave for the text."""
    taken = embedder.count(". ".join(dict.fromkeys(context))) + 1
    return embedder.window - min(taken, embedder.window // CONTEXT_SHARE)


def _sections(atoms: Sequence[Atom]) -> Iterator[list[Atom]]:
    section: list[Atom] = []
    for atom in atoms:
        opens = (atom.kind == "heading" and section and section[-1].kind != "heading") or (
            atom.opens and section and not section[-1].leads
        )
        if opens:
            yield section
            section = []
        section.append(atom)
    if section:
        yield section


def _even(section: Sequence[Atom], room: int) -> list[list[Atom]]:
    """Cut a section into parts of about the same length, none above ``room``."""
    aim = max(1, _total(section)) / max(1, math.ceil(_total(section) / room))
    parts: list[list[Atom]] = [[]]
    length = done = 0
    for at, atom in enumerate(section):
        next_tokens = section[at + 1].tokens if atom.leads and at + 1 < len(section) else 0
        enough = done + (atom.tokens + next_tokens) / 2 >= aim * len(parts)
        full = length + atom.tokens + next_tokens > room
        crowd = atom.leads and length + atom.tokens > room  # headings on headings, more than fit a window
        if parts[-1] and (full or enough) and (atom.tokens or atom.leads) and (crowd or not parts[-1][-1].leads):
            parts.append([])
            length = 0
        parts[-1].append(atom)
        length += atom.tokens
        done += atom.tokens
    return parts


def _total(atoms: Sequence[Atom]) -> int:
    return sum(atom.tokens for atom in atoms)


def _line_start(text: str, before: Atom, at: int) -> int:
    """``at``, or the start of its line if only markup (a list marker, a quote sign) stands between."""
    start = text.rfind("\n", before.span.end, at) + 1
    if not start and before.tokens:  # the line has words already
        return at
    start = start or text.rfind("\n", 0, at) + 1
    return at if plain(text[start:at]) else start
