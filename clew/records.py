"""The records that flow between the rooms: frozen, slotted, keyword-only.

Offsets are code points of a document's Markdown, so ``markdown.text[span.slice]`` is the quoted text.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

LossKind = Literal["failed", "skipped", "truncated", "image", "table"]
RoutePath = Literal["direct", "passages", "graph", "global", "both"]
DecidedBy = Literal["model", "user", "fallback"]
Finish = Literal["complete", "length", "stopped", "abstained", "error"]
DateSource = Literal["front-matter", "metadata", "title", "modified"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points."""

    start: int
    end: int

    @property
    def slice(self) -> slice:
        return slice(self.start, self.end)

    def __len__(self) -> int:
        return self.end - self.start

    def shift(self, by: int) -> "Span":
        return Span(self.start + by, self.end + by)

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Something of a file that did not reach the index, and what its owner can do about it."""

    path: str
    kind: LossKind
    reason: str
    remedy: str
    page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Markdown:
    """One file as cleaned Markdown.

    ``pages`` maps a page number to the offset where it starts, in order; empty for formats without pages.
    ``named`` says whether the title came out of the document (else it is the file's name).
    """

    text: str
    title: str
    named: bool = True
    pages: tuple[tuple[int, int], ...] = ()
    date: datetime.date | None = None
    date_source: DateSource | None = None
    losses: tuple[Loss, ...] = ()

    def page_at(self, offset: int) -> int | None:
        """The page that holds ``offset``."""
        at = None
        for number, start in self.pages:
            if start > offset:
                break
            at = number
        return at


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One file of a collection, as the index knows it. ``id`` hashes collection and path."""

    id: str
    path: str
    title: str
    media_type: str
    content_hash: str
    collection: str = ""
    date: datetime.date | None = None
    date_source: DateSource | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A stretch of a document that is found and cited as one.

    ``text == markdown.text[span.slice]``; the chunks of a document tile its Markdown. ``sentences`` are offsets in
    the document's Markdown, inside ``span``. ``named`` says whether the document's title came from its content and
    so belongs to what is embedded. ``line`` is given for source code: how many lines of the Markdown lie before.
    """

    id: str
    document: Document
    span: Span
    text: str
    headings: tuple[str, ...] = ()
    page: int | None = None
    sentences: tuple[Span, ...] = ()
    named: bool = True
    line: int | None = None

    def quote(self, span: Span) -> str:
        """The text of a span of the document that lies inside this chunk."""
        return self.text[span.start - self.span.start : span.end - self.span.start]

    def line_at(self, offset: int) -> int | None:
        """The line of the source file, from 1, on which an offset of the document lies inside this chunk; None for
        what is no source code. The fence around the code is no line of the file."""
        if self.line is None:
            return None
        return max(1, self.line + self.text.count("\n", 0, offset - self.span.start))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """Someone or something the documents speak of. ``id`` is no hash of the name: names are shared and changed."""

    id: str
    name: str
    kind: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One naming of something in one sentence, before anyone has decided who it is."""

    name: str
    kind: str
    chunk_id: str
    sentence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Triple:
    """A fact as one sentence states it. Subject and object are names as written in that sentence."""

    subject: str
    predicate: str
    object: str
    chunk_id: str
    span: Span
    extractor: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The way chosen for a question, how sure the choice is, and who made it.

    ``instead_of`` is the path that the model would have chosen, where the user chose.
    """

    path: RoutePath
    compute: bool = False
    fresh: bool = False
    confidence: float = 1.0
    decided_by: DecidedBy = "model"
    instead_of: RoutePath | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A sentence that led to a piece of evidence, with its triple where one was extracted."""

    text: str
    document: Document
    chunk_id: str
    span: Span
    triple: tuple[str, str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A chunk that bears on the question: the one shape in which every path ends.

    ``theme`` is the title of the community by which an answer about the whole folder tells it.
    """

    chunk: Chunk
    score: float
    via: str
    facts: tuple[Fact, ...] = ()
    theme: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A ranking of evidence, and the question's content words that none of it covers. ``unsaid`` where the first of it
    speaks of something else."""

    evidence: tuple[Evidence, ...]
    uncovered: tuple[str, ...] = ()
    unsaid: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A marker of an answer and the quote it stands for; the quote occurs in the chunk."""

    marker: int
    chunk: Chunk
    span: Span
    support: float
    supported: bool

    @property
    def quote(self) -> str:
        return self.chunk.quote(self.span)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of an answer (offsets in the answer's text), its markers, and whether its sources support it."""

    span: Span
    markers: tuple[int, ...]
    supported: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a piece of work cost."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    usd: float = 0.0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            calls=self.calls + other.calls,
            tokens_in=self.tokens_in + other.tokens_in,
            tokens_out=self.tokens_out + other.tokens_out,
            usd=self.usd + other.usd,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the assistant says to a question, and everything needed to check it and to go on.

    Where a model wrote it: ``raw`` is what it wrote before markers were checked, ``shown`` how many pieces of the
    evidence it was given (marker n is ``evidence[n - 1]``), ``attached`` the share of its claims whose markers were
    found for it. ``notes`` are what a reader should know beside the text.
    """

    id: str
    question: str
    text: str
    route: Route
    finish: Finish
    evidence: tuple[Evidence, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    uncovered: tuple[str, ...] = ()
    expression: str | None = None
    usage: Usage = field(default_factory=Usage)
    ms: Mapping[str, float] = field(default_factory=dict)
    continues: str | None = None
    kind: Literal["cut", "deeper"] | None = None
    added_from: int = 0
    raw: str = ""
    shown: int = 0
    attached: float = 0.0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where a question may look: empty fields do not limit. ``folder`` may be written with slashes around it."""

    collection: str | None = None
    folder: str | None = None
    media_type: str | None = None
    since: datetime.date | None = None
    until: datetime.date | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "folder", (self.folder or "").strip("/") or None)

    def admits(self, document: Document) -> bool:
        """Whether a document lies inside. A document without a date lies outside every span of dates."""
        if self.collection is not None and document.collection != self.collection:
            return False
        if self.folder and not document.path.startswith(self.folder + "/"):
            return False
        if self.media_type is not None and document.media_type != self.media_type:
            return False
        if self.since is None and self.until is None:
            return True
        if document.date is None:
            return False
        return (self.since is None or document.date >= self.since) and (
            self.until is None or document.date <= self.until
        )


ANYWHERE = Scope()
