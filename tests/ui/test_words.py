"""Kinds of files and limits as people call them."""

from datetime import date

from clew.records import Scope
from ingest.convert.kind import DOCX, PPTX, XLSX
from ui.words import KINDS, kind_of, limits


def test_each_kind_of_file_has_a_plain_name_of_its_own() -> None:
    assert [kind_of(one) for one in (DOCX, XLSX, PPTX)] == ["Word", "Excel", "PowerPoint"]
    assert len(set(KINDS.values())) == len(KINDS)
    assert kind_of("application/x-thing") == "application/x-thing"


def test_limits_are_said_in_words_and_no_limits_not_at_all() -> None:
    assert limits(Scope()) == ""
    scope = Scope(collection="", folder="letters", media_type=DOCX, since=date(2020, 1, 1), until=date(2021, 2, 3))
    assert limits(scope) == "(unnamed) · letters/ · Word · from 2020-01-01 · up to 2021-02-03"
