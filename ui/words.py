"""Counts, kinds of files, dates, limits and ways in words."""

from clew.language import language_of
from clew.records import Answer, Document, Route, RoutePath, Scope
from ingest.convert import kind

KINDS = {
    kind.PDF: "PDF", kind.DOCX: "Word", kind.PPTX: "PowerPoint", kind.XLSX: "Excel", kind.XLS: "Excel (xls)",
    kind.XLSB: "Excel (xlsb)", kind.DOC: "Word (doc)", kind.PPT: "PowerPoint (ppt)", kind.ODT: "OpenDocument text",
    kind.ODP: "OpenDocument slides", kind.ODS: "OpenDocument table", kind.MARKDOWN: "Markdown", kind.HTML: "Web page",
    kind.TEXT: "Text", kind.CODE: "Source code", kind.CSV: "Table (CSV)", kind.JSON: "JSON", kind.JSONL: "JSON lines",
    kind.NOTEBOOK: "Notebook", kind.MAIL: "E-mail", kind.EPUB: "E-book", kind.RTF: "Rich text",
    kind.SVG: "Drawing (SVG)", kind.MHTML: "Web page (MHTML)",
}  # fmt: skip

WAYS: dict[RoutePath, str] = {
    "passages": "Passages", "graph": "Graph", "global": "Whole folder", "both": "Passages and graph",
    "direct": "No documents",
}  # fmt: skip
NOT_FOUND = {"en": "Nothing found on: ", "zh": "没有找到关于这些词的内容："}


def counted(count: int, one: str, more: str = "") -> str:
    """A number with its noun: "1 passage", "1,184 passages"; ``more`` where an s is not enough."""
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def kind_of(media_type: str) -> str:
    """What people call a media type; one without a name keeps its own."""
    return KINDS.get(media_type, media_type)


def media_type_of(said: str) -> str:
    """The media type that people call so, or whose files' names end so; what is neither is taken for one itself."""
    said = said.strip().lower().lstrip(".")
    return next((type_ for type_, name in KINDS.items() if name.lower() == said), kind.named(said) or said)


def way_of(route: Route) -> str:
    """The way that a question went, and who chose it: it is the way that is so sure, not the answer."""
    if route.decided_by == "user":
        return f"Way: {WAYS[route.path]}, chosen by you"
    if route.decided_by == "fallback":
        return f"Way: {WAYS[route.path]}, as Clew was not sure"
    return f"Way: {WAYS[route.path]}, chosen by Clew ({route.confidence:.0%} sure)"


def unfound(answer: Answer) -> str:
    """What of the question was found nowhere; empty where there is nothing, or the answer itself says so."""
    chinese = language_of(answer.question) == "zh"
    words = ("、" if chinese else ", ").join(answer.uncovered)
    return NOT_FOUND["zh" if chinese else "en"] + words if words and words not in answer.text else ""


def dated(document: Document) -> str:
    """The date that a document bears, no closer than it says itself: a title's "2025" is no first of January."""
    if document.date is None or document.date_source == "modified":
        return ""
    day = document.date.isoformat()
    if document.date_source != "title" or document.date.day > 1:
        return day
    return day[:4] if document.date.month == 1 else day[:7]


def limits(scope: Scope) -> str:
    """What a scope limits a question to; empty where it does not."""
    parts = [
        scope.collection if scope.collection is None else scope.collection or "(unnamed)",
        scope.folder and f"{scope.folder}/",
        scope.media_type and kind_of(scope.media_type),
        scope.since and f"from {scope.since.isoformat()}",
        scope.until and f"up to {scope.until.isoformat()}",
    ]
    return " · ".join(part for part in parts if part)
