"""Communities are written where the graph changed, and nowhere else."""

from collections.abc import Sequence
from pathlib import Path

from graph.extract import extract_each
from graph.pipeline import FactGraph
from graph.ports import Community
from graph.store.ladybug import LadybugStore
from tests.contracts.harbour import chunks_of

QUAY = "Nora Feld met Ada Lusk and Ines Calloway. Ada Lusk wrote to Ines Calloway. Nora Feld thanked Ines Calloway."
HILL = "Tobias Renn met Maud Perrin and Colm Vey. Maud Perrin wrote to Colm Vey. Tobias Renn thanked Colm Vey."


class Watched(LadybugStore):
    """The store, and what was asked of it."""

    regrouped: list[tuple[list[str], list[Community]]]

    def group(self, gone: Sequence[str], communities: Sequence[Community]) -> None:
        self.regrouped.append((list(gone), list(communities)))
        super().group(gone, communities)


def test_only_communities_that_changed_are_written(tmp_path: Path) -> None:
    store = Watched(tmp_path / "graph.db")
    store.regrouped = []
    graph = FactGraph(store, extract_each)

    def write(path: str, text: str) -> None:
        graph.write(graph.extract([chunks_of(path, text)]))
        graph.settle()

    write("quay.txt", QUAY)
    write("hill.txt", HILL)
    before = {c.id for c in store.communities()}
    assert len(before) == 2
    write("hill.txt", HILL.replace("Colm Vey", "Walter Groat"))
    gone, new = store.regrouped[-1]
    assert len(gone) == 1
    assert len(new) == 1
    names = {e.id: e.name for e in store.view().entities}
    assert "Walter Groat" in {names[id_] for id_ in new[0].entities}
    assert len({c.id for c in store.communities()} & before) == 1
    graph.settle()
    assert len(store.regrouped) == 3  # what is settled is left alone
    store.close()
