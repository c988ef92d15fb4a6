"""From chunks to entities that can be walked, and what people say about them."""

from pathlib import Path

import pytest

from clew.errors import UsageError
from clew.ids import document_id
from graph.pipeline import FactGraph
from graph.store.ladybug import LadybugStore
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
