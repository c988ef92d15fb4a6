"""Counts, kinds of files and limits in words."""

from clew.records import Scope
from ingest.convert import kind

KINDS = {
    kind.PDF: "PDF", kind.DOCX: "Word", kind.PPTX: "PowerPoint", kind.XLSX: "Excel", kind.XLS: "Excel (xls)",
    kind.XLSB: "Excel (xlsb)", kind.DOC: "Word (doc)", kind.PPT: "PowerPoint (ppt)", kind.ODT: "OpenDocument text",
    kind.ODP: "OpenDocument slides", kind.ODS: "OpenDocument table", kind.MARKDOWN: "Markdown", kind.HTML: "Web page",
    kind.TEXT: "Text", kind.CODE: "Source code", kind.CSV: "Table (CSV)", kind.JSON: "JSON", kind.JSONL: "JSON lines",
    kind.NOTEBOOK: "Notebook", kind.MAIL: "E-mail", kind.EPUB: "E-book", kind.RTF: "Rich text",
}  # fmt: skip


def counted(count: int, one: str, more: str = "") -> str:
    """A number with its noun: "1 passage", "1,184 passages"; ``more`` where an s is not enough."""
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def kind_of(media_type: str) -> str:
    """What people call a media type; one without a name keeps its own."""
    return KINDS.get(media_type, media_type)


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
