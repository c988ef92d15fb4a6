"""The page of a PDF that a citation shows."""

from pathlib import Path

import pypdfium2
import pytest

from clew.ids import digest
from clew.records import Chunk, Document, Span
from ui.original import pdf_page


@pytest.fixture
def cited(tmp_path: Path) -> Chunk:
    """A passage on the second of a PDF's two pages."""
    made = pypdfium2.PdfDocument.new()
    for _ in range(2):
        made.new_page(90, 120)
    made.save(tmp_path / "a.pdf")
    made.close()
    content = digest((tmp_path / "a.pdf").read_bytes())
    document = Document(id="d", path="a.pdf", title="A", media_type="application/pdf", content_hash=content)
    return Chunk(id="c", document=document, span=Span(0, 1), text="x", page=2)


def test_the_cited_page_is_a_picture(tmp_path: Path, cited: Chunk) -> None:
    picture = pdf_page({"": str(tmp_path)}, cited)
    assert picture is not None
    assert picture.startswith(b"\x89PNG")


@pytest.mark.parametrize("end", [-40, -1, 0])
def test_a_pdf_that_was_cut_or_replaced_since_shows_no_page(tmp_path: Path, cited: Chunk, end: int) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(file.read_bytes()[:end] if end else b"%PDF-1.7 another")
    assert pdf_page({"": str(tmp_path)}, cited) is None
