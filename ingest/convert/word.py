"""A Word document: mammoth reads its styles as HTML, markdownify writes that down."""

import io
import re
import zipfile
from typing import Any

from lxml import etree

from ingest.convert.archive import opened, xml
from ingest.convert.draft import Draft
from ingest.convert.draft import lost as loss
from ingest.convert.mark import document_to_markdown
from ingest.convert.office import losses, properties
from ingest.convert.plain import heading_of

_MAIN = re.compile(r"word/document\d*\.xml")
_LOOKS = ("word/theme", "word/font", "word/settings")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Heading 7'] => h6:fresh
p[style-name='Heading 8'] => h6:fresh
p[style-name='Heading 9'] => h6:fresh
p[style-name='List Bullet'] => ul > li:fresh
p[style-name='List Bullet 2'] => ul|ol > li > ul > li:fresh
p[style-name='List Bullet 3'] => ul|ol > li > ul|ol > li > ul > li:fresh
p[style-name='List Number'] => ol > li:fresh
p[style-name='List Number 2'] => ul|ol > li > ol > li:fresh
p[style-name='List Number 3'] => ul|ol > li > ul|ol > li > ol > li:fresh
"""


def read(data: bytes, name: str) -> Draft:
    """Convert a document of Word 2007 and later."""
    import mammoth

    with opened(data) as archive:
        title, date = properties(archive)
        lost = losses(archive)
        if not any(_MAIN.fullmatch(name) for name in archive.namelist()):
            archive.getinfo("word/document.xml")
        light = _without_looks(archive)
    read = mammoth.convert_to_html(light, style_map=_STYLES, convert_image=_no_picture)
    text = document_to_markdown(read.value)
    if formulas := sum("/math}oMath" in message.message for message in read.messages):
        reason = "a formula is not read" if formulas == 1 else f"{formulas} formulas are not read"
        lost.append(loss("skipped", reason, "Write what matters of it in words."))
    return Draft.of(text, title=title or heading_of(text), saved=date, losses=tuple(lost))


def _without_looks(archive: zipfile.ZipFile) -> io.BytesIO:
    """The parts that mammoth reads, the styles cut down to their names: its XML reader is slow, and styles that look
    but do not mean are most of a short document."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as light:
        for member in archive.namelist():
            if not member.endswith((".xml", ".rels")) or member.startswith(_LOOKS):
                continue
            content = archive.read(member)
            if member == "word/styles.xml":
                root = xml(archive, member)
                for style in list(root):
                    for part in list(style):
                        if part.tag not in (f"{_W}name", f"{_W}pPr") or style.tag != f"{_W}style":
                            style.remove(part)
                content = etree.tostring(root)
            light.writestr(member, content)
    out.seek(0)
    return out


def _no_picture(image: Any) -> list[Any]:
    return []
