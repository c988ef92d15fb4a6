"""Files to Markdown: one reader a format, one way to clean what they read.

Each reader is a function ``read(data, name) -> Draft`` in a module of its own, imported when the first such file comes.
"""

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import cast

from clew.errors import ConversionError
from clew.records import Loss, LossKind, Markdown
from ingest.convert.draft import Draft
from ingest.convert.kind import BINARY, kind_of
from ingest.convert.pool import Converted, Converters
from ingest.convert.tidy import tidy
from ingest.dates import content_date

__all__ = ["VERSION", "Converted", "Converters", "convert", "convert_bytes", "media_type"]

VERSION = "1"  # changes whenever the same file may give another text: documents are then converted again
MAX_CHARACTERS = 20_000_000
HEAD = 8192  # bytes that tell what a file is

_READERS = {
    "text/html": "html:read",
    "text/markdown": "plain:read_markdown",
    "text/plain": "plain:read_text",
}


def media_type(path: Path) -> str:
    """What the file at ``path`` is, by its content and name."""
    try:
        with path.open("rb") as file:
            return kind_of(file.read(HEAD), path.name)
    except OSError:
        return BINARY


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
    if not data.strip():
        raise ConversionError("the file is empty", "Delete it, or fill it.", "skipped")
    draft = _reader(kind_of(data[:HEAD], name))(data, name)
    return _finish(draft, name, modified)


def _reader(kind: str) -> Callable[[bytes, str], Draft]:
    entry = _READERS.get(kind)
    if entry is None:
        reason, remedy, loss = _unread(kind)
        raise ConversionError(reason, remedy, loss)
    module, function = entry.split(":")
    return cast(Callable[[bytes, str], Draft], getattr(import_module(f"ingest.convert.{module}"), function))


def _finish(draft: Draft, name: str, modified: float) -> Markdown:
    text, pages, losses = _join(draft, name)
    if not text.strip():
        if draft.losses:
            first = draft.losses[0]
            raise ConversionError(first.reason, first.remedy, first.kind)
        raise ConversionError("there is no text in it", "Nothing, if that is as it should be.", "skipped")
    stem = PurePosixPath(name).stem
    title = " ".join(tidy(draft.title).split())
    date, source = content_date((draft.date, draft.date_source), title, text, PurePosixPath(name).name, modified)
    return Markdown(
        text=text,
        title=title or stem,
        named=bool(title),
        pages=pages,
        date=date,
        date_source=source,
        losses=tuple(replace(loss, path=name) for loss in losses),
    )


def _join(draft: Draft, name: str) -> tuple[str, tuple[tuple[int, int], ...], tuple[Loss, ...]]:
    """The parts as one text, where its pages start, and the losses, a cut at the limit among them."""
    pieces: list[str] = []
    pages: list[tuple[int, int]] = []
    losses = list(draft.losses)
    length = 0
    for number, part in draft.parts:
        room = MAX_CHARACTERS - length
        piece = tidy(part[: room + 1])
        if len(part) > room:
            end = max(piece.rfind("\n", 0, room), 0) or room
            piece = piece[:end]
            losses.append(
                Loss(
                    path=name,
                    kind="truncated",
                    reason=f"only the first {MAX_CHARACTERS // 1_000_000} million characters were kept",
                    remedy="Split the file.",
                    page=number,
                )
            )
        if number is not None:
            pages.append((number, length))
        if piece:
            pieces.append(piece + "\n")
            length += len(piece) + 1
            if part is not draft.parts[-1][1]:
                pieces.append("\n")
                length += 1
        if losses and losses[-1].kind == "truncated" and length >= MAX_CHARACTERS - 1:
            break
    return "".join(pieces), tuple(pages), tuple(losses)


def _unread(kind: str) -> tuple[str, str, LossKind]:
    if kind.startswith("image/"):
        return "a picture: what is written in it is not read", "Install the extra `ocr` to read it.", "image"
    if kind.startswith(("audio/", "video/")):
        return "sound and film are not read", "Keep a transcript beside it.", "skipped"
    if kind == BINARY:
        return (
            "the content is binary, and of no kind that is read",
            "Give it its true extension, or exclude it in .clewignore.",
            "failed",
        )
    return f"files of this kind ({kind}) are not read", "Convert it, or exclude it in .clewignore.", "skipped"
