"""The walk over a graph that is far away: the whole of a small one, a part of a large one, ranked alike."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from clew.language import language_of
from clew.models.minilm import MiniLM
from clew.ports import Int8s
from graph.extract import extract_each
from graph.pipeline import FactGraph
from graph.ports import GraphStore
from graph.store.ladybug import LadybugStore
from graph.store.neo4j import Neo4jStore
from retrieve import nearby
from retrieve.entities import candidates
from retrieve.nearby import Nearby
from retrieve.walk import Walked
from tests.retrieve.harbour import CHINESE, TOWN, Town, settle
from tests.servers.neo4j import Server

QUESTIONS = (
    "In which city was the designer of the Kittiwake born?",
    "On which river lies the city where the designer of the Kittiwake was born?",
    "Were the designers of the Kittiwake and the Petrel born in the same town?",
    "what is sounded when nobody can see the harbour?",
    "海鸥号的设计师毕业于哪所大学?",
)


class Faraway(LadybugStore):
    """The embedded store, as if it were on a server."""

    remote = True


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, minilm: MiniLM) -> Iterator[Town]:
    made = settle(tmp_path_factory.mktemp("town"), {**TOWN, **CHINESE}, minilm)
    yield made
    made.store.close()


@pytest.fixture
def far(town: Town, tmp_path: Path) -> Iterator[LadybugStore]:
    store = Faraway(tmp_path / "graph.db")
    fill(store, town)
    yield store
    store.close()


def fill(store: GraphStore, town: Town) -> None:
    """Write the town's documents into another graph."""
    facts = FactGraph(store, extract_each)
    facts.write(facts.extract([[chunk] for chunk in sorted(town.store.scroll(), key=lambda c: c.document.path)]))
    facts.settle()


def asked(town: Town, question: str, walks: Nearby | None = None, deep: bool = True) -> Walked:
    """By the walk over the town as it is at hand, or by the one that ``walks`` gives."""
    query = town.embedder.embed_query(question) if language_of(question) == "en" else None
    hybrid = town.hybrid(question, query)
    walk = town.walk if walks is None else walks.walk(question, query, hybrid, deep=deep)
    return walk.rank(question, query, hybrid, limit=10)


def ranking(walked: Walked) -> object:
    """All of it but the scores, which differ in their last digits."""
    return [(step.chunk, step.facts) for step in walked.steps], walked.seeds, walked.uncovered


@pytest.mark.server
@pytest.mark.parametrize("whole", [2000, 0])
def test_a_graph_on_a_server_gives_the_ranking_that_one_at_hand_gives(
    town: Town, neo4j_server: tuple[str, Server | None], whole: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearby, "WHOLE", whole)
    store = Neo4jStore(neo4j_server[0], user="", prefix="Nearby")
    fill(store, town)
    walks = Nearby(store, town.store)
    try:
        for question in QUESTIONS:
            assert ranking(asked(town, question, walks)) == ranking(asked(town, question))
    finally:
        store.close()


def test_a_large_graph_far_away_is_never_read_whole(
    town: Town, far: LadybugStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearby, "WHOLE", 0)
    monkeypatch.setattr(far, "view", lambda: pytest.fail("all of the graph was read"))
    walks = Nearby(far, town.store)
    for question in QUESTIONS:
        cold = asked(town, question, walks)
        assert ranking(cold) == ranking(asked(town, question))
        assert ranking(asked(town, question, walks)) == ranking(cold)


def test_a_part_holds_what_the_names_of_the_question_and_the_walk_lead_to_within_its_limit(
    town: Town, far: LadybugStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearby, "WHOLE", 0)
    monkeypatch.setattr(nearby, "PARTS", (2, 3, 5))
    query = town.embedder.embed_query(QUESTIONS[0])
    [titled] = [chunk for chunk in town.store.scroll() if chunk.document.title == "Fog signals"]
    walks = Nearby(far, town.store)
    near = walks.walk(QUESTIONS[0], query, [(titled.id, 1.0)], deep=False)
    further = walks.walk(QUESTIONS[0], query, [(titled.id, 1.0)])
    found = town.store.fetch(further.index.chunks)
    assert near.index.size == 2
    assert further.index.size <= 5
    assert {"Fog signals", "Kittiwake", "Mirela Sandu"} <= {chunk.document.title for chunk in found.values()}


def test_what_changed_since_the_last_question_is_seen(
    town: Town, far: LadybugStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearby, "WHOLE", 0)
    walks = Nearby(far, town.store)
    before = asked(town, QUESTIONS[0], walks)
    [gone] = [source for source in far.sources() if source.title == "Mirela Sandu"]
    facts = FactGraph(far, extract_each)
    facts.delete([gone.id])
    facts.settle()
    after = asked(town, QUESTIONS[0], walks)
    [led] = [step for step in before.steps if step.chunk == gone.chunks[0]]
    assert led.facts
    assert not any(step.facts for step in after.steps if step.chunk == gone.chunks[0])  # only its rank speaks for it


def test_the_names_to_ask_for_are_the_stretches_with_a_capital_and_pieces_of_chinese() -> None:
    assert candidates("Who designed the Gull Head lamp?") == [
        "who designed the gull head lamp",
        "who designed the gull head",
        "designed the gull head lamp",
        "who designed the gull",
        "designed the gull head",
        "the gull head lamp",
        "designed the gull",
        "the gull head",
        "gull head lamp",
        "the gull",
        "gull head",
        "head lamp",
        "gull",
        "head",
    ]
    assert candidates("海鸥号在哪") == [
        "海鸥",
        "海鸥号",
        "海鸥号在",
        "海鸥号在哪",
        "鸥号",
        "鸥号在",
        "鸥号在哪",
        "号在",
        "号在哪",
        "在哪",
    ]


def test_what_was_read_of_passages_is_kept_until_the_graph_changes(
    town: Town, far: LadybugStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearby, "WHOLE", 0)
    read: list[str] = []
    vectors = town.store.sentence_vectors

    def noting(chunks: Sequence[str]) -> Mapping[str, Int8s]:
        read.extend(chunks)
        return vectors(chunks)

    monkeypatch.setattr(town.store, "sentence_vectors", noting)
    walks = Nearby(far, town.store)
    asked(town, QUESTIONS[0], walks)
    first = set(read)
    read.clear()
    asked(town, QUESTIONS[0], walks)
    there = vectors(list(first)).keys()
    assert first & there
    assert not there & set(read)
    far.group([community.id for community in far.communities()], [])
    asked(town, QUESTIONS[0], walks)
    assert first <= set(read)
