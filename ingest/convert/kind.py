"""What a file is: its content decides, its name where the content does not."""

import re
from pathlib import PurePosixPath

from ingest.convert.encoding import is_binary

HTML, MARKDOWN, TEXT = "text/html", "text/markdown", "text/plain"
BINARY = "application/octet-stream"

_BY_SUFFIX = {
    ".htm": HTML,
    ".html": HTML,
    ".xhtml": HTML,
    ".shtml": HTML,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".mdown": MARKDOWN,
    ".mkd": MARKDOWN,
    ".txt": TEXT,
    ".text": TEXT,
    ".log": TEXT,
}
_HTML_HEAD = re.compile(
    rb"^\s*(?:<!--.*?-->\s*)*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"{\\rtf", "application/rtf"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x7fELF", "application/x-executable"),
    (b"MZ", "application/x-executable"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"SQLite format 3\0", "application/vnd.sqlite3"),
)


def kind_of(head: bytes, name: str) -> str:
    """The media type of a file from its first 8 KB and its name."""
    for magic, kind in _MAGIC:
        if head.startswith(magic) and (len(magic) > 2 or is_binary(head)):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return "video/mp4"
    if is_binary(head):
        return BINARY
    by_name = _BY_SUFFIX.get(PurePosixPath(name).suffix.lower())
    if by_name is None and _HTML_HEAD.match(head[:1024].removeprefix(b"\xef\xbb\xbf")):
        return HTML
    return by_name or TEXT
