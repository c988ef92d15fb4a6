"""The default embedder."""

import numpy as np

from clew.models.minilm import GATHERED, TOGETHER, MiniLM
from clew.ports import Passage
from clew.records import Span

FERRY = "The ferry leaves at seven. It takes forty minutes."
SENTENCES = (Span(0, 26), Span(27, len(FERRY)))


def test_a_passage_has_the_same_vectors_whatever_stands_beside_it() -> None:
    embedder = MiniLM(threads=1)
    [alone] = embedder.embed_passages([Passage(FERRY, SENTENCES)])
    others = [Passage("Herons nest by the mill. " * (1 + n % 9)) for n in range(GATHERED + TOGETHER)]
    for at in (0, 3, GATHERED - 1, GATHERED, len(others)):
        among = list(embedder.embed_passages([*others[:at], Passage(FERRY, SENTENCES), *others[at:]]))
        assert len(among) == len(others) + 1
        assert np.allclose(among[at].vector, alone.vector, atol=1e-6)
        assert among[at].sentences is not None
        assert alone.sentences is not None
        assert np.abs(among[at].sentences.astype(int) - alone.sentences).max() <= 1


def test_the_tokens_of_a_question_know_where_they_stand() -> None:
    question = "Who has the clock?"
    found = MiniLM(threads=1).embed_query(question)
    assert [question[span.slice] for span in found.offsets if len(span)] == ["Who", "has", "the", "clock", "?"]
    assert len(found.tokens) == len(found.offsets)
