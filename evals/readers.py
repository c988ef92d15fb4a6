"""Converters to compare: ours, and what was tried beside it. Each is imported only when it is called."""

import io
import tempfile
from collections.abc import Callable, Mapping
from typing import TypeAlias

Reader: TypeAlias = Callable[[bytes], str]


def _clew(form: str) -> Reader:
    def read(data: bytes) -> str:
        from ingest.convert import convert_bytes

        made = convert_bytes(data, f"file.{form}", 0.0)
        if form == "html" and made.named and made.title not in made.text:
            return f"# {made.title}\n\n{made.text}"
        return made.text

    return read


def _page(data: bytes) -> str:
    from ingest.convert import convert_bytes

    return convert_bytes(data, "page.html", 0.0).text


def _trafilatura_text(data: bytes) -> str:
    import trafilatura

    return trafilatura.extract(data, include_comments=False) or ""


def _trafilatura_markdown(data: bytes) -> str:
    import trafilatura

    return trafilatura.extract(data, include_comments=False, output_format="markdown", include_links=True) or ""


def _readability(data: bytes) -> str:
    from markdownify import markdownify
    from readability import Document

    return str(markdownify(Document(data.decode("utf-8", "replace")).summary(), heading_style="ATX"))


def _resiliparse(data: bytes) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    return str(extract_plain_text(data.decode("utf-8", "replace"), main_content=True))


def _markdownify(data: bytes) -> str:
    from markdownify import markdownify

    return str(markdownify(data.decode("utf-8", "replace"), heading_style="ATX", strip=["script", "style"]))


def _markitdown(form: str) -> Reader:
    def read(data: bytes) -> str:
        from markitdown import MarkItDown, StreamInfo

        return str(
            MarkItDown().convert_stream(io.BytesIO(data), stream_info=StreamInfo(extension=f".{form}")).text_content
        )

    return read


def _kreuzberg(form: str) -> Reader:
    def read(data: bytes) -> str:
        from kreuzberg import ExtractionConfig, extract_file_sync

        with tempfile.NamedTemporaryFile(suffix=f".{form}") as file:
            file.write(data)
            file.flush()
            return str(extract_file_sync(file.name, config=ExtractionConfig(output_format="markdown")).content)

    return read


def _mammoth(data: bytes) -> str:
    import mammoth
    from markdownify import markdownify

    return str(markdownify(mammoth.convert_to_html(io.BytesIO(data)).value, heading_style="ATX"))


def _calamine(data: bytes) -> str:
    from python_calamine import CalamineWorkbook

    from ingest.convert.tables import table

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    return "\n\n".join(table([[str(cell) for cell in row] for row in rows]) for rows in sheets)


def _striprtf(data: bytes) -> str:
    from striprtf.striprtf import rtf_to_text

    return str(rtf_to_text(data.decode("latin-1")))  # type: ignore[no-untyped-call]


def _pdfium(data: bytes) -> str:
    import pypdfium2

    return "\n\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data))


def _pdfplumber(data: bytes) -> str:
    import pdfplumber

    from ingest.convert.tables import table

    out = []
    with pdfplumber.open(io.BytesIO(data)) as document:
        for page in document.pages:
            found = page.find_tables()
            boxes = [t.bbox for t in found]
            rest = page
            for box in boxes:
                rest = rest.outside_bbox(box, strict=False) if hasattr(rest, "outside_bbox") else rest
            out.append(rest.extract_text() or "")
            out += [table([[cell or "" for cell in row] for row in t.extract()]) for t in found]
    return "\n\n".join(out)


def _pypdf(data: bytes) -> str:
    import pypdf

    return "\n\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def _pdf_oxide(data: bytes) -> str:
    from pdf_oxide import PdfDocument

    return str(PdfDocument.from_bytes(data).to_markdown_all())


PAGES: Mapping[str, Reader] = {
    "clew": _page,
    "trafilatura, text": _trafilatura_text,
    "trafilatura, Markdown": _trafilatura_markdown,
    "readability-lxml + markdownify": _readability,
    "resiliparse, text": _resiliparse,
    "markdownify, whole page": _markdownify,
}
_ALSO: Mapping[str, Mapping[str, Reader]] = {
    "docx": {"mammoth + markdownify": _mammoth},
    "xlsx": {"python-calamine": _calamine},
    "rtf": {"striprtf": _striprtf},
    "pdf": {"pypdfium2, text": _pdfium, "pdfplumber": _pdfplumber, "pypdf": _pypdf, "pdf_oxide": _pdf_oxide},
}


def candidates(form: str) -> Mapping[str, Reader]:
    """Who can read a format."""
    kind = form.split("-")[0]
    return {"clew": _clew(kind), "MarkItDown": _markitdown(kind), "kreuzberg": _kreuzberg(kind), **_ALSO.get(kind, {})}
