"""Labels by a language model that is told what to say."""

import json
from pathlib import Path

import pytest

from clew.errors import BudgetReached
from clew.models.ledger import Budget, Ledger
from clew.models.llm import Model
from clew.models.scripted import Scripted
from retrieve.router.label import Agreement, fleiss_kappa, label
from retrieve.router.labelled import Question, read_labels


def says(path: str, compute: str = "no", fresh: str = "no") -> str:
    return json.dumps({"path": path, "compute": compute, "fresh": fresh})


def voter(*replies: str) -> tuple[Model, Scripted]:
    llm = Scripted(script=list(replies))
    return Model(name="scripted", make=lambda: llm), llm


def test_votes_that_agree_are_not_repeated(tmp_path: Path) -> None:
    model, llm = voter(says("passages"), says("passages"), says("graph", "yes"), says("graph", "yes"))
    out = tmp_path / "out.jsonl"
    found = label([Question("1", "opening hours"), Question("2", "sum of both towns")], model, out)
    assert len(llm.asked) == 4
    assert [(x.path, x.compute) for x in read_labels(out)] == [("passages", False), ("graph", True)]
    assert found.unanimous == 1
    assert found.kappa["path"] == 1


def test_a_tie_is_broken_by_further_votes(tmp_path: Path) -> None:
    model, llm = voter(says("graph"), says("passages"), says("passages"))
    out = tmp_path / "out.jsonl"
    found = label([Question("1", "A and B")], model, out)
    assert len(llm.asked) == 3
    assert read_labels(out)[0].path == "passages"
    assert json.loads(out.read_text())["votes"]["path"] == ["graph", "passages", "passages"]
    assert found.unanimous == 0


def test_a_tie_that_stays_ends(tmp_path: Path) -> None:
    model, llm = voter(*[says("graph"), says("passages"), says("global")] * 5)
    label([Question("1", "A and B")], model, tmp_path / "out.jsonl")
    assert len(llm.asked) == 6


def test_a_stopped_run_goes_on_where_it_was(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    questions = [Question(str(i), f"question {i}") for i in range(5)]
    llm = Scripted(script=lambda prompt: says("global"))
    short = Model(name="scripted", make=lambda: llm, ledger=Ledger(Budget(calls=5)))
    with pytest.raises(BudgetReached):
        label(questions, short, out)
    assert len(read_labels(out)) == 2
    found = label(questions, Model(name="scripted", make=lambda: llm), out)
    assert [x.id for x in read_labels(out)] == ["0", "1", "2", "3", "4"]
    assert isinstance(found, Agreement)
    assert found.n == 5


def test_the_model_sees_the_rubric_and_not_the_other_votes(tmp_path: Path) -> None:
    model, llm = voter(says("graph"), says("graph"))
    label([Question("1", "who leads whom")], model, tmp_path / "out.jsonl")
    assert all("Labelling search queries" in prompt and "who leads whom" in prompt for prompt in llm.prompts)
    assert llm.prompts[0] == llm.prompts[1]


def test_kappa_is_that_of_fleiss() -> None:
    assert fleiss_kappa([["a", "a"], ["b", "b"]]) == 1
    assert fleiss_kappa([["a", "b"], ["b", "a"]]) == pytest.approx(-1)
    assert fleiss_kappa([["a", "a", "b"], ["b", "b", "b"], ["a", "a", "a"]]) == pytest.approx(0.55)
    assert fleiss_kappa([]) == 1
