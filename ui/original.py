"""The page of an original file that a citation stands on, as a picture."""

import io
from pathlib import Path

from clew.ids import digest
from clew.records import Chunk

SCALE = 1.5  # pixels for each of a PDF's points


def pdf_page(roots: dict[str, str], chunk: Chunk) -> bytes | None:
    """The cited page of a PDF as PNG; None where it is no PDF, or the file that was read is not on this machine."""
    document = chunk.document
    file = Path(roots.get(document.collection, "")) / document.path
    if document.media_type != "application/pdf" or chunk.page is None or not file.is_file():
        return None
    data = file.read_bytes()
    if digest(data) != document.content_hash:  # changed since: the page may be another
        return None
    import pypdfium2

    opened = pypdfium2.PdfDocument(data)
    try:
        if not 1 <= chunk.page <= len(opened):
            return None
        picture = io.BytesIO()
        opened[chunk.page - 1].render(scale=SCALE).to_pil().save(picture, "PNG")
        return picture.getvalue()
    finally:
        opened.close()
