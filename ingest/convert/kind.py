"""What a file is: its content decides, its name where the content does not."""

import io
import re
import zipfile
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

from ingest.convert.encoding import is_binary
from ingest.convert.source import language_of

HTML, MARKDOWN, TEXT, CODE = "text/html", "text/markdown", "text/plain", "text/x-source"
BINARY, ZIP, OLE = "application/octet-stream", "application/zip", "application/x-ole-storage"
_OPEN = "application/vnd.openxmlformats-officedocument."
DOCX, PPTX = f"{_OPEN}wordprocessingml.document", f"{_OPEN}presentationml.presentation"
XLSX = f"{_OPEN}spreadsheetml.sheet"
XLSB, XLS = "application/vnd.ms-excel.sheet.binary.macroenabled.12", "application/vnd.ms-excel"
DOC, PPT = "application/msword", "application/vnd.ms-powerpoint"
ODT, ODP, ODS = (f"application/vnd.oasis.opendocument.{kind}" for kind in ("text", "presentation", "spreadsheet"))
EPUB, PDF, RTF = "application/epub+zip", "application/pdf", "application/rtf"
CSV, JSON, JSONL, NOTEBOOK = "text/csv", "application/json", "application/jsonl", "application/x-ipynb+json"
MAIL, MHTML, HEIF, SVG = "message/rfc822", "multipart/related", "image/heif", "image/svg+xml"

_BY_SUFFIX = {
    ".htm": HTML, ".html": HTML, ".xhtml": HTML, ".shtml": HTML, ".md": MARKDOWN, ".markdown": MARKDOWN,
    ".mdown": MARKDOWN, ".mkd": MARKDOWN, ".txt": TEXT, ".text": TEXT, ".log": TEXT, ".csv": CSV, ".tsv": CSV,
    ".json": JSON, ".geojson": JSON, ".jsonl": JSONL, ".ndjson": JSONL, ".ipynb": NOTEBOOK, ".eml": MAIL, ".svg": SVG,
    ".mht": MHTML, ".mhtml": MHTML,
}  # fmt: skip
_ZIPPED = {
    ".docx": DOCX, ".docm": DOCX, ".dotx": DOCX, ".xlsx": XLSX, ".xlsm": XLSX, ".xltx": XLSX, ".xlsb": XLSB,
    ".pptx": PPTX, ".pptm": PPTX, ".ppsx": PPTX, ".odt": ODT, ".odp": ODP, ".ods": ODS, ".epub": EPUB,
}  # fmt: skip
_STORED = {".xls": XLS, ".doc": DOC, ".ppt": PPT}
_INSIDE = {
    "word/document.xml": DOCX,
    "xl/workbook.xml": XLSX,
    "xl/workbook.bin": XLSB,
    "ppt/presentation.xml": PPTX,
}
_LARGEST_LIST = 4_000_000  # bytes of a zip file's list of members
_HTML_HEAD = re.compile(
    rb"^\s*(?:<!--.*?-->\s*)*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"{\\rtf", RTF),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x7fELF", "application/x-executable"),
    (b"MZ", "application/x-executable"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"SQLite format 3\0", "application/vnd.sqlite3"),
)
_PICTURES = {b"avif": "image/avif", b"avis": "image/avif", b"mif1": HEIF, b"msf1": HEIF}


def kind_of(head: bytes, name: str, members: Callable[[], Iterable[str]]) -> str:
    """The media type of a file from its first 8 KB and its name; ``members`` lists it, should it be a zip file."""
    suffix = PurePosixPath(name).suffix.lower()
    binary = is_binary(head)
    if head.startswith(b"%PDF-") or (b"%PDF-" in head[:1024] and (binary or suffix == ".pdf")):
        return PDF
    for magic, kind in _MAGIC:
        if head.startswith(magic) and (binary or not magic.isalnum()):  # what is all letters may begin a text
            if kind == ZIP:
                return _zipped(head, suffix, members)
            return _STORED.get(suffix) or _ZIPPED.get(suffix, OLE) if kind == OLE else kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp" and binary:
        brand = head[8:12]
        return _PICTURES.get(brand) or (HEIF if brand[:3] in (b"hei", b"hev") else "video/mp4")
    if binary:
        return _ZIPPED.get(suffix) or (PDF if suffix == ".pdf" else BINARY)
    by_name = _BY_SUFFIX.get(suffix)
    if by_name is None and _HTML_HEAD.match(head[:1024].removeprefix(b"\xef\xbb\xbf")):
        return HTML
    return by_name or (CODE if language_of(name) else TEXT)


def named(suffix: str) -> str:
    """The media type of files whose names end so, without the dot; empty where none is known."""
    return {**_BY_SUFFIX, **_ZIPPED, **_STORED, ".pdf": PDF, ".rtf": RTF}.get(f".{suffix}", "")


def members_of(data: bytes) -> list[str]:
    """The names in a zip file, none if it cannot be opened, or has so many that no document has them."""
    end = data.rfind(b"PK\x05\x06")
    if end < 0 or int.from_bytes(data[end + 12 : end + 16], "little") > _LARGEST_LIST:
        return []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.namelist()
    except Exception:  # what zipfile raises of a damaged list is its own secret: five kinds of error at least
        return []


def _zipped(head: bytes, suffix: str, members: Callable[[], Iterable[str]]) -> str:
    said = re.match(rb"PK\x03\x04.{22}\x08\x00.{2}mimetype([a-z.+/-]+)", head[:200], re.S)
    if said and (kind := said[1].decode("ascii").removesuffix("PK")) in (EPUB, ODT, ODP, ODS):
        return kind
    names = set(members())
    inside = next((kind for name, kind in _INSIDE.items() if name in names), None)
    if inside is None and "META-INF/container.xml" in names:
        inside = EPUB
    return inside or _ZIPPED.get(suffix, ZIP)
