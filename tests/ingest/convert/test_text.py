"""Text and Markdown come in as written, whatever their bytes; what is no text says so."""

import datetime
import io
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.errors import ConversionError
from clew.records import Markdown
from ingest.convert import convert, convert_bytes, kind, media_type
from ingest.convert.encoding import decode
from ingest.convert.tidy import tidy


def read(data: bytes | str, name: str = "a.txt") -> Markdown:
    return convert_bytes(data.encode() if isinstance(data, str) else data, name, 0.0)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Café au lait, Brontë", "utf-8-sig"),
        ("码头的船票多少钱？", "gb18030"),
        ("你好", "gb18030"),
        ("渡轮公司二月十九日开会，决定涨价。", "gbk"),
        ("渡輪公司決定漲價", "big5"),
        ("これは日本語のテキストです。", "shift_jis"),
        ("배표는 얼마입니까? 항구에서 기다립니다.", "euc-kr"),
        ("Привет, как дела? Это тест.", "cp1251"),
        ("Café déjà vu – naïve “quotes”", "cp1252"),
        ("Grüße aus München", "latin-1"),
        ("The list of all who came yesterday is in the Café", "latin-1"),
        ("The list of all who came yesterday is in the Café\n\nCafé", "latin-1"),
        ("The price in pounds and crowns: 12£", "latin-1"),
        ("码头 pier", "utf-16"),
        ("The pier is open", "utf-16-le"),
        ("The pier is open", "utf-16-be"),
        ("渡轮公司二月十九日开会，决定涨价。\n船票从下个月起每张十四元。", "utf-16-le"),
        ("渡轮公司二月十九日开会，决定涨价。\n船票从下个月起每张十四元。", "utf-16-be"),
        ("码头 pier", "utf-32"),
    ],
)
def test_text_is_read_in_the_encoding_it_was_written_in(text: str, encoding: str) -> None:
    assert read(text.encode(encoding)).text == text + "\n"


@pytest.mark.parametrize("words", ["où l’été dernier était fermé. ", "今天的会议决定了船厂的交付日期。"])
def test_a_stray_byte_does_not_make_utf_8_another_encoding(words: str) -> None:
    assert decode((words * 20).encode() + b"\xff" + (words * 20).encode()) == words * 20 + "\ufffd" + words * 20


def test_a_file_cut_in_the_middle_of_a_character_is_still_utf_8() -> None:
    assert decode("渡轮公司决定涨价".encode() * 40 + b"\xe6\xb8").startswith("渡轮公司")


@given(st.text())
def test_utf_8_is_never_taken_for_anything_else(text: str) -> None:
    assert decode(b"\xef\xbb\xbf" + text.encode()) == text


@given(st.text(st.characters(), max_size=200))
def test_cleaned_text_has_no_surprises_and_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not set(once) & set("\0\r\v\f\u2028\u2029\ufeff")
    once.encode("utf-8")


def test_cleaning_keeps_the_words() -> None:
    assert tidy("a\r\nb\rc\u2028d\x00\u00ade\u00a0f  \n\n\n\n\n\ng\ud800") == "a\nb\nc\nde f\n\n\ng\ufffd"
    assert tidy("\x1b[1;32mINFO\x1b[0m ready \x1b]0;title\x07[ok]") == "INFO ready [ok]"
    assert tidy("Cafe\u0301 ①ﬁ") == "Café ①ﬁ"


def test_front_matter_gives_title_and_date_and_its_other_fields_stay_findable() -> None:
    fields = "title: The Kittiwake\ndate: 2025-03-04\nauthor: Mara Quill\ntags: [ferry, log]\nnested: {a: 1}\n"
    made = read(f"---\n{fields}---\n# Log\n\nAground.", "log.md")
    assert made.title == "The Kittiwake"
    assert made.named
    assert (made.date, made.date_source) == (datetime.date(2025, 3, 4), "front-matter")
    assert made.text == "author: Mara Quill\ntags: ferry, log\n\n# Log\n\nAground.\n"


def test_a_date_that_cannot_be_read_stays_findable() -> None:
    assert read("---\ntitle: T\ndate: Spring 2024\ncreated: 2024-05-06\n---\nWords.", "a.md").text == (
        "date: Spring 2024\n\nWords.\n"
    )


def test_a_picture_that_stands_in_markdown_as_data_is_a_loss_and_no_text() -> None:
    data = "data:image/png;base64," + "iVBORw0KGgo+/" * 100
    made = read(f"# Quay\n\n![The quay][1] and ![plan]({data})\n\nBuilt in 1987.\n\n[1]: <{data}>\n", "quay.md")
    assert made.text == "# Quay\n\n![The quay][1] and ![plan](data:)\n\nBuilt in 1987.\n\n[1]: <data:>\n"
    assert [(loss.kind, loss.reason) for loss in made.losses] == [("image", "2 pictures are not read")]


def test_a_drawing_is_the_words_in_it() -> None:
    words = "<title>Harbour</title><path d='M10 20 L30 40'/><text><tspan>Quay</tspan><tspan>7</tspan></text>"
    assert read(f"<svg xmlns='http://www.w3.org/2000/svg'>{words}</svg>", "plan.svg").text == "Harbour\n\nQuay 7\n"
    with pytest.raises(ConversionError, match="a drawing without words") as error:
        read("<svg xmlns='http://www.w3.org/2000/svg'><path d='M10 20'/></svg>", "line.svg")
    assert error.value.kind == "image"


def test_long_fields_of_front_matter_are_kept_whole() -> None:
    summary, tags = "word " * 400 + "end", [f"tag{i}" for i in range(150)]
    made = read(f"---\nsummary: {summary}\ntags: [{', '.join(tags)}]\n---\nAground.", "log.md")
    assert made.text == f"summary: {summary}\ntags: {', '.join(tags)}\n\nAground.\n"


@pytest.mark.parametrize(
    "text", ["---\n: [broken\n---\n# T\n\nx\n", "---\nno field\n---\n# T\n\nx\n", "---\n# T\n\nnever closed\n"]
)
def test_what_only_looks_like_front_matter_stays_text(text: str) -> None:
    assert read(text, "a.md").text == text


@pytest.mark.parametrize(
    ("text", "title", "named"),
    [
        ("Intro\n\n## The *second* [pier](http://x.y) ##\n", "The second pier", True),
        ("The pier\n========\n\nwords", "The pier", True),
        ("```\n# no heading\n```\nwords", "notes", False),
        ("words only", "notes", False),
    ],
)
def test_the_title_is_the_first_heading_or_else_the_files_name(text: str, title: str, named: bool) -> None:
    made = read(text, "sub/notes.md")
    assert (made.title, made.named) == (title, named)


@pytest.mark.parametrize("data", [b"", b" \n\t\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_skipped_and_says_so(data: bytes) -> None:
    with pytest.raises(ConversionError, match=r"empty|no text") as loss:
        read(data)
    assert loss.value.kind == "skipped"
    assert loss.value.remedy


def test_binary_that_calls_itself_text_fails_with_a_remedy() -> None:
    with pytest.raises(ConversionError, match="binary") as loss:
        read(bytes(range(256)) * 40, "notes.txt")
    assert loss.value.kind == "failed"
    assert "extension" in loss.value.remedy


def test_a_picture_is_a_loss_of_its_kind() -> None:
    with pytest.raises(ConversionError, match="picture") as loss:
        read(b"\x89PNG\r\n\x1a\n" + bytes(100), "scan.txt")
    assert loss.value.kind == "image"


def test_a_picture_of_a_telephone_is_no_film() -> None:
    with pytest.raises(ConversionError, match="HEIF") as loss:
        read(b"\0\0\0\x24ftypheic\0\0\0\0mif1heic" + bytes(60), "scan.heic")
    assert loss.value.kind == "image"
    assert "JPEG" in loss.value.remedy


def test_a_file_that_cannot_be_opened_is_skipped(tmp_path: Path) -> None:
    with pytest.raises(ConversionError, match="cannot be read") as loss:
        convert(tmp_path / "gone.md", "gone.md")
    assert loss.value.kind == "skipped"


def test_a_very_long_text_is_cut_at_a_line_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.convert.MAX_CHARACTERS", 1000)
    made = read("a line of words\n" * 500)
    assert len(made.text) <= 1001
    assert made.text.endswith("words\n")
    assert [loss.kind for loss in made.losses] == ["truncated"]


def test_the_list_of_a_zip_file_that_no_document_has_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "x")
    assert kind.members_of(out.getvalue()) == ["word/document.xml"]
    monkeypatch.setattr("ingest.convert.kind._LARGEST_LIST", 20)
    assert kind.members_of(out.getvalue()) == []


def test_content_decides_the_media_type_before_the_name_does(tmp_path: Path) -> None:
    for name, data, media in (
        ("a.md", b"# x", "text/markdown"),
        ("a.html", b"<p>x", "text/html"),
        ("page", b"\n<!DOCTYPE html><p>x", "text/html"),
        ("a.txt", b"%PDF-1.7", "application/pdf"),
        ("README", b"words", "text/plain"),
        ("bmw.txt", b"BMW and other words", "text/plain"),
        ("id3.txt", b"ID3 tags hold the title of a song.", "text/plain"),
        ("gif.md", b"GIF89a is how a picture begins.", "text/markdown"),
        ("formats.md", b"A file that begins with `%PDF-1.7` is a PDF.", "text/markdown"),
        ("box.txt", b"The ftyp box comes first.", "text/plain"),
        ("scan.pdf", b"From: the printer\n%PDF-1.4", "application/pdf"),
        ("a.heic", b"\0\0\0\x24ftypheic\0\0\0\0mif1heic" + bytes(60), "image/heif"),
        ("a.avif", b"\0\0\0\x20ftypavif\0\0\0\0mif1miaf" + bytes(60), "image/avif"),
        ("a.svg", b"<svg/>", "image/svg+xml"),
        ("a.mht", b"From: <Saved by a browser>", "multipart/related"),
        ("a.mp4", b"\0\0\0\x18ftypisom\0\0\2\0isommp42" + bytes(60), "video/mp4"),
    ):
        (tmp_path / name).write_bytes(data)
        assert media_type(tmp_path / name) == media
