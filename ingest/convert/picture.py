"""A picture: its text if the extra ``ocr`` is there, else a loss."""

from clew.errors import ConversionError
from ingest.convert import ocr
from ingest.convert.draft import AS_IT_SHOULD_BE, Draft
from ingest.convert.pdfflow import flow, look_of


def read(data: bytes, name: str) -> Draft:
    """Read what is written in a picture."""
    if not ocr.is_installed():
        raise ConversionError(
            "a picture: what is written in it is not read", "Install the extra ocr (see README).", "image"
        )
    page = ocr.read_picture(data)
    if page is None:
        raise ConversionError("a picture without legible text", AS_IT_SHOULD_BE, "image")
    return Draft.of(flow(page, look_of([page])))
