"""An EPUB: its chapters in the order of its spine."""

import posixpath
import zipfile
from urllib.parse import unquote

from ingest.convert.archive import has, locked, opened, xml
from ingest.convert.dom import SILENT, drop, elements, parse
from ingest.convert.draft import Draft, lost
from ingest.convert.encoding import decode
from ingest.convert.mark import to_markdown
from ingest.dates import date_of

_BOX = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_OPF, _DC = "{http://www.idpf.org/2007/opf}", "{http://purl.org/dc/elements/1.1/}"


def read(data: bytes, name: str) -> Draft:
    """Convert a book; one under rights management is a loss."""
    with opened(data) as archive:
        if has(archive, "META-INF/rights.xml") or has(archive, "META-INF/sinf.xml"):
            raise locked()
        root = xml(archive, "META-INF/container.xml").find(f".//{_BOX}rootfile")
        path = root.get("full-path") if root is not None else ""
        package = xml(archive, path or "")
        folder = posixpath.dirname(path or "")
        items = {
            item.get("id"): posixpath.normpath(posixpath.join(folder, unquote(item.get("href") or "")))
            for item in package.iter(f"{_OPF}item")
        }
        spine = [items.get(ref.get("idref")) for ref in package.iter(f"{_OPF}itemref")]
        chapters = [_chapter(archive, member) for member in spine if member and has(archive, member)]
        gone = len(spine) - len(chapters)
        title = " ".join((package.findtext(f".//{_DC}title") or "").split())
        date = date_of(package.findtext(f".//{_DC}date"))
    parts = tuple((None, text) for text in chapters if text.strip())
    missing = (lost("skipped", f"{gone} of its {len(spine)} chapters are not in the file", "Get a whole copy."),)
    return Draft(parts=parts, title=title, saved=date, losses=missing if gone else ())


def _chapter(archive: zipfile.ZipFile, member: str) -> str:
    try:
        root = parse(decode(archive.read(member), declared=True))
    except ValueError:
        return ""
    for element in list(elements(root)):
        if element.tag in SILENT and element.tag != "head":
            drop(element)
    body = root.find("body")
    return to_markdown(root if body is None else body)
