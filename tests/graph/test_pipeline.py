"""From chunks to entities that can be walked, and what people say about them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from clew.errors import UsageError
from clew.ids import document_id
from clew.models.minilm import MiniLM
from evals import resolution
from graph.communities import communities_of
from graph.evidence import Evidence
from graph.pipeline import FactGraph, _alike
from graph.ports import Resolved
from graph.resolve import resolve
from graph.store.ladybug import LadybugStore
from ingest.vectors import CachedVectors
from tests.contracts import harbour


def test_joining_by_hand_moves_mentions_and_outlives_reading_again(tmp_path: Path) -> None:
    store = LadybugStore(tmp_path / "graph.db")
    harbour.build(store, {3: 0, 4: 0})
    graph = FactGraph(store, harbour.names)
    before = {e.name: e for e in store.view().entities}
    graph.merge([before["Maud Perrin"].id, before["Nils Hagaman"].id], note="they told me")
    graph.settle()
    [one] = store.find("Maud Perrin")
    assert set(one.aliases) | {one.name} == {"Maud Perrin", "Nils Hagaman"}
    graph.delete([document_id("", "town/3.txt")])
    harbour.add(graph, 3, 0)
    graph.settle()
    assert store.find("Nils Hagaman") == [one]
    assert store.decisions()[0].note == "they told me"
    graph.forget(one.id)
    graph.settle()
    assert {e.name: e for e in store.view().entities} == before
    store.close()


def test_parting_by_hand_moves_the_mentions_of_some_documents(tmp_path: Path) -> None:
    store = LadybugStore(tmp_path / "graph.db")
    harbour.build(store, {0: 0, 3: 0, 4: 0, 6: 0})
    graph = FactGraph(store, harbour.names)
    [ship] = list(store.find("Petrel"))
    around = store.neighbourhood(ship.id)
    assert around is not None
    named = {n.document for n in store.namings() if n.id in around.namings}
    assert len(named) > 1
    graph.split(ship.id, [min(named)])
    graph.settle()
    assert len(store.find("Petrel")) == 2
    with pytest.raises(UsageError, match="nothing to part"):
        graph.split(store.find("Petrel")[0].id, ["unknown"])
    with pytest.raises(UsageError, match="no entity"):
        graph.merge(["unknown"])
    store.close()


def test_chunks_without_text_are_no_document(tmp_path: Path) -> None:
    graph = FactGraph(LadybugStore(tmp_path / "graph.db"), harbour.names)
    assert graph.extract([[]]) == []
    assert graph.counts()["entities"] == 0
    graph.close()


def test_others_use_the_graph_while_names_are_resolved_and_what_they_write_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = LadybugStore(tmp_path / "graph.db")
    harbour.build(store, {0: 0, 3: 0})
    graph = FactGraph(store, harbour.names)
    harbour.add(graph, 4, 0)
    held: list[bool] = []
    asked: list[bool] = []

    @contextmanager
    def hold() -> Iterator[None]:
        held.append(True)
        yield
        held.pop()

    def resolving(*arguments: Any) -> list[Resolved]:
        asked.append(bool(held))
        if len(asked) == 1:
            harbour.add(graph, 6, 0)
        return resolve(*arguments)

    monkeypatch.setattr("graph.pipeline.resolve", resolving)
    graph.settle(hold)
    assert asked == [False, True]  # the first was of no use, the second let nobody in
    fresh = harbour.build(LadybugStore(tmp_path / "fresh.db"), {0: 0, 3: 0, 4: 0, 6: 0})
    assert harbour.content(store) == harbour.content(fresh)
    graph.settle(hold)
    assert len(asked) == 3  # of the fresh one; what is settled is not resolved again
    store.close()
    fresh.close()


def test_the_communities_are_those_of_the_view_and_outlive_their_entities_being_written_anew(tmp_path: Path) -> None:
    store = LadybugStore(tmp_path / "graph.db")
    harbour.build(store, dict.fromkeys(range(8), 0))
    graph = FactGraph(store, harbour.names)
    before = store.communities()
    assert before
    assert before == communities_of(store.view())
    graph.delete([document_id("", "town/3.txt")])
    harbour.add(graph, 3, 0)
    graph.settle()
    assert store.communities() == before
    store.close()


def test_roles_that_were_compared_before_are_not_embedded_again(tmp_path: Path) -> None:
    namings = resolution.namings_in(Path(__file__).parents[1] / "corpus" / "entities.jsonl")
    runs = []
    for _ in range(2):
        kept = CachedVectors(tmp_path / "vectors.sqlite", MiniLM())
        runs.append((resolve(namings, (), Evidence(_alike(kept.embed))), kept.embedded > 0))
        kept.close()
    assert runs == [(runs[0][0], True), (runs[0][0], False)]
