"""Where a question names nobody, what a piece says by itself counts beside its place."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from clew.models.minilm import MiniLM
from clew.records import Evidence
from ingest.store.edge import EdgeStore
from retrieve.asking import own_words
from retrieve.cosines import Cosines
from retrieve.described import NAMED, POOL, Described
from retrieve.groups import Bags
from tests.worlds import cut, points

TEXTS = {
    "rain.md": "Rain fell on the harbour all week.",
    "times.md": "The ferry leaves at nine and returns at noon.",
    "board.md": "The captain brought her dog to the meeting of the board.",
    "会议.md": "船长带着她的狗来开会。",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, minilm: MiniLM) -> Iterator[EdgeStore]:
    made = EdgeStore(tmp_path_factory.mktemp("described") / "qdrant", size=384)
    for path, text in TEXTS.items():
        made.write(points(path, text, minilm))
    yield made
    made.close()


@pytest.fixture
def described(store: EdgeStore, minilm: MiniLM) -> Described:
    return Described(store, minilm, Bags())


def ranked(minilm: MiniLM, *texts: tuple[str, str]) -> list[Evidence]:
    chunks = [chunk for path, text in texts for chunk in cut(path, text, minilm)]
    return [Evidence(chunk=chunk, score=1 - n / 100, via="passages") for n, chunk in enumerate(chunks)]


def paths(found: list[Evidence]) -> list[str]:
    return [piece.chunk.document.path for piece in found]


def ask(described: Described, minilm: MiniLM, question: str, *, named: float = 0.0) -> list[Evidence]:
    given = ranked(minilm, *TEXTS.items())
    vector = minilm.embed_query(question).vector
    return described.order(given, lambda _: own_words(question), vector, language="en", named=named)


def test_what_is_near_in_meaning_rises_where_nobody_is_named(described: Described, minilm: MiniLM) -> None:
    assert paths(ask(described, minilm, "Who took a pet along to the gathering?"))[0] == "board.md"


def test_what_has_the_words_rises_without_a_vector(described: Described, minilm: MiniLM) -> None:
    given = ranked(minilm, *TEXTS.items())
    found = described.order(given, lambda _: own_words("When does the ferry return?"), None, language="en", named=0.0)
    assert paths(found)[0] == "times.md"


def test_a_question_of_names_leaves_the_ranking_as_it_is(described: Described, minilm: MiniLM) -> None:
    question = "Who took a pet along to the gathering?"
    assert ask(described, minilm, question, named=NAMED) == ranked(minilm, *TEXTS.items())


def test_each_language_is_asked_in_its_own_words_and_compared_with_itself(described: Described, minilm: MiniLM) -> None:
    words = {"en": own_words("rain harbour"), "zh": own_words("船长 开会")}
    given = ranked(minilm, *TEXTS.items(), ("天气.md", "整个星期都在下雨。"))[::-1]  # the Chinese ones first
    found = paths(described.order(given, lambda language: words[language], None, language="en", named=0.0))
    assert found.index("会议.md") < found.index("天气.md")
    assert found.index("rain.md") < found.index("times.md")


def test_nothing_stands_before_the_first_piece_in_the_language_of_the_question(
    described: Described, minilm: MiniLM
) -> None:
    given = ranked(
        minilm, ("会议.md", TEXTS["会议.md"]), ("rain.md", TEXTS["rain.md"]), ("board.md", TEXTS["board.md"])
    )
    words = {"zh": own_words("谁带狗来"), "en": own_words("captain dog meeting board")}
    found = described.order(given, lambda language: words[language], None, language="zh", named=0.0)
    assert paths(found) == ["会议.md", "board.md", "rain.md"]


def test_scores_never_rise_and_what_stands_behind_the_pool_stays_there(described: Described, minilm: MiniLM) -> None:
    many = [(f"{n}.md", "Nothing of note happened here today.") for n in range(POOL)]
    given = ranked(minilm, *many, ("last.md", "The ferry returns."))
    found = described.order(given, lambda _: own_words("When does the ferry return?"), None, language="en", named=0.0)
    assert paths(found)[-1] == "last.md"
    scores = [piece.score for piece in found]
    assert scores == sorted(scores, reverse=True)


def test_nothing_is_nothing(described: Described) -> None:
    assert described.order([], lambda _: (), None, language="en", named=0.0) == []


def test_a_passage_is_compared_as_it_stands_under_its_new_title(tmp_path: Path, minilm: MiniLM) -> None:
    text, vector = "They decided upon the matter. It took an hour.", minilm.embed_query("the zeppelin").vector
    store = EdgeStore(tmp_path / "qdrant", size=384)
    store.write(points("minutes.md", text, minilm, title="Minutes", named=True))
    kept = Cosines(store, minilm)
    before = kept.of(store.scroll(), vector)
    store.write(points("minutes.md", text, minilm, title="The zeppelin", named=True))
    after = kept.of(store.scroll(), vector)
    assert before.keys() == after.keys()
    for id_, near in Cosines(store, minilm).of(store.scroll(), vector).items():
        assert after[id_].tolist() == near.tolist() != before[id_].tolist()
    store.close()
