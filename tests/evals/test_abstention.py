"""The questions that abstention was fitted on, and the fit."""

from pathlib import Path

import pytest

from evals.abstention import Seen, fit, rates
from evals.cases import Case, read_cases

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_practice_questions_are_no_test_questions() -> None:
    practice = read_cases(EXAMPLES / "harbour.practice.jsonl")
    asked = {case.question for case in read_cases(EXAMPLES / "harbour.cases.jsonl")}
    assert {case.split for case in practice} == {"dev"}
    assert not asked & {case.question for case in practice}
    assert sum(not case.answerable for case in practice) >= 60


def test_practice_questions_name_documents_that_are_there() -> None:
    for case in read_cases(EXAMPLES / "harbour.practice.jsonl"):
        assert bool(case.gold_documents) == case.answerable, case.id
        assert all((EXAMPLES / "harbour" / path).is_file() for path in case.gold_documents), case.id


def seen(nth: int, *, answerable: bool, behind: float, refused: bool = False) -> Seen:
    case = Case(id=f"q{nth}", question="Who?", lang="en", answerable=answerable)
    return Seen(case=case, group="en", features=(behind, 0.3), refused=refused)


def test_a_feature_that_tells_all_is_fitted_as_such() -> None:
    pytest.importorskip("sklearn")
    told = [seen(nth, answerable=True, behind=0.1 * (nth % 3)) for nth in range(20)]
    untold = [seen(nth, answerable=False, behind=2 + 0.1 * (nth % 3)) for nth in range(20, 40)]
    report = fit([*told, *untold], "en")
    assert report["auc"] == 1
    assert report["slopes"][0] > 0
    assert report["refused_of_unanswerable"]["0.1"] == 1


def test_refusals_are_counted_by_group_and_kind() -> None:
    found = rates([seen(1, answerable=True, behind=0), seen(2, answerable=False, behind=1, refused=True)])
    assert found["answerable en"] == "0/1 = 0.00"
    assert found["unanswerable all"] == "1/1 = 1.00"
