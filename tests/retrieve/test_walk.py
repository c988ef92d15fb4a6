"""The walk, over real stores filled with a small town."""

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from clew.models.minilm import MiniLM
from retrieve.walk import Walk
from retrieve.walkindex import WalkIndex
from tests.retrieve.harbour import CHINESE, TOWN, Town, settle

DESIGNER = "In which city was the designer of the Kittiwake born?"
RIVER = "On which river lies the city where the designer of the Kittiwake was born?"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, minilm: MiniLM) -> Iterator[Town]:
    made = settle(tmp_path_factory.mktemp("town"), TOWN, minilm)
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def chinese(tmp_path_factory: pytest.TempPathFactory, minilm: MiniLM) -> Iterator[Town]:
    made = settle(tmp_path_factory.mktemp("chinese"), CHINESE, minilm)
    yield made
    made.store.close()


def test_the_passages_that_must_be_joined_come_first(town: Town) -> None:
    assert set(town.titles(town.ask(DESIGNER))[:2]) == {"Kittiwake", "Mirela Sandu"}


def test_the_residual_hop_reaches_what_neither_seed_nor_bridge_names(town: Town) -> None:
    assert set(town.titles(town.ask(RIVER))[:3]) == {"Kittiwake", "Mirela Sandu", "Ostrava"}


def test_two_seeds_lead_to_both_their_bridges(town: Town) -> None:
    question = "Were the designers of the Kittiwake and the Petrel born in the same town?"
    found = town.titles(town.ask(question))[:4]
    assert set(found) == {"Kittiwake", "Petrel", "Mirela Sandu", "Joren Haak"}


def test_a_step_says_which_sentences_led_to_it(town: Town) -> None:
    walked = town.ask(DESIGNER)
    step = walked.steps[town.titles(walked).index("Mirela Sandu")]
    chunks = town.store.fetch([place.chunk for place in step.facts])
    said = [chunks[p.chunk].quote(chunks[p.chunk].sentences[p.sentence]) for p in step.facts]
    assert said[0] == "She was designed by Mirela Sandu and launched at Brackwater in 1994."


def test_the_seeds_are_the_entities_of_the_question(town: Town) -> None:
    names = {entity.id: entity.name for entity in town.view.entities}
    assert [names[seed] for seed in town.ask(DESIGNER).seeds] == ["Kittiwake"]


def test_what_the_folder_does_not_tell_stays_uncovered(town: Town) -> None:
    uncovered = town.ask("How many microchips did the designer of the Kittiwake buy?").uncovered
    assert "microchips" in uncovered
    assert "Kittiwake" not in uncovered


def test_a_question_that_names_nobody_still_gets_the_passages(town: Town) -> None:
    walked = town.ask("what is sounded when nobody can see the harbour?")
    assert walked.seeds == ()
    assert town.titles(walked)[0] == "Fog signals"


def test_scores_are_given_best_first_and_the_limit_holds(town: Town) -> None:
    assert len(town.ask(DESIGNER, limit=3).steps) == 3
    ids = [step.chunk for step in town.ask(DESIGNER).steps]
    assert len(ids) == len(set(ids))


def test_the_same_question_is_answered_alike_warm_and_cold(town: Town) -> None:
    warm = town.ask(RIVER)
    cold = Town(town.store, town.view, Walk(WalkIndex(town.view), town.store), town.embedder).ask(RIVER)
    assert warm == cold


def test_the_order_in_which_documents_came_does_not_matter(tmp_path: Path, minilm: MiniLM, town: Town) -> None:
    titles = list(TOWN)
    random.Random(4).shuffle(titles)
    other = settle(tmp_path, {title: TOWN[title] for title in titles}, minilm)
    for name in ("chunk", "entity", "sentence"):
        np.testing.assert_array_equal(getattr(other.view, name), getattr(town.view, name))
    query = minilm.embed_query(RIVER)
    hybrid = town.hybrid(RIVER, query)  # equal scores come in the order of writing
    assert other.walk.rank(RIVER, query, hybrid, limit=9) == town.walk.rank(RIVER, query, hybrid, limit=9)
    other.store.close()


def test_a_question_in_chinese_is_walked_by_its_words(chinese: Town) -> None:
    walked = chinese.ask("海鸥号的设计师毕业于哪所大学?")
    assert walked.seeds
    assert set(chinese.titles(walked)[:2]) == {"海鸥号", "林婉清"}


def test_another_paths_ranking_is_put_in_the_order_of_the_cover(town: Town) -> None:
    query = town.embedder.embed_query(DESIGNER)
    by_title = {chunk.document.title: chunk.id for chunk in town.store.scroll()}
    ranked = [by_title[title] for title in ("Kittiwake", "Petrel", "Fog signals", "Mirela Sandu", "Gull Head")]
    scored = [(id_, 1 - n / 10) for n, id_ in enumerate(ranked)]
    ordered, uncovered = town.walk.order(DESIGNER, query, [*scored, ("f" * 32, 0.1)])
    order = [id_ for id_, _ in ordered]
    assert sorted(ordered, key=lambda one: -one[1]) == ordered
    assert sorted(order[:-1]) == sorted(ranked)
    assert order[-1] == "f" * 32
    assert order.index(by_title["Mirela Sandu"]) < ranked.index(by_title["Mirela Sandu"])
    assert "Kittiwake" not in uncovered


def test_a_shorter_form_of_a_title_leads_to_it(tmp_path: Path, minilm: MiniLM) -> None:
    documents = {
        "The Gannet": "The Gannet is a trawler. Her skipper for ten years was Boso Haak.",
        "Boso Haak the Elder": "He was born in Zwolle and baked bread before he went to sea.",
        "Zwolle": TOWN["Zwolle"],
        "Delft": TOWN["Delft"],
        "Fog signals": TOWN["Fog signals"],
    }
    other = settle(tmp_path, documents, minilm)
    walked = other.ask("Where was the skipper of The Gannet born?")
    assert set(other.titles(walked)[:2]) == {"The Gannet", "Boso Haak the Elder"}
    other.store.close()


def test_an_empty_graph_has_no_steps(minilm: MiniLM, tmp_path: Path) -> None:
    empty = settle(tmp_path, {}, minilm)
    assert empty.ask(DESIGNER).steps == ()
    empty.store.close()
