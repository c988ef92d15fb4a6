"""When the folder does not tell: the verdict and what it rests on."""

import pytest

from clew.models.minilm import MiniLM
from clew.records import Evidence
from retrieve.enough import judge, observe
from retrieve.passages import vectors_of
from retrieve.weigh import Question, Quote, sentences
from tests.worlds import points

SCHOOL = """# The village school

The school of Aldenbrook has nineteen pupils and one teacher, Ruth Calder. She came from Penhale in 2011.

The roof was mended in 2022 for 8,400 crowns. The stove is lit from October to April.
"""


@pytest.fixture(scope="module")
def embedder() -> MiniLM:
    return MiniLM(1)


def looked(embedder: MiniLM, question: str) -> tuple[Question, list[Quote]]:
    made = points("school.md", SCHOOL, embedder, named=True)
    evidence = [Evidence(chunk=point.chunk, score=1.0, via="passages") for point in made]
    vectors = {point.chunk.id: point.vectors.sentences for point in made if point.vectors.sentences is not None}
    return sentences(question, vectors_of(question, embedder), evidence, vectors)


def test_a_question_that_the_text_answers_is_answered(embedder: MiniLM) -> None:
    for question in (
        "What did it cost to mend the roof of the school?",
        "How many pupils does the school of Aldenbrook have?",
        "Who is the teacher at Aldenbrook?",
    ):
        assert judge(*looked(embedder, question)).enough, question


def test_a_question_for_what_no_sentence_offers_is_doubted_more(embedder: MiniLM) -> None:
    told = judge(*looked(embedder, "How many pupils does the school of Aldenbrook have?"))
    untold = judge(*looked(embedder, "What is the telephone number of the school of Aldenbrook?"))
    assert untold.doubt > told.doubt
    assert not untold.enough
    assert untold.missing == "phone"


def test_nothing_is_missing_where_the_best_sentence_offers_it(embedder: MiniLM) -> None:
    assert judge(*looked(embedder, "What did it cost to mend the roof of the school?")).missing == ""


def test_a_sentence_that_offers_is_not_behind_itself(embedder: MiniLM) -> None:
    behind, _ = observe(*looked(embedder, "What did it cost to mend the roof of the school?"))
    assert behind == 0


def test_no_sentence_at_all_is_not_enough(embedder: MiniLM) -> None:
    question, _ = looked(embedder, "Who is the teacher?")
    verdict = judge(question, [])
    assert not verdict.enough
    assert verdict.doubt == 1
