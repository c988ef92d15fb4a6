"""What Word, Excel and PowerPoint files share: their properties, their macros, their pictures."""

import datetime
import re
import zipfile

from clew.records import Loss
from ingest.convert.archive import has, xml
from ingest.convert.draft import lost, pictures_lost
from ingest.dates import date_of

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf", ".tif", ".tiff", ".bmp", ".svg")
_LEFT_OUT = (  # a part by its name, what shows that it is not empty, and what is said of it
    (
        re.compile(r"(?:word|xl|ppt)/(?:comments/|threadedComments/)?\w*[cC]omment\w*\.xml"),
        re.compile(rb"<(?:\w+:)?(?:comment|threadedComment|cm)[ >]"),
        "its comments are left out",
    ),
    (re.compile(r"word/charts/chart\d*\.xml"), re.compile(rb"<"), "its charts are not read"),
    (
        re.compile(r"(?:word|xl)/diagrams/data\d*\.xml"),
        re.compile(rb"<a:t>[^<]"),
        "its diagrams (SmartArt) are not read",
    ),
)
_DC, _TERMS = "{http://purl.org/dc/elements/1.1/}", "{http://purl.org/dc/terms/}"


def properties(archive: zipfile.ZipFile) -> tuple[str, datetime.date | None]:
    """The document's title, and when it was last saved."""
    if not has(archive, "docProps/core.xml"):
        return "", None
    root = xml(archive, "docProps/core.xml")
    title = " ".join((root.findtext(f"{_DC}title") or "").split())
    if title.lower() in ("powerpoint presentation", "presentation", "document", "word document"):
        title = ""
    return title, date_of(root.findtext(f"{_TERMS}modified")) or date_of(root.findtext(f"{_TERMS}created"))


def losses(archive: zipfile.ZipFile) -> list[Loss]:
    """What such a file holds that text cannot say."""
    names = archive.namelist()
    found = list(pictures_lost(sum("/media/" in name and name.lower().endswith(_PICTURES) for name in names)))
    if any(name.endswith("vbaProject.bin") for name in names):
        found.append(lost("skipped", "its macros are left out", "Nothing: they are never run."))
    for part, holds, reason in _LEFT_OUT:
        if any(part.fullmatch(name) and holds.search(archive.read(name)) for name in names):
            found.append(lost("skipped", reason, "Write what matters of it in the text."))
    return found
