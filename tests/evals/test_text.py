"""Answers and quotes compared."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.text import contains, exact_match, f1, plain, token_recall, tokens


def squad_tokens(text: str) -> list[str]:
    """SQuAD's normalisation written out a second time: lower case, punctuation out, articles out, split."""
    text = "".join(c for c in text.lower() if c not in set(string.punctuation))
    return re.sub(r"\b(a|an|the)\b", " ", text).split()


@given(st.text(alphabet=string.ascii_letters + string.digits + string.punctuation + " \n\t"))
def test_tokens_of_ascii_text_are_squads(text: str) -> None:
    assert tokens(text) == squad_tokens(text)


@pytest.mark.parametrize(
    ("answer", "reference", "em", "score"),
    [
        ("The Mill!", "mill", 1.0, 1.0),
        ("in 1911", "1911", 0.0, 2 / 3),
        ("", "mill", 0.0, 0.0),
        ("2,140 kWh", "2140 kwh", 1.0, 1.0),
        ("二〇一一年", "一一年", 0.0, 0.75),
        ("１９１１年。", "1911年", 1.0, 1.0),
        ("heron", "mill", 0.0, 0.0),
    ],
)
def test_exact_match_and_f1(answer: str, reference: str, em: float, score: float) -> None:
    assert exact_match(answer, [reference]) == em
    assert f1(answer, [reference]) == pytest.approx(score)


def test_the_best_of_several_references_counts() -> None:
    assert f1("Ida", ["Ida Vask", "Ida"]) == 1.0
    assert exact_match("Ida", []) == 0.0
    assert token_recall("Ida was here", ["Ida Vask", "nobody at all"]) == 0.5


@pytest.mark.parametrize(
    ("text", "quote", "there"),
    [
        ("The fare is 9.20 crowns.", "9.20", True),
        ("The fare is 19.20 crowns.", "9.20", False),
        ("replaced by the **Petrel**, in May", "replaced by the *Petrel*", True),
        ("磨坊1911年烧毁。", "1911年 烧毁", True),
        ("Anorak", "no", False),
        ("anything", "", False),
        ("anything", "?!", False),
    ],
)
def test_a_quote_stands_in_a_text_word_by_word(text: str, quote: str, there: bool) -> None:
    assert contains(text, quote) is there


def test_markers_are_no_part_of_an_answer() -> None:
    assert plain("It burned [1]. Nobody [2][13] was hurt.") == "It burned. Nobody was hurt."
