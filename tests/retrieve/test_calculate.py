"""Sums by a language model over numbers that somebody gave."""

import json

import pytest

from clew.errors import ModelError
from clew.models.llm import Model
from clew.models.scripted import Scripted
from clew.records import Answer, Route
from retrieve.arithmetic import shown
from retrieve.calculate import answered, calculate, evaluate
from tests.retrieve.test_cite import FARES, piece

COSTS = piece("costs.md", "The slipway cost 4.6 million crowns. The crane cost 950,000 crowns. Grants covered 38 %.")


def model(expression: str, unit: str = "") -> Model:
    llm = Scripted(script=[json.dumps({"expression": expression, "unit": unit})])
    return Model(name="scripted", make=lambda: llm)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("4600000 + 950000", 5_550_000),
        ("(4.6 * 38) / 100", 1.748),
        ("mean(14, 4600000)", 2_300_007),
        ("max(14, 38)", 38),
        ("4600000 * 0.38", 1_748_000),
        ("-(14 - 38)", 24),
    ],
)
def test_sums_over_numbers_of_the_evidence_are_computed(expression: str, value: float) -> None:
    done = calculate("How much?", [FARES, COSTS], model(expression))
    assert done.value == pytest.approx(value)
    assert all(o.chunk is not None or o.written == "100" for o in done.operands)


def test_numbers_of_the_question_may_be_used() -> None:
    done = calculate("What do 7 tickets cost?", [FARES], model("7 * 14", "crowns"))
    assert done.value == 98
    assert [(o.written, o.marker) for o in done.operands] == [("7", 0), ("14", 1)]


@pytest.mark.parametrize("expression", ["14 * 3", "15 + 14", "14 ** 14", "14 / 0"])
def test_numbers_that_nobody_gave_and_impossible_sums_are_refused(expression: str) -> None:
    if expression == "14 ** 14":
        assert calculate("How much?", [FARES], model(expression)).value == 14.0**14
        return
    with pytest.raises(ModelError):
        calculate("How much?", [FARES], model(expression))


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('os').system('true')",
        "open('/etc/passwd').read()",
        "[14 for _ in range(9)]",
        "'14' * 9",
        "True + 14",
        "9 ** 9 ** 9 ** 9",
        "3000000 ** 3000000",
        "2 ** 5000",
        "(lambda: 14)()",
        "14 if 1 else 2",
        "x + 14",
        "round(14, ndigits=1)",
        "14 +",
        "(" * 300,
        "1e999",
    ],
)
def test_anything_but_arithmetic_is_refused(expression: str) -> None:
    with pytest.raises(ModelError):
        evaluate(expression)


def test_no_expression_means_that_the_numbers_are_not_there() -> None:
    with pytest.raises(ModelError, match="do not hold the numbers"):
        calculate("How much?", [FARES], model(""))


def test_the_answer_shows_the_sum_and_where_each_number_stands() -> None:
    done = calculate("What do 7 tickets cost?", [COSTS, FARES], model("7 * 14", "crowns"))
    empty = Answer(id="a", question="What do 7 tickets cost?", text="", route=Route(path="passages"), finish="complete")
    answer = answered(empty, done)
    assert answer.text.splitlines() == [
        "7 * 14 = 98 crowns [2].",
        "- 7: from the question",
        "- 14: “A single ticket costs 14 crowns.” [2]",
    ]
    assert answer.expression == "7 * 14 = 98"
    assert [c.quote for c in answer.citations] == ["A single ticket costs 14 crowns."]
    assert [answer.text[s.span.slice] for s in answer.sentences] == answer.text.splitlines()


def test_results_are_written_as_people_write_them() -> None:
    written = {5_550_000.0: "5,550,000", 0.1 + 0.2: "0.3", 98.0: "98", 1 / 3: "0.333333", 3e-9: "3e-09"}
    written |= {12_345_678_901.0: "12,345,678,901", 1234.5: "1,234.5", 1e15: "1e+15"}
    assert {value: shown(value) for value in written} == written


def test_a_number_is_not_rounded_for_minutes() -> None:
    assert evaluate("round(14, -1000000000)") == 0
    assert evaluate("round(14.26, 1)") == 14.3
