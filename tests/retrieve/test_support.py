"""What a source supports, on the pairs of tests/corpus/citations.jsonl and on single points."""

import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from clew.models.minilm import MiniLM
from clew.ports import QueryVectors
from retrieve.support import Checker
from retrieve.support.numbers import numbers

PAIRS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "corpus" / "citations.jsonl").read_text("utf-8").splitlines()
]
# An exchange gives a name of the source the deed of another: the hardest kind, and short of what is asked for names.
LEAST = {
    "exchange": 0.65,
    "number": 0.95,
    "name": 0.95,
    "negation": 0.75,
    "other-source": 0.95,
    "paraphrase": 0.85,
    "copy": 1.0,
}


@cache
def right(half: str) -> tuple[Counter[str], Counter[str]]:
    """(pairs judged right, pairs) by kind."""
    checker = Checker(MiniLM(threads=1))
    good, seen = Counter[str](), Counter[str]()
    for pair in PAIRS:
        if pair["half"] == half:
            seen[pair["kind"]] += 1
            good[pair["kind"]] += checker.support(pair["sentence"], pair["source"]).supported == pair["supported"]
    return good, seen


@pytest.mark.parametrize(("half", "kind"), sorted({(pair["half"], pair["kind"]) for pair in PAIRS}))
def test_pairs_are_judged_as_a_reader_would(half: str, kind: str) -> None:
    good, seen = right(half)
    assert good[kind] / seen[kind] >= LEAST[kind]


def test_every_kind_of_pair_comes_in_both_languages() -> None:
    assert {(p["kind"], p["lang"]) for p in PAIRS} == {(kind, lang) for kind in LEAST for lang in ("en", "zh")}


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(MiniLM(threads=1))


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("It cost half a million euros.", "The price was 500,000 euros."),
        ("The walk takes 30 minutes.", "The walk takes half an hour."),
        ("About 23,000 homes lost power.", "23,417 homes lost power."),
        ("It opened in the 1960s.", "It opened in 1962."),
        ("The WHO approved it.", "The World Health Organization approved it."),
        ("二〇二五年十月四日开业。", "2025年10月4日开业。"),
        ("共有2.3万户停电。", "两万三千户停电。"),
    ],
)
def test_the_same_thing_in_other_figures_is_supported(checker: Checker, sentence: str, source: str) -> None:
    assert checker.support(sentence, source).supported


@pytest.mark.parametrize(
    ("sentence", "source", "why"),
    [
        ("The bag weighs 20 pounds.", "The bag costs 20 euros.", "20"),
        ("The rent is 900 euros a week.", "The rent is 900 euros a month.", "900"),
        ("40 cars and 300 bicycles came.", "300 cars and 40 bicycles came.", "40"),
        ("We met Ida Berg.", "We met Ida Marklund and Nils Berg.", "Ida Berg"),
        ("Tesla sued Ford.", "Ford sued Tesla.", "other way round"),
        ("The bridge is closed.", "The bridge is open.", "open"),
        ("Nobody was hurt.", "Two people were hurt.", ""),
        ("会议没有通过预算。", "会议通过了预算。", "原文"),
    ],
)
def test_a_refusal_says_what_is_wrong(checker: Checker, sentence: str, source: str, why: str) -> None:
    found = checker.support(sentence, source)
    assert not found.supported
    assert any(why in reason for reason in found.reasons)


def test_markers_are_no_part_of_what_is_checked(checker: Checker) -> None:
    assert checker.support("The mill has 3 wheels [7].", "The mill has 3 wheels.").supported


def test_a_name_may_stand_in_the_title_or_heading_over_the_source(checker: Checker) -> None:
    source = "She was born in Warsaw in 1867."
    assert not checker.support("Marie Curie was born in Warsaw.", source).supported
    assert checker.support("Marie Curie was born in Warsaw.", source, ("Marie Curie",)).supported


def test_another_language_needs_names_or_figures_to_be_believed(checker: Checker) -> None:
    source = "The Petrel entered service on 4 October 2025 and carries 350 passengers."
    assert checker.support("Petrel号于2025年10月4日投入运营。", source).supported
    assert not checker.support("Petrel号于2024年10月4日投入运营。", source).supported
    assert not checker.support("这艘船很漂亮。", source).supported


def test_without_an_embedder_words_decide() -> None:
    checker = Checker()
    assert checker.support("The council approved the harbour budget.", "The council approved the budget.").supported
    assert not checker.support("The council approved the harbour budget.", "It rained on Monday.").supported


def test_dates_scales_and_units_are_read() -> None:
    found = {(n.value, n.unit or n.kind) for n in numbers("On 4 May 2025 it paid €4.6 million for 12 km in two hours.")}
    assert found == {
        (4, "day-of-month"),
        (5, "month"),
        (2025, "number"),
        (4_600_000, "euro"),
        (12_000, "length"),
        (7200, "time"),
    }


def test_a_part_of_nothing_is_no_number() -> None:
    assert numbers("零分之一") == []
    assert [n.value for n in numbers("四分之三")] == [0.75]


def test_a_figure_may_be_parted_by_any_space_and_priced_in_wide_yen() -> None:
    assert [n.value for n in numbers("12\u00a0000, 3\u202f500\u2009000")] == [12_000, 3_500_000]
    assert [(n.value, n.unit) for n in numbers("\uffe5500")] == [(n.value, n.unit) for n in numbers("¥500")]


def test_a_checker_forgets_nothing_that_it_is_asked_for_while_another_thread_begins_anew(minilm: MiniLM) -> None:
    class Forgetful(dict[str, QueryVectors]):
        def __setitem__(self, key: str, value: QueryVectors) -> None: ...

    checker = Checker(minilm, Forgetful())
    assert checker.support("The ferry is red.", "The ferry is red and long.").supported
