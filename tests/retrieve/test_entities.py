"""Finding the entities of a question by their names."""

import numpy as np
import pytest

from clew.records import Entity
from graph.view import View
from retrieve.entities import entities_of
from retrieve.rarity import Rarity
from retrieve.terms import terms
from retrieve.walkindex import WalkIndex

NAMES = ["Ada Lusk", "Lusk", "Director", "The Blue Whale", "Blue", "O'Brien Quay", "林婉清", "清华大学", "Ada Lusk"]
RARITY = Rarity([terms("the director of the film")] * 50 + [terms("a blue door")] * 50)


@pytest.fixture(scope="module")
def index() -> WalkIndex:
    none = np.zeros(0, np.int32)
    entities = tuple(Entity(id=f"{n:032x}", name=name, kind="name") for n, name in enumerate(NAMES))
    aliased = (*entities, Entity(id="f" * 32, name="Orrin Sound Ferries", kind="organisation", aliases=("OSF",)))
    return WalkIndex(View(chunks=(), entities=aliased, chunk=none, entity=none, sentence=none))


def named(question: str, index: WalkIndex) -> list[str]:
    return [index.names[seed.entity] for seed in entities_of(question, index, RARITY)]


def test_the_longest_known_name_is_taken_and_its_parts_are_not(index: WalkIndex) -> None:
    assert named("Who saw the Blue Whale near OʼBrien Quay?", index) == ["The Blue Whale", "O'Brien Quay"]


def test_two_entities_of_one_name_are_walked_as_one(index: WalkIndex) -> None:
    found = entities_of("When was Ada Lusk born?", index, RARITY)
    assert [index.ids[seed.entity] for seed in found] == [(f"{0:032x}", f"{8:032x}")]
    assert found[0].span is not None
    assert "When was Ada Lusk born?"[found[0].span.slice] == "Ada Lusk"


def test_possessives_accents_and_aliases_are_seen_through(index: WalkIndex) -> None:
    assert named("What is OSF and what is Ada Lusk's post office?", index)[:1] == ["Ada Lusk"]
    assert "Orrin Sound Ferries" in named("What is OSF?", index)
    assert named("Is Áda Lusk there?", index)[:1] == ["Ada Lusk"]


def test_a_common_word_is_no_name_unless_written_as_one_and_then_weighs_little(index: WalkIndex) -> None:
    assert named("Who is the director of the ferry?", index) == []
    weight = {index.names[s.entity]: s.weight for s in entities_of("Is Lusk the Director?", index, RARITY)}
    assert weight["Director"] < 0.1 < weight["Lusk"]


def test_a_question_without_capitals_may_name_anyone(index: WalkIndex) -> None:
    assert "Ada Lusk" in named("when was ada lusk born?", index)


def test_chinese_names_are_found_without_spaces(index: WalkIndex) -> None:
    assert named("林婉清什么时候从清华大学毕业的?", index) == ["林婉清", "清华大学"]


def test_where_nobody_is_named_the_nearest_entities_serve(index: WalkIndex) -> None:
    vector = np.ones(4, np.float32)
    found = entities_of("who keeps it?", index, RARITY, vector=vector, near=lambda _: [f"{5:032x}", "unknown"])
    assert [(index.ids[seed.entity], seed.span) for seed in found] == [((f"{5:032x}",), None)]
