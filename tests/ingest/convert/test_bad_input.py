"""Bad input of every kind, all through one pool: each file has its own line in the report, and the rest goes on."""

import io
import json
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from clew.records import Loss, Markdown
from evals import forge
from ingest.convert import Converters, convert_bytes, media_type
from ingest.load import File, scan

KNOWN = forge.pieces(
    "# Fares\n\nWords about fares.\n\n| Ticket | Price |\n|---|---|\n| Adult | 9.20 |\n| Child | 4.60 |\n"
)
FORMS = ("docx", "pptx", "xlsx", "pdf", "epub", "odt", "rtf", "eml", "ipynb", "json", "jsonl", "csv", "html")
ZIPPED = {
    "docx": "word/document.xml",
    "pptx": "ppt/slides/slide1.xml",
    "xlsx": "xl/worksheets/sheet1.xml",
    "epub": "OEBPS/c0.xhtml",
    "odt": "content.xml",
}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
LAUGHS = b"".join(b'<!ENTITY a%d "%s">' % (i, b"&a%d;" % (i - 1) * 20 if i else b"ha" * 20) for i in range(9))
ENTITIES = b"<!DOCTYPE a [" + LAUGHS + b"]><a>&a8;</a>"
CELL = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    b'<c r="A1" t="inlineStr"><is><t>Words</t></is></c><c r="B1">%s<x/></c></row></sheetData></worksheet>'
)


def good(form: str) -> bytes:
    return forge.MAKERS[form](KNOWN)


def with_part(form: str, content: bytes, name: str = "") -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(good(form))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for member in old.namelist():
            if member != (name or ZIPPED[form]):
                new.writestr(member, old.read(member))
        new.writestr(name or ZIPPED[form], content)
    return out.getvalue()


def wide_sheet() -> bytes:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("wide")
    for row in range(3):
        sheet.append([f"c{column}r{row}" for column in range(10_000)])
    return forge.saved(book.save)


def far_corner() -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "near", "far"
    return forge.saved(book.save)


def of_a_later_zip() -> bytes:
    made = bytearray(good("docx"))
    made[made.rfind(b"PK\x01\x02") + 6] = 99  # the version needed to open it
    return bytes(made)


Bad = dict[str, tuple[Callable[[], bytes], str]]  # name: how to make it, what its loss says ("" where it is read)

BAD: Bad = {f"empty.{form}": (lambda: b"", "empty") for form in FORMS}
BAD |= {f"wrong-name.{form}": (lambda: good("pdf"), "") for form in FORMS if form != "pdf"}
BAD |= {f"noise.{form}": (lambda: b"\xff\xfe\x00\x01" + os.urandom(4000) + b"\0", "binary|damaged") for form in FORMS}
BAD |= {f"cut.{form}": (lambda f=form: good(f)[: len(good(f)) // 2], "damaged") for form in (*ZIPPED, "pdf", "ipynb")}
BAD |= {f"deep.{form}": (lambda f=form: with_part(f, b"<a>" * 100_000 + b"</a>" * 100_000), "any") for form in ZIPPED}
BAD |= {f"laughs.{form}": (lambda f=form: with_part(f, ENTITIES), "any") for form in ZIPPED}
BAD |= {
    "bomb.docx": (lambda: with_part("docx", bytes(420_000_000)), "trap"),
    "bomb.odt": (lambda: with_part("odt", b"<a>" + b" " * 160_000_000 + b"</a>"), "too large"),
    "parts.xlsx": (lambda: with_part("xlsx", b"<a/>", "xl/workbook.xml"), "any"),
    "locked.docx": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
    "old.doc": (lambda: OLE, r"Save it as \.docx"),
    "broken.xls": (lambda: OLE, "damaged"),
    "macros.docm": (lambda: with_part("docx", b"x", "word/vbaProject.bin"), "macros"),
    "wide.xlsx": (wide_sheet, "2,000 columns"),
    "wide.csv": (lambda: b"\n".join(b",".join(b"c%d" % i for i in range(10_000)) for _ in range(3)), "2,000 columns"),
    "corner.xlsx": (far_corner, ""),
    "spaces.xlsx": (lambda: with_part("xlsx", CELL % (b"<f>1</f>" + b" " * 300_000)), ""),
    "cut.rtf": (lambda: good("rtf")[:-30], "ends in the middle"),
    "cut.json": (lambda: good("json")[:-9], "no valid JSON"),
    "cut.jsonl": (lambda: good("jsonl")[:-9], "no valid JSON in 1 of its lines"),
    "deep.json": (lambda: b"[" * 100_000 + b"]" * 100_000, "deep"),
    "deep.html": (lambda: b"<div>" * 50_000 + b"words at the bottom", "any"),
    "deep.rtf": (lambda: b"{\\rtf1 " + b"{" * 50_000 + b"words" + b"}" * 50_001, ""),
    "surrogates.json": (lambda: json.dumps({"a": "\ud800\x00 words"}).encode(), ""),
    "words.eml": (lambda: b"no mail at all", "no mail"),
    "newer.docx": (of_a_later_zip, "damaged"),
    "digits.json": (lambda: b'{"n": ' + b"9" * 5000 + b"}", "too many digits"),
    "digits.ipynb": (lambda: b'{"cells": [], "n": ' + b"9" * 5000 + b"}", "no notebook"),
    "tags.md": (lambda: b"---\na: !!bool x\n---\nWords.\n", ""),
    "stamp.md": (lambda: b"---\na: !!timestamp x\n---\nWords.\n", ""),
    "archive.zip": (lambda: with_part("odt", b"x", "x.txt")[:-30], "archives|damaged"),
    "song.mp3": (lambda: b"ID3" + bytes(2000), "sound"),
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Markdown | Loss]:
    folder = tmp_path_factory.mktemp("bad")
    for name, (make, _) in BAD.items():
        (folder / name).write_bytes(make())
    (folder / "zz-good.md").write_text("# Good\n\nWords.\n")
    files: tuple[File, ...] = scan(folder, max_bytes=10**9).files
    with Converters(workers=2, seconds=60, memory_mb=1024) as converters:
        return {Path(file.path).name: result for file, _, result in converters.run(files)}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_reported_clearly_or_read(name: str, results: dict[str, Markdown | Loss]) -> None:
    result, expected = results[name], BAD[name][1]
    found = [result] if isinstance(result, Loss) else list(result.losses)
    said = "; ".join(f"{loss.reason} {loss.remedy}" for loss in found)
    for loss in found:
        assert loss.path == name
        assert loss.reason
        assert loss.remedy
        assert "\n" not in loss.reason
        assert "Traceback" not in said
        assert "crashed" not in said
        assert "longer than" not in said
    if expected == "":
        assert isinstance(result, Markdown)
        assert result.text.strip()
    elif expected != "any":
        assert re.search(expected, said), said or "no loss at all"


def test_a_damaged_zip_file_has_a_kind(tmp_path: Path) -> None:
    (tmp_path / "newer.docx").write_bytes(of_a_later_zip())
    assert media_type(tmp_path / "newer.docx")


def test_a_title_that_every_passage_carries_is_no_longer_than_a_line_or_two() -> None:
    made = convert_bytes(b"From: a@b.c\nSubject: " + b"very long " * 9000 + b"\n\nWords.\n", "a.eml", 0)
    assert len(made.title) <= 1000


def test_a_good_file_among_bad_ones_is_read(results: dict[str, Markdown | Loss]) -> None:
    assert isinstance(results["zz-good.md"], Markdown)


def test_fifty_megabytes_of_text_are_cut_with_a_loss(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_bytes(b"A line of text with several words in it.\n" * 1_250_000)
    with Converters(workers=1, seconds=60, memory_mb=1024) as converters:
        [(_, _, made)] = converters.run(scan(tmp_path, max_bytes=10**9).files)
    assert isinstance(made, Markdown)
    assert 19_900_000 < len(made.text) <= 20_000_001
    assert [loss.kind for loss in made.losses] == ["truncated"]
