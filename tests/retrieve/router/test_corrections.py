"""What users overrule."""

from pathlib import Path

from clew.records import Route, RoutePath
from retrieve.route import Judgement
from retrieve.router.corrections import NAME, candidates, keep

JUDGED = Judgement({"direct": 0.1, "global": 0.1, "graph": 0.2, "passages": 0.6}, 0.9, 0.2)


def chosen(path: RoutePath) -> Route:
    return JUDGED.route(path=path)


def test_an_override_becomes_a_label_candidate(tmp_path: Path) -> None:
    keep(tmp_path, "哪几条船都停过这个码头", chosen("graph"))
    (one,) = candidates([tmp_path])
    assert (one.path, one.compute, one.fresh, one.language) == ("graph", True, False, "zh")


def test_the_last_word_on_a_question_counts(tmp_path: Path) -> None:
    keep(tmp_path, "the harbour", chosen("graph"))
    keep(tmp_path, "the harbour", chosen("global"))
    assert [c.path for c in candidates([tmp_path])] == ["global"]


def test_both_and_agreement_teach_nothing(tmp_path: Path) -> None:
    keep(tmp_path, "the harbour", chosen("both"))
    keep(tmp_path, "the harbour", chosen("passages"))
    keep(tmp_path, "the harbour", JUDGED.route())
    assert not (tmp_path / NAME).exists()
    assert candidates([tmp_path]) == []
