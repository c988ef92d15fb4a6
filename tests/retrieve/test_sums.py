"""Sums that questions spell out, and the numbers of the evidence where they do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.models.minilm import MiniLM
from clew.records import Evidence
from retrieve.sums import figures, read_sum
from tests.worlds import FERRY, TEAHOUSE, cut


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("what is 17% of 2,400", 408),
        ("12*7+3", 87),
        ("80 - 20%", 64),
        ("50% - 20%", 0.3),
        ("2025-1960", 65),
        ("what is 100-250", -150),
        ("What's 18 times 23?", 414),
        ("144 / 12 + 7", 19),
        ("7/8 minus 1/3", 7 / 8 - 1 / 3),
        ("how much is (45+55) x 3", 300),
        ("calculate 2 to the power of 10", 1024),
        ("the square root of 1764", 42),
        ("average of 12, 19, 23 and 40", 23.5),
        ("the sum of 3, 4 and 5", 12),
        ("half of 90", 45),
        ("twelve times seven", 84),
        ("1.5 plus 2.25 please", 3.75),
        ("$1,200 divided by 5", 240),
        ("0.1 + 0.2", 0.3),
        ("三百六除以十五等于几", 24),
        ("12.5乘8", 100),
        ("38乘以46是多少", 1748),
        ("一百二十的百分之十五是多少", 18),
        ("7.5 加 12.8 再减 3", 17.3),
        ("８×７＝？", 56),
        ("2的十次方", 1024),
        ("15、20、25的平均数", 20),
        ("What's 18% of 46,300? I need it for the meeting.", 8334),
        ("3.5% of 200 bricks", 7),
        ("原价不说了，", None),
        ("三千五打六八折", 2380),
        ("三分之二减四分之一", 2 / 3 - 1 / 4),
    ],
)
def test_a_sum_that_is_spelt_out_is_evaluated(question: str, value: float | None) -> None:
    found = read_sum(question)
    if value is None:
        assert found is None
    else:
        assert found is not None
        assert found.value == pytest.approx(value)


@pytest.mark.parametrize(
    "question",
    [
        "how many ferries were built in 1987",
        "how much older is the Aurelia than the Skua",
        "2024-03-05",
        "3/4/2021",
        "open from 9 to 5",
        "12",
        "call 555 1234",
        "555-1234",
        "1939-1945",
        "1939–1945?",
        "+46-8-123 45",
        "",
        "gpt-4",
        "3% of 1,250 billion",
        "__import__('os').system('true')",
        "9**9**9**9",
        "1/0",
        "(((",
        "2**99999999",
        "What is 2^5000?",
        "3999999**3999999",
        "2**1000 * 2**1000",
        "sqrt(0-1)",
        "第三条和第四条的区别",
        "1" * 400 + "+1",
    ],
)
def test_what_is_no_sum_is_left_alone(question: str) -> None:
    assert read_sum(question) is None


def test_the_expression_is_shown_with_its_result() -> None:
    found = read_sum("what is 0.1 + 0.2?")
    assert found is not None
    assert found.text == "0.1+0.2 = 0.3"


def test_a_large_result_is_written_as_people_write_it() -> None:
    found = read_sum("what is 三万亿 times 4.5?")
    assert found is not None
    assert found.text == "3000000000000*4.5 = 13,500,000,000,000"


@given(st.text(alphabet="0123456789+-*/().% sqrtof一二十百千万加减乘除以的分之点打折", max_size=40))
def test_no_text_makes_it_fail(question: str) -> None:
    found = read_sum(question)
    assert found is None or found.value == found.value


def test_numbers_of_the_evidence_come_with_their_places(minilm: MiniLM) -> None:
    for text, question, first in (
        (FERRY, "How many passengers and cars can the Aurelia carry together?", {"240", "38"}),
        (TEAHOUSE, "茶馆每天开门几个小时", {"九", "十"}),
    ):
        evidence = [Evidence(chunk=chunk, score=1.0, via="passages") for chunk in cut("a.md", text, minilm)]
        found = figures(question, evidence)
        assert first <= {one.written for one in found}
        for one in found:
            assert text[one.span.slice] == one.written
            assert one.sentence.start <= one.span.start < one.span.end <= one.sentence.end


def test_sentences_that_share_no_word_with_the_question_give_no_number(minilm: MiniLM) -> None:
    evidence = [Evidence(chunk=chunk, score=1.0, via="passages") for chunk in cut("a.md", FERRY, minilm)]
    assert not figures("How tall is the volcano?", evidence)
