"""Planted regressions are caught and named; no change is called no change."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clew.errors import ClewError
from evals.baseline import baseline_of, lost, read_baseline, write_baseline
from evals.compare import Changed, compare
from evals.corpus import Corpus
from evals.explain import explain
from evals.result import Result
from tests.evals.standin import StandIn

Run = Callable[..., Result]


def drops_every_third_sentence(text: str) -> str:
    """A chunker gone wrong: of each three sentences the last is lost."""
    sentences = re.split(r"(?<=\.)", text)
    return "".join(sentence for n, sentence in enumerate(sentences) if n % 3 != 1)


def test_a_run_compared_with_itself_shows_no_change(measured: Run) -> None:
    found = compare(measured(), measured())
    assert (found.changed, found.regressions, found.gains) == ((), (), ())
    assert "Both were made by the same code." in found.warnings


def test_a_chunker_that_loses_sentences_is_caught_and_named(measured: Run, corpus: Corpus) -> None:
    before = measured()
    after = measured(StandIn(corpus, spoil=drops_every_third_sentence), journal="after")
    found = compare(before, after)
    assert "fact_recall@10" in {shift.metric for shift in found.regressions}
    assert found.failures["passages"]["missing content"] == (1 - 1, 12)
    worse = [case for case in found.changed if case.system == "passages" and case.verdict != "better"]
    assert {case.id for case in worse} == {f"q{n}" for n in range(12)}
    assert any("The mill of Orm burned in 1900." in text for case in worse for text in case.lost)


def test_citations_off_by_one_are_caught_and_named(measured: Run, corpus: Corpus) -> None:
    found = compare(measured(), measured(StandIn(corpus, misquote=True), journal="after"))
    named = {shift.metric for shift in found.regressions if shift.system == "passages"}
    assert "fact_citation_recall" in named
    assert not any("@" in metric for metric in named)  # rankings stayed as they were
    assert any("citation of" in text for case in found.changed for text in case.lost)


def test_a_gain_is_a_gain_and_its_reverse_a_loss(measured: Run, corpus: Corpus) -> None:
    good, bad = measured(), measured(StandIn(corpus, spoil=drops_every_third_sentence), journal="b")
    assert {s.metric for s in compare(bad, good).gains} == {s.metric for s in compare(good, bad).regressions}


def test_one_changed_question_of_many_is_named_though_not_detectable(measured: Run, corpus: Corpus) -> None:
    forgetful = StandIn(corpus, spoil=lambda text: text.replace("The mill of Tarn burned in 1903.", "..."))
    found = compare(measured(systems=("passages",)), measured(forgetful, journal="b", systems=("passages",)))
    assert not found.regressions
    assert [case.id for case in found.changed] == ["q3"]
    assert any("1903" in text for text in found.changed[0].lost)


@pytest.mark.parametrize(
    ("lost", "won", "verdict"), [((), ("a",), "better"), (("a",), (), "worse"), (("a",), ("b",), "mixed")]
)
def test_a_case_without_a_moved_figure_is_judged_by_what_it_lost_and_won(
    lost: tuple[str, ...], won: tuple[str, ...], verdict: str
) -> None:
    assert Changed(id="q", system="s", question="?", metrics={}, lost=lost, won=won).verdict == verdict


def test_results_that_share_nothing_cannot_be_compared(measured: Run) -> None:
    result = measured(systems=("passages",))
    with pytest.raises(ClewError, match="share no system"):
        compare(result, measured(systems=("graph",), journal="b"))
    others = tuple(case.model_copy(update={"id": f"x{case.id}"}) for case in result.cases)
    with pytest.raises(ClewError, match="share no case"):
        compare(result, result.model_copy(update={"cases": others}))


def test_what_makes_two_runs_incomparable_is_said(measured: Run) -> None:
    a = measured(systems=("passages",))
    b = measured(systems=("passages",), limit=5, journal="b")
    other: dict[str, Any] = {"corpus_sha256": "0" * 64, "settings": {"embedder": "other"}, "suite": "else"}
    said = " ".join(compare(a, b.model_copy(update=other)).warnings)
    assert "corpora differ" in said
    assert "Only 5 cases" in said
    assert "embedder" in said
    assert "Two suites" in said


def test_explain_tells_all_of_one_question(measured: Run, corpus: Corpus) -> None:
    result = measured(StandIn(corpus, spoil=drops_every_third_sentence))
    text = "\n".join(explain(result, "q0"))
    for part in ("When did the mill of Orm burn", "Orm town", "== graph: missing content", "rank 1", "[1]", "recall@5"):
        assert part in text
    with pytest.raises(ClewError, match="q1"):
        list(explain(result, "q1x"))


def test_the_baseline_names_what_is_no_longer_found(measured: Run, corpus: Corpus, tmp_path: Path) -> None:
    before = baseline_of(measured())
    write_baseline(before, tmp_path / "b.json")
    assert read_baseline(tmp_path / "b.json") == before
    assert "oracle" not in before.systems
    assert list(lost(before, before)) == []
    forgetful = StandIn(corpus, spoil=lambda text: text.replace("The mill of Tarn burned in 1903.", "..."))
    gone = list(lost(before, baseline_of(measured(forgetful, journal="b"))))
    assert gone
    assert all("q3" in line and "gold fact 0" in line for line in gone)
    fewer = before.model_copy(update={"systems": {"passages": {}}})
    assert "The system graph is gone." in list(lost(before, fewer))
    with pytest.raises(ClewError, match="cannot be read"):
        read_baseline(tmp_path / "no.json")
