"""Choosing evidence as a set, by words alone and by meaning."""

import numpy as np
import pytest

from clew.models.minilm import MiniLM
from clew.ports import Floats, Passage
from clew.records import Span
from retrieve.asked import Asked, asked
from retrieve.cover import cover
from retrieve.rarity import Rarity
from retrieve.terms import terms

QUESTION = "Who designed the lighthouse and when was its lamp lit?"


@pytest.fixture(scope="module")
def by_words() -> Asked:
    return asked(QUESTION, None, Rarity([]))


def sentence(text: str, embedder: MiniLM) -> Floats:
    rows = next(iter(embedder.embed_passages([Passage(text, (Span(0, len(text)),))]))).sentences
    assert rows is not None
    return rows.astype(np.float32) / 127


def test_what_adds_comes_before_what_repeats(by_words: Asked) -> None:
    texts = ["The lighthouse was designed by Sandu.", "Sandu designed a lighthouse.", "The lamp was lit in 1862.", ""]
    found = cover(by_words, [1.0, 0.9, 0.8, 0.0], [terms(text) for text in texts], [None] * 4)
    assert found.order == (0, 2, 1, 3)


def test_without_anything_to_cover_the_order_stays(by_words: Asked) -> None:
    found = cover(by_words, [3.0, 2.0, 1.0], [frozenset()] * 3, [None] * 3)
    assert found.order == (0, 1, 2)
    assert found.uncovered == by_words.words


def test_what_no_piece_says_is_uncovered(by_words: Asked) -> None:
    assert cover(by_words, [1.0], [terms("The lighthouse lamp was lit.")], [None]).uncovered == ("designed",)


def test_no_candidates_leave_every_word_open(by_words: Asked) -> None:
    found = cover(by_words, [], [], [])
    assert found.order == ()
    assert found.uncovered == by_words.words


def test_a_piece_that_hangs_on_a_chosen_one_is_preferred(by_words: Asked) -> None:
    links = np.zeros((3, 3), np.float32)
    links[0, 2] = links[2, 0] = 1.0
    held = [terms("The lighthouse was designed"), frozenset[int](), frozenset[int]()]
    assert cover(by_words, [1.0, 0.6, 0.5], held, [None] * 3).order == (0, 1, 2)
    assert cover(by_words, [1.0, 0.6, 0.5], held, [None] * 3, links).order == (0, 2, 1)


def test_other_words_for_the_same_cover_too(minilm: MiniLM) -> None:
    question = asked(
        "Who was the architect of the beacon?", minilm.embed_query("Who was the architect of the beacon?"), Rarity([])
    )
    near, far = sentence("The lighthouse was designed by Sandu.", minilm), sentence("Trout is sold on Fridays.", minilm)
    assert cover(question, [1.0, 1.0], [frozenset()] * 2, [far, near]).order[0] == 1


def test_the_candidates_order_of_arrival_changes_nothing(by_words: Asked) -> None:
    texts = ["The lighthouse was designed by Sandu.", "Sandu designed it.", "The lamp was lit in 1862.", "A lamp."]
    scores = [1.0, 0.9, 0.85, 0.7]
    first = cover(by_words, scores, [terms(text) for text in texts], [None] * 4)
    turned = cover(by_words, scores[::-1], [terms(text) for text in texts[::-1]], [None] * 4)
    assert [texts[n] for n in first.order] == [texts[::-1][n] for n in turned.order]


def test_a_common_word_weighs_less_than_a_rare_one() -> None:
    rarity = Rarity([terms("a lamp on the quay")] * 9 + [terms("a lamp with a prism")])
    assert rarity.word(terms("lamp")) < rarity.word(terms("prism")) < rarity.word(terms("sextant"))
    assert rarity.name("Lamp") < rarity.name("Lamp Prism") <= 1.0
