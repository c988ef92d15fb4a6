"""Files to Markdown: one reader a format, one way to clean what they read.

Each reader is a function ``read(data, name) -> Draft`` in a module of its own, imported when the first such file comes.
"""

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import cast

from clew.errors import ConversionError
from clew.records import Loss, Markdown
from ingest.convert import kind
from ingest.convert.draft import AS_IT_SHOULD_BE, Draft, lost
from ingest.convert.pool import Converted, Converters
from ingest.convert.tidy import tidy
from ingest.dates import content_date

__all__ = ["VERSION", "Converted", "Converters", "convert", "convert_bytes", "draft_of", "media_type"]

VERSION = "5"  # changes whenever the same file may give another text: documents are then converted again
MAX_CHARACTERS = 20_000_000
MOST_TITLE = 1000  # characters: every passage carries it
HEAD = 8192  # bytes that tell what a file is

_READERS = {
    kind.HTML: "html:read",
    kind.MARKDOWN: "plain:read_markdown",
    kind.TEXT: "plain:read_text",
    kind.CODE: "source:read",
    kind.PDF: "pdf:read",
    kind.DOCX: "word:read",
    kind.PPTX: "slides:read",
    kind.XLSX: "sheet:read_workbook",
    kind.XLSB: "sheet:read_old_workbook",
    kind.XLS: "sheet:read_old_workbook",
    kind.ODS: "sheet:read_old_workbook",
    kind.CSV: "sheet:read_csv",
    kind.ODT: "opendocument:read",
    kind.ODP: "opendocument:read",
    kind.EPUB: "book:read",
    kind.RTF: "rich:read",
    kind.MAIL: "mail:read",
    kind.MHTML: "mail:read_page",
    kind.SVG: "drawing:read",
    kind.NOTEBOOK: "notebook:read",
    kind.JSON: "data:read_json",
    kind.JSONL: "data:read_jsonl",
}


def media_type(path: Path) -> str:
    """What the file at ``path`` is, by its content and name."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
            return kind.kind_of(head, path.name, lambda: kind.members_of(head + file.read()))
    except OSError:
        return kind.BINARY


def convert(path: Path, name: str) -> Markdown:
    """Convert the file at ``path``; ``name`` is what losses call it. Raises ConversionError."""
    try:
        data = path.read_bytes()
        modified = path.stat().st_mtime
    except OSError as error:
        raise ConversionError(
            f"the file cannot be read ({error.strerror})", "Give yourself the right to read it.", "skipped"
        ) from error
    return convert_bytes(data, name, modified)


def convert_bytes(data: bytes, name: str, modified: float) -> Markdown:
    """Convert a file's bytes; ``modified`` (seconds) is the date of last resort."""
    return _finish(draft_of(data, name), name, modified)


def draft_of(data: bytes, name: str) -> Draft:
    """What the reader of a file's format makes of it."""
    if not data.strip():
        raise ConversionError("the file is empty", "Delete it, or fill it.", "skipped")
    media = kind.kind_of(data[:HEAD], name, lambda: kind.members_of(data))
    picture = media.startswith("image/") and media != kind.HEIF
    entry = _READERS.get(media) or ("picture:read" if picture else None)
    if entry is None:
        raise _unread(media)
    module, function = entry.split(":")
    read = cast(Callable[[bytes, str], Draft], getattr(import_module(f"ingest.convert.{module}"), function))
    return read(data, name)


def _finish(draft: Draft, name: str, modified: float) -> Markdown:
    text, pages, losses = _join(draft)
    if not text.strip():
        if draft.losses:
            first = draft.losses[0]
            raise ConversionError(first.reason, first.remedy, first.kind)
        raise ConversionError("there is no text in it", AS_IT_SHOULD_BE, "skipped")
    stem = PurePosixPath(name).stem
    title = " ".join(tidy(draft.title[:MOST_TITLE]).split())
    date, source = content_date(
        (draft.date, draft.date_source), title, text, PurePosixPath(name).name, draft.saved, modified
    )
    return Markdown(
        text=text,
        title=title or stem,
        named=bool(title),
        pages=pages,
        date=date,
        date_source=source,
        losses=tuple(replace(loss, path=name) for loss in losses),
    )


def _join(draft: Draft) -> tuple[str, tuple[tuple[int, int], ...], tuple[Loss, ...]]:
    """The parts as one text, where its pages start, and the losses, a cut at the limit among them."""
    pieces: list[str] = []
    pages: list[tuple[int, int]] = []
    losses = list(draft.losses)
    length = 0
    for number, part in draft.parts:
        room = MAX_CHARACTERS - length
        piece = tidy(part[: room + 1], verbatim=draft.verbatim)
        cut = len(part) > room
        if cut:
            piece = piece[: max(piece.rfind("\n", 0, room), 0) or room]
            reason = f"only the first {MAX_CHARACTERS // 1_000_000} million characters were kept"
            losses.append(lost("truncated", reason, "Split the file.", number))
        if piece and pieces:
            pieces.append("\n")
            length += 1
        if number is not None:
            pages.append((number, length))
        if piece:
            pieces.append(piece + "\n")
            length += len(piece) + 1
        if cut:
            break
    return "".join(pieces), tuple(pages), tuple(losses)


def _unread(media: str) -> ConversionError:
    if media.startswith(("audio/", "video/")):
        return ConversionError("sound and film are not read", "Keep a transcript beside it.", "skipped")
    if media == kind.HEIF:
        return ConversionError("a picture of a kind that is not read (HEIF)", "Save it as JPEG or PNG.", "image")
    if media in (kind.DOC, kind.PPT):
        newer = ".docx" if media == kind.DOC else ".pptx"
        return ConversionError("it is in the format of Office 97", f"Save it as {newer}.")
    if media in (kind.BINARY, kind.OLE):
        return ConversionError(
            "the content is binary, and of no kind that is read",
            "Give it its true extension, or exclude it in .clewignore.",
        )
    if media in (kind.ZIP, "application/gzip", "application/x-7z-compressed", "application/vnd.rar"):
        return ConversionError("archives are not opened", "Unpack it into the folder.", "skipped")
    return ConversionError(
        f"files of this kind ({media}) are not read", "Convert it, or exclude it in .clewignore.", "skipped"
    )
