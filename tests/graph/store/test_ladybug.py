"""The embedded graph store under the contract, and what is its own."""

import itertools
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from clew.errors import IndexBusy
from graph.store.ladybug import LadybugStore
from tests.contracts import harbour
from tests.contracts.graph_store import GraphStoreContract


class Embedded:
    def __init__(self, folder: Path) -> None:
        self.path = folder / "graph.db"
        self.fresh = (folder / f"fresh-{n}.db" for n in itertools.count())

    def open(self) -> LadybugStore:
        return LadybugStore(self.path)

    def empty(self) -> LadybugStore:
        return LadybugStore(next(self.fresh))

    def killed(self, seconds: float) -> None:
        with writing(self.path):
            time.sleep(seconds)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Another process writes into the store meanwhile; at the end it is killed."""
    command = [sys.executable, "-m", "tests.contracts.graph_writer", f"{__name__}:opened", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        try:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "writing\n"
            yield
        finally:
            writer.kill()


def opened(path: str) -> LadybugStore:
    return LadybugStore(Path(path))


@pytest.fixture
def backend(tmp_path: Path) -> Embedded:
    return Embedded(tmp_path)


class TestLadybugStore(GraphStoreContract):
    """The contract, on the embedded engine."""


def test_two_stores_on_one_file_of_one_process_see_each_other(tmp_path: Path) -> None:
    one, two = LadybugStore(tmp_path / "g.db"), LadybugStore(tmp_path / "g.db")
    harbour.build(one, {0: 0})
    assert harbour.content(two) == harbour.content(one)
    one.close()
    one.close()
    assert two.view().entities
    two.close()
    assert one.view().entities
    one.close()


def test_nobody_reads_what_a_transaction_has_not_ended_yet(tmp_path: Path) -> None:
    store = harbour.build(LadybugStore(tmp_path / "g.db"), {0: 0})
    entities = [{"id": id_} for id_ in store.stamps()]
    seen: list[int] = []
    reader = threading.Thread(target=lambda: seen.append(store.counts()["entities"]))

    class Failing(list[dict[str, str]]):
        def __getitem__(self, part: Any) -> Any:
            reader.start()
            reader.join(0.5)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store._session.write([("MATCH (e:Entity {id: r.id}) DETACH DELETE e", entities), ("RETURN r", Failing([{}]))])
    reader.join()
    assert seen == [len(entities)]
    store.close()


def test_a_file_that_another_process_holds_is_busy(tmp_path: Path) -> None:
    store = LadybugStore(tmp_path / "g.db")
    with writing(tmp_path / "g.db"), pytest.raises(IndexBusy, match=r"g\.db"):
        store.revision()
    assert store.revision() >= 0
    store.close()


def test_reading_the_whole_graph_loads_no_data_frames(tmp_path: Path) -> None:
    harbour.build(LadybugStore(tmp_path / "g.db"), {0: 0}).close()
    told = (
        "import sys\n"
        f"from {__name__} import opened\n"
        "store = opened(sys.argv[1])\n"
        "print(len(store.view().entities) > 0, 'pandas' in sys.modules)\n"
        "store.close()"
    )
    said = subprocess.run(
        [sys.executable, "-c", told, str(tmp_path / "g.db")], capture_output=True, text=True, check=True
    )
    assert said.stdout == "True False\n"
