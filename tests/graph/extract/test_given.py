"""Facts that came with the data."""

import pytest

from clew.models.minilm import MiniLM
from clew.records import Chunk
from graph.extract.given import Given, GivenExtractor
from graph.view import TITLE
from tests.worlds import cut

TEXT = (
    "# Packet House\n\nPacket House stands on the quay. Ada Lusk sold the old house to the harbour board in May 2019."
)


@pytest.fixture(scope="module")
def chunks() -> list[Chunk]:
    return cut("house.md", TEXT, MiniLM(threads=1), named=True, title="Packet House")


def test_names_are_placed_in_the_sentences_that_hold_them(chunks: list[Chunk]) -> None:
    facts = next(GivenExtractor({"house.md": Given(entities=["ada lusk", "Packet House", "May 2019", "7"])})([chunks]))
    assert {(m.name, m.sentence) for m in facts.mentions} == {
        ("Packet House", TITLE),
        ("Packet House", 0),
        ("ada lusk", 1),
    }


def test_a_triple_is_placed_in_the_sentence_that_holds_most_of_it(chunks: list[Chunk]) -> None:
    triple = ("Ada Lusk", "sold", "Packet House")
    facts = next(GivenExtractor({"house.md": Given(triples=[triple])})([chunks]))
    assert [(t.subject, t.predicate, t.object) for t in facts.triples] == [triple]
    assert facts.triples[0].span == chunks[0].sentences[1]
    assert ("Packet House", 1) in {(m.name, m.sentence) for m in facts.mentions}


def test_a_triple_that_no_sentence_states_is_left_out(chunks: list[Chunk]) -> None:
    facts = next(GivenExtractor({"house.md": Given(triples=[("Nobody", "flew to", "Mars")])})([chunks]))
    assert facts.triples == ()


def test_a_document_with_nothing_given_has_its_title(chunks: list[Chunk]) -> None:
    assert [m.name for m in next(GivenExtractor({})([chunks])).mentions] == ["Packet House"]
