"""Qdrant Edge keeps the vector store's promises."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from clew.models.minilm import MiniLM
from ingest.store.edge import EdgeStore
from tests.contracts.vector_store import VectorStoreContract
from tests.worlds import FERRY, points


class TestEdgeStore(VectorStoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[EdgeStore]:
        store = EdgeStore(tmp_path / "qdrant", size=384)
        yield store
        store.close()


def test_a_folder_left_by_a_kill_before_anything_was_written_is_made_anew(tmp_path: Path, minilm: MiniLM) -> None:
    (tmp_path / "qdrant" / "segments").mkdir(parents=True)
    store = EdgeStore(tmp_path / "qdrant", size=384)
    store.write(points("ferry.md", FERRY, minilm))
    assert store.count() > 0
    store.close()
