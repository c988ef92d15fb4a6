"""A part of a graph is read by several questions at once."""

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from graph.part import Part
from graph.ports import Known
from graph.store.ladybug import LadybugStore
from tests.contracts import harbour


def test_an_entity_that_two_questions_come_by_at_once_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = LadybugStore(tmp_path / "graph.db")
    harbour.build(store, dict.fromkeys(range(4), 0))
    whole = store.view()
    part = Part(store, len(whole.chunks))
    known = store.known
    other = threading.Thread(target=part.view, args=(whole.chunks[:3],))

    def while_another_asks(entities: Sequence[str]) -> list[Known]:
        monkeypatch.undo()
        other.start()
        other.join(0.5)
        return known(entities)

    monkeypatch.setattr(store, "known", while_another_asks)
    part.view(whole.chunks[2:])
    other.join()
    entities = [entity.id for entity in part.view(whole.chunks).entities]
    assert entities == [entity.id for entity in whole.entities]
    store.close()
