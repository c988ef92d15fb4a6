"""Words near in meaning count in part, by a table that the embedder made."""

import numpy as np
import pytest

from clew.models.minilm import MiniLM
from retrieve.asking import own_words
from retrieve.content import terms
from retrieve.groups import Bag, bag, group
from retrieve.near import WHOLE, bm25_nearly, near_words, table
from retrieve.near.make import FAR, spoken

EVERY = 700  # one word of so many is looked at


def bags(*texts: str) -> list[Bag]:
    return [bag(text) for text in texts]


def test_a_text_with_a_near_word_fits_better_than_one_without() -> None:
    texts = bags("The captain's daughter christened it.", "The captain's invoice arrived late.")
    daughter, invoice = bm25_nearly(own_words("Which girl was it?"), texts, "en")
    assert daughter > invoice == 0


def test_the_word_itself_fits_better_than_any_number_of_near_ones() -> None:
    texts = bags("A girl came by.", "Daughter, daughter, daughter, boy, lady.")
    own, near = bm25_nearly(own_words("Which girl was it?"), texts, "en")
    assert own > near > 0


def test_a_word_that_has_no_near_ones_counts_as_it_does_in_bm25() -> None:
    texts = bags("Averstrand is a town.", "It rained.")
    assert near_words(*terms("Averstrand")) == {}
    there, elsewhere = bm25_nearly(own_words("Averstrand"), texts, "en")
    assert there > elsewhere == 0


def test_near_words_are_looked_for_in_the_other_language_too() -> None:
    there, elsewhere = bm25_nearly([group("女孩", ["girl"])], bags("His daughter sang.", "It rained."), "en")
    assert there > elsewhere == 0
    there, elsewhere = bm25_nearly([group("girl", ["女孩"])], bags("他的孙女唱歌。", "整天下雨。"), "zh")
    assert there > elsewhere == 0


def test_a_chinese_question_finds_near_chinese_words() -> None:
    there, elsewhere = bm25_nearly(own_words("面包"), bags("早上买饼干。", "整天下雨。"), "zh")
    assert there > elsewhere == 0


def test_nothing_fits_nothing() -> None:
    assert bm25_nearly((), bags("It rained."), "en") == [0.0]
    assert bm25_nearly(own_words("rain"), [], "en") == []


def test_the_table_has_the_words_of_the_embedder_as_they_are_compared_today(minilm: MiniLM) -> None:
    """After a change of ``terms``: ``python -m retrieve.near.make``."""
    assert list(table().terms) == list(spoken(minilm))


def test_the_table_says_what_the_embedder_says(minilm: MiniLM) -> None:
    words, known = spoken(minilm), table()
    for term in list(words)[::EVERY]:
        near = near_words(term)
        own = minilm.embed_query(words[term]).vector
        cosines = {other: float(own @ minilm.embed_query(words[other]).vector) for other in near}
        for other, likeness in near.items():
            assert (cosines[other] - FAR) / (1 - FAR) == pytest.approx(likeness, abs=4 / WHOLE)
        assert np.all(np.diff(known.likeness[known.at[term]].astype(int)) <= 0)
