"""Content words: what a question holds on to, and what is said not to be found."""

import pytest

from clew.records import Chunk, Span
from retrieve.content import content_words, said_in, terms, uncovered
from retrieve.wanted import wanted_by
from tests.worlds import document


def test_forms_of_a_word_are_one_term() -> None:
    assert terms("ferries") == terms("Ferry")
    assert terms("They paid") == terms("pay")


def test_numbers_count_with_or_without_a_comma() -> None:
    assert terms("12,500 crowns") == terms("12500 crowns")


def test_a_question_word_is_no_content() -> None:
    assert [word.text for word in content_words("How much does the ferry cost?")] == ["ferry", "cost"]
    assert [word.text for word in content_words("为什么渡轮晚点了？")] == ["渡轮晚点"]


def test_a_word_knows_where_it_stands() -> None:
    question = "谁在2024年买了渡轮 Aurelia？"
    for word in content_words(question):
        assert question[word.span.slice] == word.text


def test_what_the_texts_lack_is_uncovered_as_written() -> None:
    held = terms("The ferry Aurelia was built in 1987.")
    assert uncovered("How much did the ferry Aurelia's organ cost?", held) == ("organ", "cost")


def test_words_that_only_ask_are_never_said_to_be_missing() -> None:
    assert uncovered("How many people, what kind of thing, and when exactly?", frozenset()) == ()
    assert uncovered("为什么？怎么样？多少？", frozenset()) == ()


def test_of_a_chinese_question_the_stretches_that_are_nowhere_are_uncovered() -> None:
    assert uncovered("茶厂去年的利润是多少？", terms("茶厂在青石镇，去年采茶四次。")) == ("利润",)


def test_only_whole_words_of_a_chinese_question_are_said_to_be_missing() -> None:
    held = terms("船上有一个静音舱。")
    assert uncovered("船上静音的那个舱，实测噪声是多少？", held) == ("实测", "噪声")
    assert uncovered("这几艘船属于哪家公司？", held) == ("公司",)


@pytest.mark.parametrize(
    "question", ["What is this folder about?", "Which files, which document?", "这个文件夹讲什么？"]
)
def test_the_folder_itself_is_never_said_to_be_missing(question: str) -> None:
    assert uncovered(question, frozenset()) == ()


def test_what_is_said_in_another_way_is_not_missing() -> None:
    assert uncovered("What did the man-overboard drill cost?", frozenset(), ["man overboard", "cost"]) == ("drill",)
    assert uncovered("演习的噪声是多少？", frozenset(), ["噪声"]) == ("演习",)


def test_what_stands_over_a_passage_is_said_there() -> None:
    chunk = Chunk(id="c", document=document("fares.md"), span=Span(0, 8), text="14 crowns", headings=("Bicycles",))
    assert uncovered("What does a bicycle pay?", said_in(chunk)) == ("pay",)


def test_the_kind_of_answer_is_told_from_the_question() -> None:
    kinds = {
        "What did the organ cost?": "money",
        "When was the mill founded?": "time",
        "Do you know when it was founded?": "time",
        "Who came to the mill, and when?": "time",
        "What happens when the mill bell rings?": "",
        "Who pays the bell-ringer when he is ill?": "money",
        "How many people work there?": "number",
        "Why was it closed?": "reason",
        "Who runs the bakery?": "name",
        "Describe the mill.": "",
        "管风琴多少钱？": "money",
        "茶厂是哪一年创办的？": "time",
        "谁创办了茶厂？": "name",
    }
    assert {question: wanted_by(question).kind for question in kinds} == kinds


def test_what_the_question_says_itself_is_no_answer_to_it() -> None:
    wants = wanted_by("Who worked with Tom Pask?")
    assert not wants.offered("with Tom Pask in the bakery")
    assert wants.offered("with Hester Vaughan in the mill")


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("How long is the towing rope?", "The rope is 120 metres long."),
        ("How long is the crossing?", "It takes 40 minutes."),
        ("Where lies the treasure?", "it lies beneath the linden tree."),
        ("How fast does the wheel turn?", "it makes 60 rpm at most"),
        ("When does the boat sail?", "it sails at 9.30 a.m."),
        ("When does the boat sail?", "not before 7 o'clock"),
        ("When is the market held?", "it is held every Fri."),
        ("黑猫叫什么名字？", "屋里住着一只黑猫，名叫“煤球”。"),
    ],
)
def test_what_is_asked_for_is_seen_in_the_ways_it_is_said(question: str, sentence: str) -> None:
    assert wanted_by(question).offered(sentence)


def test_what_counts_or_only_asks_is_no_word_that_could_be_missing() -> None:
    assert uncovered("上学的时候要带几本书？", frozenset()) == ("上学",)
