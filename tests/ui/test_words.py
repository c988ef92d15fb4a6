"""Kinds of files and limits as people call them."""

from dataclasses import replace
from datetime import date

import pytest

from clew.records import Answer, DateSource, DecidedBy, Route, Scope
from ingest.convert.kind import DOCX, PPTX, XLSX
from tests.worlds import document
from ui.words import KINDS, dated, kind_of, limits, unfound, way_of


def test_each_kind_of_file_has_a_plain_name_of_its_own() -> None:
    assert [kind_of(one) for one in (DOCX, XLSX, PPTX)] == ["Word", "Excel", "PowerPoint"]
    assert len(set(KINDS.values())) == len(KINDS)
    assert kind_of("application/x-thing") == "application/x-thing"


def test_limits_are_said_in_words_and_no_limits_not_at_all() -> None:
    assert limits(Scope()) == ""
    scope = Scope(collection="", folder="letters", media_type=DOCX, since=date(2020, 1, 1), until=date(2021, 2, 3))
    assert limits(scope) == "(unnamed) · letters/ · Word · from 2020-01-01 · up to 2021-02-03"


@pytest.mark.parametrize(
    ("decided_by", "said"),
    [
        ("model", "Way: Whole folder, chosen by Clew (91% sure)"),
        ("user", "Way: Whole folder, chosen by you"),
        ("fallback", "Way: Whole folder, as Clew was not sure"),
    ],
)
def test_the_way_is_said_with_who_chose_it(decided_by: DecidedBy, said: str) -> None:
    assert way_of(Route(path="global", confidence=0.91, decided_by=decided_by)) == said


def test_what_was_not_found_is_said_once_and_in_the_language_of_the_question() -> None:
    route = Route(path="passages")
    asked = Answer(id="a", question="Who won?", text="Priya.", route=route, finish="complete", uncovered=("won",))
    assert unfound(asked) == "Nothing found on: won"
    assert unfound(replace(asked, question="谁赢了？", uncovered=("赢", "输"))) == "没有找到关于这些词的内容：赢、输"
    assert unfound(replace(asked, text="I found nothing. Not found: won.")) == ""
    assert unfound(replace(asked, uncovered=())) == ""


@pytest.mark.parametrize(
    ("day", "source", "said"),
    [
        (date(2025, 1, 1), "title", "2025"),
        (date(2025, 6, 1), "title", "2025-06"),
        (date(2025, 6, 7), "title", "2025-06-07"),
        (date(2025, 1, 1), "front-matter", "2025-01-01"),
        (date(2025, 6, 7), "modified", ""),
        (None, None, ""),
    ],
)
def test_a_date_is_no_closer_than_the_document_says(day: date | None, source: DateSource | None, said: str) -> None:
    assert dated(document("a.md", date=day, date_source=source)) == said
