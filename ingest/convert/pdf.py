"""A PDF: pdfium reads its pages, their layout tells headings, lists and tables."""

import datetime
import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from clew.errors import ConversionError
from clew.records import Loss
from ingest.convert.draft import Draft, lost
from ingest.convert.pdfflow import flow, look_of
from ingest.convert.pdfpage import Page, read_page
from ingest.convert.pulse import beat
from ingest.dates import date_of

MOST_PAGES = 5000
_NO_TITLE = re.compile(r"[\x00-\x1f\ue000-\uf8ff\ufffd]|\.\w{2,4}$")  # fonts without a table, names of files
_DESCRIBE = "Describe what matters of it in the text."
_LOOKED_AT = 100  # pages that show what is usual in the document
_SCAN_DPI = 200
_LARGE_PICTURE = 0.15  # of a page; smaller ones are logos and ornaments


def read(data: bytes, name: str) -> Draft:
    """Convert a PDF page by page; a page that is only a picture is a loss, or read by the extra ``ocr``."""
    document = _open(data)
    try:
        return _read(document)
    finally:
        document.close()


def _open(data: bytes) -> Any:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise ConversionError("it is protected by a password", "Save a copy without the password.") from error
        raise ConversionError(
            f"it is damaged or no PDF ({error})", "Open it in its program and save it again."
        ) from error


def _read(document: Any) -> Draft:
    count = min(len(document), MOST_PAGES)
    losses: list[Loss] = []
    pages = _pages(document, count, losses)
    head = list(islice(pages, _LOOKED_AT))
    look = look_of([page for _, page in head])
    parts: list[tuple[int | None, str]] = []
    for number, page in chain(head, pages):
        text = flow(page, look)
        if page.pictures > _LARGE_PICTURE:
            if text.strip():
                losses.append(lost("image", "a picture is not read", _DESCRIBE, number))
            else:
                text = _scanned(document, number, losses)
        if page.dense:
            losses.append(lost("truncated", "the page has too many characters", "Split the page.", number))
        parts.append((number, text))
    if len(document) > count:
        losses.append(lost("truncated", f"only the first {count:,} pages were read", "Split the file.", count))
    if attached := document.count_attachments():
        reason = (
            "a file attached to it is not read" if attached == 1 else f"{attached} files attached to it are not read"
        )
        losses.append(lost("skipped", reason, "Save what is attached beside it."))
    title, date = _metadata(document)
    return Draft(parts=tuple(parts), title=title or _first_heading(parts), saved=date, losses=tuple(losses))


def _pages(document: Any, count: int, losses: list[Loss]) -> Iterator[tuple[int, Page]]:
    """The pages with their numbers, one at a time; one that cannot be read is a loss."""
    for number in range(1, count + 1):
        try:
            page = read_page(document, number - 1)
        except Exception as error:  # pdfium tells all damage by one kind of error, ctypes by others
            reason = f"the page cannot be read ({type(error).__name__})"
            losses.append(lost("failed", reason, "Open it in its program and save it again.", number))
        else:
            yield number, page
        beat()


def _scanned(document: Any, number: int, losses: list[Loss]) -> str:
    from ingest.convert import ocr

    if not ocr.is_installed():
        losses.append(lost("image", "the page is a picture", "Install the extra ocr (see README).", number))
        return ""
    page = document[number - 1]
    try:
        read = ocr.read_picture(page.render(scale=_SCAN_DPI / 72).to_numpy())
    finally:
        page.close()
    beat()
    if read is None:
        losses.append(lost("image", "the page is a picture without legible text", "Scan it again.", number))
        return ""
    return flow(read, look_of([read]))


def _metadata(document: Any) -> tuple[str, datetime.date | None]:
    fields = document.get_metadata_dict(skip_empty=True)
    title = " ".join(str(fields.get("Title", "")).split())
    if title.lower().startswith(("microsoft word - ", "untitled", "(anonymous)")) or _NO_TITLE.search(title):
        title = ""
    return title, date_of(fields.get("CreationDate")) or date_of(fields.get("ModDate"))


def _first_heading(parts: list[tuple[int | None, str]]) -> str:
    """The first of the largest headings on the first pages."""
    head = "\n".join(text for _, text in parts[:3])
    for level in range(1, 4):
        match = re.search(rf"^{'#' * level} (.+)$", head, re.M)
        if match:
            return match[1][:300]
    return ""
