"""Follow-ups and wider questions, with and without a language model."""

import json
from pathlib import Path
from typing import Any

import pytest

from clew.models.cache import Cache
from clew.models.llm import Model
from clew.models.scripted import Says, Scripted
from retrieve.converse import Turn, is_follow_up, standalone
from retrieve.widen import widen, widened

IDA = Turn("Who founded the hospice with Ida Marklund?", "Ida Marklund founded it with Per Öhman [1].")
SHIP = Turn("Who built the Petrel?", "The Wangchao shipyard [1].")
LIN = Turn("林婉清是谁?", "林婉清是望潮船厂的总设计师[1]。")


def model(*replies: Any, cache: Cache | None = None) -> tuple[Model, Scripted]:
    llm = Scripted(script=list(replies))
    return Model(name="scripted", make=lambda: llm, tries=1, cache=cache), llm


@pytest.mark.parametrize(
    ("question", "turn", "alone"),
    [
        ("And her brother?", IDA, "And her brother? (Ida Marklund)"),
        ("When did she die?", IDA, "When did she die? (Ida Marklund)"),
        ("What about the Kittiwake?", SHIP, "Who built the Kittiwake?"),
        ("How long is it?", SHIP, "How long is it? (Petrel)"),
        ("她的弟弟呢?", LIN, "她的弟弟呢?(林婉清)"),
        ("那陈海生呢？", LIN, "陈海生是谁?"),
        ("那么，陈海生呢？", LIN, "陈海生是谁?"),
        ("And the Kittiwake?", SHIP, "Who built the Kittiwake?"),
        ("And its captain?", SHIP, "And its captain? (Petrel)"),
        ("Who lives there?", SHIP, "Who lives there? (Petrel)"),
        ("When was that ship sold?", SHIP, "When was that ship sold? (Petrel)"),
        ("Which one is older?", SHIP, "Which one is older? (Petrel)"),
        ("Since when?", SHIP, "Since when? (Petrel)"),
        ("The crew?", SHIP, "The crew? (Petrel)"),
        ("And what does a ticket cost?", SHIP, "And what does a ticket cost? (Petrel)"),
        ("为什么？", LIN, "为什么？(林婉清)"),
        ("还有呢？", LIN, "还有呢？(林婉清)"),
        ("那艘船的船长是谁？", SHIP, "那艘船的船长是谁？(Petrel)"),
        ("她的姐妹船和海鸥号有多长？", SHIP, "她的姐妹船和海鸥号有多长？(Petrel)"),
        ("多少钱？", LIN, "多少钱？(林婉清)"),
        ("When was she born?", Turn("Who is Ida's father?", "Per."), "When was she born? (Ida)"),
        ("Who built the Gannet?", SHIP, "Who built the Gannet?"),
        ("What does a single ticket to the islands cost?", SHIP, "What does a single ticket to the islands cost?"),
    ],
)
def test_without_a_model_names_carry_over(question: str, turn: Turn, alone: str) -> None:
    assert standalone(question, [turn]) == alone


@pytest.mark.parametrize(
    "question",
    [
        "What is this folder about?",
        "Are these documents in English?",
        "Is there a bakery that one can visit?",
        "Are there any astronomers?",
        "Who says that the ferry is red?",
        "What should one do in a storm?",
        "Who was the former mayor?",
        "What happened this year?",
        "How long does it take to cross?",
        "What did Tobias Renn do before he kept the lamp?",
        "And who built the Gannet?",
        "Who is mayor?",
        "ferry opening hours",
        "谁是市长？",
        "这个文件夹讲什么？",
        "这些文件里有没有天文学家？",
        "其他人应该几点到码头？",
        "天文学家在哪里呢？",
        "船上静音的那个舱，实测噪声是多少？",
        "海鸥号和她的姐妹船有多长？",
    ],
)
def test_a_question_that_is_complete_in_itself_is_taken_as_it_stands(question: str) -> None:
    for turn in (SHIP, IDA, LIN):
        assert standalone(question, [turn]) == question


def test_the_first_question_stands_alone() -> None:
    assert standalone("And her brother?", []) == "And her brother?"


def test_what_points_back_is_a_follow_up_and_what_names_is_not() -> None:
    assert is_follow_up("And his brother?")
    assert is_follow_up("那海燕号呢?")
    assert not is_follow_up("Who designed the hull of the Petrel?")
    assert not is_follow_up("望潮船厂在哪座城市?")


def test_a_model_rewrites_a_follow_up_and_sees_the_turns() -> None:
    made, llm = model("Who is the brother of Ida Marklund?")
    assert standalone("And her brother?", [IDA], made) == "Who is the brother of Ida Marklund?"
    assert "founded it with Per Öhman" in llm.prompts[0]
    assert "[1]" not in llm.prompts[0]


@pytest.mark.parametrize(
    "reply", ["", "Who is the brother of Napoleon?", "Her brother was born in 1951.", "a\nb", Says(status=500)]
)
def test_a_rewrite_that_brings_in_something_new_or_fails_is_not_used(reply: str | Says) -> None:
    made, _ = model(reply)
    assert standalone("And her brother?", [IDA], made) == "And her brother? (Ida Marklund)"


def words(*pairs: tuple[str, list[str]]) -> str:
    return json.dumps({"words": [{"word": word, "also": also} for word, also in pairs]})


def test_a_question_is_widened_in_one_call_that_is_remembered(tmp_path: Path) -> None:
    made, llm = model(words(("ferry", ["boat", "ship"]), ("Petrel", ["海燕号"])), cache=Cache(tmp_path / "llm.sqlite"))
    for _ in range(2):
        found = widen("Who designed the ferry Petrel?", made)
    assert found == {"ferry": ("boat", "ship"), "Petrel": ("海燕号",)}
    assert len(llm.asked) == 1
    assert widened("Who designed the ferry Petrel?", found) == "Who designed the ferry Petrel? boat ship 海燕号"


def test_only_other_words_for_words_of_the_question_are_taken() -> None:
    made, _ = model(words(("ferry", ["ferry", "a" * 60, "<b>", "boat"]), ("cat", ["dog"])))
    assert widen("Who designed the ferry?", made) == {"ferry": ("boat",)}


@pytest.mark.parametrize("reply", ["no json", Says(status=500), Says(status=401)])
def test_a_question_is_answered_without_its_synonyms_rather_than_not_at_all(reply: str | Says) -> None:
    made, _ = model(reply)
    assert widen("Who designed the ferry?", made) == {}


def test_widening_is_off_by_a_setting_and_without_a_model() -> None:
    made, llm = model(words(("ferry", ["boat"])))
    assert widen("Who designed the ferry?", made, on=False) == {}
    assert widen("Who designed the ferry?", None) == {}
    assert llm.asked == []
