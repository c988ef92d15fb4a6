"""A question taken apart."""

import numpy as np
import pytest

from clew.models.minilm import MiniLM
from retrieve.asked import asked
from retrieve.rarity import Rarity
from retrieve.terms import content_words


@pytest.mark.parametrize(
    ("question", "inside"),
    [("Which party paid for the art school?", "art"), ("Did the farmers protest at the farm?", "farm")],
)
def test_a_word_that_stands_inside_an_earlier_one_has_a_meaning_of_its_own(
    minilm: MiniLM, question: str, inside: str
) -> None:
    taken = asked(question, minilm.embed_query(question), Rarity([]))
    assert taken.states is not None
    state = taken.states[taken.words.index(inside)]
    assert np.linalg.norm(state) == pytest.approx(1, abs=1e-3)


def test_words_stand_where_they_are_written_each_once() -> None:
    question = "The ferry, the captain and the ferry 渡轮晚点"
    words = content_words(question)
    assert [question[word.span.start : word.span.end] for word in words] == [word.text for word in words]
    assert [word.text for word in words].count("ferry") == 1
