"""A PDF is read as it is looked at: columns one after the other, tables as tables, furniture left out."""

import datetime
import importlib.util
import io
from typing import Any

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from clew.errors import ConversionError
from clew.records import Markdown
from evals import forge
from evals.keeping import word_order_f1
from ingest.convert import convert_bytes

LINES = [
    "The pilot had asked twice for the lights of the western channel,",
    "and twice the office had answered that the lamps were ordered.",
    "On the third evening he lit a fire on the beach himself.",
]


def read(data: bytes) -> Markdown:
    return convert_bytes(data, "file.pdf", 0.0)


def drawn(*pages: Any, **options: Any) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, **options)
    for page in pages:
        canvas.setFont("Times-Roman", 11)
        page(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def column(canvas: Canvas, left: float, lines: list[str], top: float = 700) -> None:
    for i, line in enumerate(lines):
        canvas.drawString(left, top - 14 * i, line)


def test_lines_are_joined_to_paragraphs_and_hyphens_at_their_ends_undone() -> None:
    text = read(drawn(lambda c: column(c, 72, ["The har-", "bour master kept the", "well-known light."]))).text
    assert text == "The harbour master kept the well-known light.\n"


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [f"left {i} speaks of the old boat and" for i in range(12)]
    right = [f"right {i} speaks of the new boat and" for i in range(12)]

    def page(canvas: Canvas) -> None:
        column(canvas, 60, left)
        column(canvas, 320, right)

    text = read(drawn(page)).text
    assert "|" not in text
    assert word_order_f1(" ".join(left + right), text) > 0.99


def test_every_page_is_known_by_its_offset() -> None:
    made = read(drawn(*[lambda c, n=n: column(c, 72, [f"This is sheet {n} of the log.", *LINES]) for n in range(1, 4)]))
    assert [number for number, _ in made.pages] == [1, 2, 3]
    for n in range(1, 4):
        assert made.page_at(made.text.index(f"sheet {n}")) == n


def test_running_heads_and_page_numbers_are_left_out() -> None:
    def page(canvas: Canvas, n: int) -> None:
        column(canvas, 72, ["Orrin Sound Ferries – confidential"], 815)
        column(canvas, 72, [f"Chapter words {n}.", *LINES])
        column(canvas, 290, [f"Page {n} of 4"], 30)

    text = read(drawn(*[lambda c, n=n: page(c, n) for n in range(1, 5)])).text
    assert "confidential" not in text
    assert "Page 2" not in text
    assert "Chapter words 4." in text


def test_links_lead_where_they_led() -> None:
    def page(canvas: Canvas) -> None:
        column(canvas, 72, ["Read the notice today."])
        canvas.linkURL("https://harbour.example/notice", (72 + 24, 695, 72 + 82, 712))

    assert "[the notice](https://harbour.example/notice)" in read(drawn(page)).text


def test_a_turned_page_is_read_like_any_other() -> None:
    def page(canvas: Canvas) -> None:
        canvas.setPageRotation(90)
        canvas.translate(A4[0], 0)
        canvas.rotate(90)
        column(canvas, 72, LINES, 500)

    assert read(drawn(page)).text == " ".join(LINES) + "\n"


def test_captions_stay_beside_their_tables() -> None:
    known = (
        "# Report\n\nTable 1: Depth by the hour\n\n| Hour | Depth |\n|---|---|\n| 06:10 | 1.9 m |\n| 12:00 | 4.2 m |\n"
    )
    text = read(forge.make_pdf(forge.pieces(known))).text
    assert "Table 1: Depth by the hour\n\n| Hour | Depth |\n| --- | --- |\n| 06:10 | 1.9 m |" in text


def test_title_and_date_are_taken_from_the_document() -> None:
    made = read(forge.make_pdf(forge.pieces("# Report of the inquiry\n\n30 January 2025\n\nWhat I was asked.")))
    assert made.title == "Forged"
    assert (made.date, made.date_source) == (datetime.date(2025, 1, 30), "title")


def picture() -> bytes:
    import pypdfium2

    page = pypdfium2.PdfDocument(forge.make_pdf(forge.pieces("# Notice\n\nThe ferry leaves at seven."))).get_page(0)
    out = io.BytesIO()
    page.render(scale=2).to_pil().save(out, "PNG")
    return out.getvalue()


def scan() -> bytes:
    from reportlab.lib.utils import ImageReader

    image = ImageReader(io.BytesIO(picture()))
    return drawn(lambda c: column(c, 72, LINES), lambda c: c.drawImage(image, 0, 0, *A4))


def test_a_page_that_is_a_picture_is_a_loss_with_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.convert.ocr.is_installed", lambda: False)
    made = read(scan())
    assert [(loss.kind, loss.page) for loss in made.losses] == [("image", 2)]
    assert "ocr" in made.losses[0].remedy
    assert made.text == " ".join(LINES) + "\n"


if importlib.util.find_spec("rapidocr_onnxruntime"):  # the extra ocr, which not every machine has

    def test_the_extra_reads_pictures_and_scanned_pages() -> None:
        assert "The ferry leaves at seven." in read(scan()).text
        assert "seven" in convert_bytes(picture(), "scan.png", 0.0).text


def test_what_was_filled_into_a_form_is_read_and_what_is_attached_is_told() -> None:
    import pypdfium2

    out = io.BytesIO()
    page = Canvas(out)
    page.drawString(72, 700, "Name of the skipper:")
    page.linkURL("https://osf.example/tides", (72, 690, 300, 720))
    page.acroForm.textfield(name="skipper", value="Ingrid Falk", x=72, y=650, width=200, height=20)
    for number in range(12):
        page.drawString(72, 600 - 30 * number, f"Berth {number}:")
    for number in range(12):
        page.acroForm.textfield(name=f"b{number}", value=f"ship {number}", x=140, y=596 - 30 * number, height=18)
    page.save()
    document = pypdfium2.PdfDocument(out.getvalue())
    document.new_attachment("tides.csv").set_data(b"1,2")
    whole = io.BytesIO()
    document.save(whole)
    made = convert_bytes(whole.getvalue(), "form.pdf", 0.0)
    assert made.text.startswith("[Name of the skipper:](https://osf.example/tides)\n\nIngrid Falk\n")
    assert all(f"| Berth {number}: | ship {number} |" in made.text for number in range(12))
    assert [loss.reason for loss in made.losses] == ["a file attached to it is not read"]


def test_a_pdf_under_a_password_says_so() -> None:
    with pytest.raises(ConversionError, match="password") as loss:
        read(drawn(lambda c: column(c, 72, LINES), encrypt="secret"))
    assert loss.value.remedy
