"""Where a large change takes several transactions, each step of it counts: what was read between two, and a kill."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from graph.pipeline import FactGraph
from graph.store.cypher import Step
from graph.store.ladybug import LadybugStore
from tests.contracts import harbour


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LadybugStore]:
    store = LadybugStore(tmp_path / "graph.db")
    harbour.build(store, {0: 0, 1: 1, 2: 0})
    yield store
    store.close()


def by_steps(store: LadybugStore, monkeypatch: pytest.MonkeyPatch, between: Callable[[], None]) -> None:
    """From now on each step is a transaction of its own; ``between`` comes after it."""
    write = store._session.write

    def one_by_one(steps: Sequence[Step]) -> None:
        for step in steps:
            write([step])
            between()

    monkeypatch.setattr(store._session, "write", one_by_one)


def test_what_is_read_in_the_midst_of_a_change_is_old_at_its_end(
    store: LadybugStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = FactGraph(store, harbour.names)
    revisions: list[int] = []
    by_steps(store, monkeypatch, lambda: revisions.append(store.revision()))
    for change in (
        lambda: harbour.add(graph, 2, 1),
        graph.settle,
        lambda: store.delete([source.id for source in store.sources()[:1]]),
        lambda: store.group([c.id for c in store.communities()], []),
    ):
        revisions.clear()
        change()
        assert len(revisions) > 1
        assert store.revision() not in revisions[:-1]


def test_a_document_written_again_is_whole_wherever_the_first_time_was_cut_off(
    store: LadybugStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph, expected = FactGraph(store, harbour.names), harbour.content(store)
    for cut_off_after in range(1, 20):
        left = iter(range(cut_off_after - 1))
        with monkeypatch.context() as killed, suppress(StopIteration):
            by_steps(store, killed, lambda left=left: next(left) and None)  # type: ignore[misc]
            harbour.add(graph, 2, 0)
            assert cut_off_after > 5
            return
        harbour.add(graph, 2, 0)
        graph.settle()
        assert harbour.content(store) == expected, f"cut off after {cut_off_after} steps"
    raise AssertionError("the writing never came to its end")
