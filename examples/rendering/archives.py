"""Zip archives whose bytes depend on their content alone, and the two formats that are little more: EPUB and ODT."""

import io
import zipfile
from html import escape

from rendering.blocks import Block, Source, runs
from rendering.markup import inline, tags

EPOCH = (2026, 6, 1, 0, 0, 0)


def pack(files: dict[str, bytes], stored: tuple[str, ...] = ("mimetype",)) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, content, zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def repack(data: bytes) -> bytes:
    """The same archive without the hour at which a library happened to write it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return pack({name: archive.read(name) for name in archive.namelist()})


def chapters(blocks: tuple[Block, ...]) -> list[list[Block]]:
    found: list[list[Block]] = []
    for block in blocks:
        if not found or (block.kind == "heading" and block.level == 1):
            found.append([])
        found[-1].append(block)
    return found


XHTML = (
    '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml"'
    ' xmlns:epub="http://www.idpf.org/2007/ops">\n<head><title>{title}</title></head>\n<body>\n{body}\n</body>\n</html>\n'
)


def epub(source: Source) -> bytes:
    title, author = source.meta["title"], source.meta["author"]
    parts = chapters(source.blocks)
    names = [f"chapter{number:02}.xhtml" for number in range(1, len(parts) + 1)]
    items = "".join(
        f'<item id="c{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(names)
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(names)))
    entries = "".join(
        f'<li><a href="{name}">{inline(part[0].text)}</a></li>' for name, part in zip(names, parts, strict=True)
    )
    contents = f'<nav epub:type="toc"><ol>{entries}</ol></nav>'
    files = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<?xml version="1.0"?><container version="1.0"'
        ' xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OEBPS/content.opf"'
        ' media-type="application/oebps-package+xml"/></rootfiles></container>',
        "OEBPS/content.opf": '<?xml version="1.0" encoding="utf-8"?><package xmlns="http://www.idpf.org/2007/opf"'
        ' version="3.0" unique-identifier="id"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:identifier id="id">averstrand-history</dc:identifier><dc:title>{escape(title)}</dc:title>'
        f"<dc:creator>{escape(author)}</dc:creator><dc:language>en</dc:language>"
        '<meta property="dcterms:modified">2026-06-01T00:00:00Z</meta></metadata><manifest>'
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        f"{items}</manifest><spine>{spine}</spine></package>",
        "OEBPS/nav.xhtml": XHTML.format(title="Contents", body=contents),
    }
    for name, part in zip(names, parts, strict=True):
        files[f"OEBPS/{name}"] = XHTML.format(title=escape(part[0].text), body="\n".join(tags(block) for block in part))
    return pack({name: content.encode() for name, content in files.items()})


NAMESPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (("office", "office"), ("text", "text"), ("table", "table"), ("manifest", "manifest"))
)


def odt(source: Source) -> bytes:
    body = "".join(_odt(block) for block in source.blocks)
    files = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "META-INF/manifest.xml": f'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest {NAMESPACES}'
        ' manifest:version="1.2"><manifest:file-entry manifest:full-path="/"'
        ' manifest:media-type="application/vnd.oasis.opendocument.text"/><manifest:file-entry'
        ' manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>',
        "content.xml": f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {NAMESPACES}'
        f' office:version="1.2"><office:body><office:text>{body}</office:text></office:body></office:document-content>',
    }
    return pack({name: content.encode() for name, content in files.items()})


def _plain(text: str) -> str:
    return escape("".join(part for part, _ in runs(text)))


def _odt(block: Block) -> str:
    if block.kind == "heading":
        return f'<text:h text:outline-level="{block.level}">{_plain(block.text)}</text:h>'
    if block.kind in ("bullets", "numbers"):
        items = "".join(f"<text:list-item><text:p>{_plain(item)}</text:p></text:list-item>" for item in block.items)
        return f"<text:list>{items}</text:list>"
    if block.kind == "table":
        rows = "".join(
            "<table:table-row>"
            + "".join(
                f'<table:table-cell office:value-type="string"><text:p>{_plain(cell)}</text:p></table:table-cell>'
                for cell in row
            )
            + "</table:table-row>"
            for row in block.rows
        )
        columns = f'<table:table-column table:number-columns-repeated="{len(block.rows[0])}"/>'
        return f"<table:table>{columns}{rows}</table:table>"
    return f"<text:p>{_plain(block.text)}</text:p>"
