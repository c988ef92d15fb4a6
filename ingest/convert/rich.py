"""Rich text (.rtf): striprtf takes the control words out, its cell marks become tables again."""

import re

from ingest.convert.draft import Draft, lost, pictures_lost
from ingest.convert.plain import heading_of
from ingest.convert.tables import table

_PICTURE = re.compile(r"\\pict\b")
_NOTE = re.compile(r"\\footnote\b")
_TITLE = re.compile(r"\{\\title\s+([^{}\\]+)\}")
_HEADING = re.compile(r"\\outlinelevel(\d)(?!\d)")


def read(data: bytes, name: str) -> Draft:
    """Convert rich text."""
    from striprtf.striprtf import rtf_to_text

    source = data.decode("latin-1")
    # A private mark behind each heading's start travels through: striprtf knows no headings.
    marked = _HEADING.sub(lambda m: f"\\outlinelevel{m[1]} \\u{0xE000 + int(m[1]) - 0x10000}?", source)
    text = str(rtf_to_text(marked, errors="replace"))  # type: ignore[no-untyped-call]
    whole = source.rstrip("\0 \t\r\n").endswith("}")
    cut = (
        ()
        if whole
        else (lost("truncated", "the file ends in the middle", "Open it in its program and save it again."),)
    )
    notes = len(_NOTE.findall(source))
    left_out = (lost("skipped", f"its footnotes ({notes}) are not read", "Save it as .docx or .odt."),) if notes else ()
    title = match[1].strip() if (match := _TITLE.search(source)) else ""
    body = _blocks(text)
    return Draft.of(
        body, title=title or heading_of(body), losses=(*pictures_lost(len(_PICTURE.findall(source))), *left_out, *cut)
    )


def _blocks(text: str) -> str:
    out: list[str] = []
    rows: list[list[str]] = []
    for line in [*text.split("\n"), ""]:
        if line.endswith("|") and line.count("|") > 1:
            rows.append(line[:-1].split("|"))
            continue
        if rows:
            out.append(table(rows))
            rows = []
        bare = line.strip()
        if bare and "\ue000" <= bare[0] <= "\ue008":
            bare = "#" * min(ord(bare[0]) - 0xE000 + 1, 6) + " " + bare[1:].strip()
        elif bare.startswith("•"):
            bare = "- " + bare[1:].strip()
        out.append(re.sub("[\ue000-\ue009]", "", bare))
    return "\n\n".join(block for block in out if block)
