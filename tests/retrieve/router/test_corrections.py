"""What users overrule."""

from pathlib import Path

from retrieve.route import Judgement
from retrieve.router.corrections import NAME, candidates, keep

JUDGED = Judgement({"direct": 0.1, "global": 0.1, "graph": 0.2, "passages": 0.6}, 0.9, 0.2)


def test_an_override_becomes_a_label_candidate(tmp_path: Path) -> None:
    keep(tmp_path, "哪几条船都停过这个码头", "graph", JUDGED)
    (one,) = candidates([tmp_path])
    assert (one.path, one.compute, one.fresh, one.language) == ("graph", True, False, "zh")


def test_the_last_word_on_a_question_counts(tmp_path: Path) -> None:
    keep(tmp_path, "the harbour", "graph", JUDGED)
    keep(tmp_path, "the harbour", "global", JUDGED)
    assert [c.path for c in candidates([tmp_path])] == ["global"]


def test_both_and_agreement_teach_nothing(tmp_path: Path) -> None:
    keep(tmp_path, "the harbour", "both", JUDGED)
    keep(tmp_path, "the harbour", "passages", JUDGED)
    assert not (tmp_path / NAME).exists()
    assert candidates([tmp_path]) == []
