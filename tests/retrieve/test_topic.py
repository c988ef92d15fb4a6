"""Whether what was found speaks of what is asked at all."""

from pathlib import Path

import pytest

from clew.records import Chunk, Span
from clew.settings import Settings
from retrieve.assembly import open_index
from retrieve.groups import group
from retrieve.topic import asked_words, off_topic
from tests.worlds import document

LEASE = "# 租赁合同\n\n出租方注册资本五百万元，首都路十二号。房租每季度支付一次，押金两万元。\n"
MINUTES = """# Family council 2024

- The piano is sold and the money goes into the holiday fund.
- Tunde may stay out until ten on Fridays.
- Nobody eats in the car.
"""


def passage(text: str, *headings: str) -> Chunk:
    return Chunk(id=text, document=document("a.md", text), span=Span(0, len(text)), text=text, headings=headings)


def test_words_that_are_said_make_up_for_a_sentence_that_is_not_near() -> None:
    ferry = passage("The ferry carries 240 passengers across the strait.")
    assert off_topic("Which vitamins are in oranges?", [ferry], (), 0.3)
    assert not off_topic("Which vitamins are in oranges?", [ferry], (), 0.6)
    assert not off_topic("How many passengers does the ferry bring to the island?", [ferry], (), 0.3)


def test_a_passage_that_says_all_is_never_beside_the_question() -> None:
    assert not off_topic("Passengers?", [passage("240 passengers")], (), 0.1)
    assert not off_topic("What is this?", [passage("240 passengers")], (), 0.1)


def test_a_name_that_nobody_says_weighs_against_a_short_question() -> None:
    currency = passage("The currency of the contract is the crown.")
    assert off_topic("What is the currency of Japan?", [currency], (), 0.42)
    assert not off_topic("What is the currency of payment?", [currency], (), 0.42)


def test_a_word_that_was_carried_into_the_other_language_is_said_there() -> None:
    ferry = passage("The ferry carries 240 passengers.")
    carried = (group("\u6e21\u8f6e", ["ferry"]),)
    assert not off_topic("\u6e21\u8f6e\u7684\u957f\u5ea6\u662f\u591a\u5c11\uff1f", [ferry], carried, None)
    assert off_topic("\u98de\u673a\u7684\u957f\u5ea6\u662f\u591a\u5c11\uff1f", [ferry], carried, None)


def test_an_everyday_chinese_word_alone_is_not_enough() -> None:
    found = passage("\u8239\u5382\u53d1\u73b0\u4e86\u4e00\u9053\u88c2\u7f1d\u3002")
    assert off_topic("\u9752\u9709\u7d20\u662f\u8c01\u53d1\u73b0\u7684\uff1f", [found], (), None)
    assert not off_topic("\u88c2\u7f1d\u662f\u8c01\u53d1\u73b0\u7684\uff1f", [found], (), None)


def test_what_counts_in_chinese_is_whole_words() -> None:
    said = [
        word.text
        for word in asked_words("\u96f7\u96e8\u5929\u7684\u65f6\u5019\u6e38\u6cf3\u8bfe\u600e\u4e48\u529e\uff1f")
    ]
    assert "\u65f6\u5019" not in said
    assert any("\u6e38\u6cf3" in word for word in said)


@pytest.mark.parametrize(
    ("question", "finish"),
    [
        ("What is the capital of Mongolia?", "abstained"),
        ("How do I boil an egg?", "abstained"),
        ("\u8499\u53e4\u7684\u9996\u90fd\u662f\u54ea\u91cc\uff1f", "abstained"),
        ("\u62bc\u91d1\u662f\u591a\u5c11\uff1f", "complete"),
        ("What was decided in 2024?", "complete"),
    ],
)
def test_a_small_folder_is_asked_for_what_it_has_and_for_what_it_has_not(
    tmp_path: Path, question: str, finish: str
) -> None:
    (tmp_path / "lease.md").write_text(LEASE, "utf-8")
    (tmp_path / "minutes-2024.md").write_text(MINUTES, "utf-8")
    with open_index(tmp_path / ".clew", Settings(threads=1, workers=1)) as opened:
        opened.ingest(tmp_path)
        assert opened.assistant.ask(question).finish == finish
