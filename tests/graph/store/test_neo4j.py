"""The graph store on a real Neo4j server under the contract, and what is its own."""

import itertools
import threading
import time
from pathlib import Path

import neo4j
import pytest

from clew.errors import Unreachable, UsageError
from graph.pipeline import FactGraph
from graph.store.neo4j import Neo4jStore
from tests.contracts import harbour
from tests.contracts.graph_store import GraphStoreContract
from tests.servers import neo4j as servers

pytestmark = pytest.mark.server


class OnServer:
    """Stores of one server, each with a prefix of its own."""

    numbers = itertools.count()

    def __init__(self, uri: str, server: servers.Server | None) -> None:
        self.uri = uri
        self.server = server
        self.prefix = f"T{next(self.numbers)}"

    def open(self) -> Neo4jStore:
        return Neo4jStore(self.uri, user="", prefix=self.prefix)

    def empty(self) -> Neo4jStore:
        return Neo4jStore(self.uri, user="", prefix=f"T{next(self.numbers)}")

    def killed(self, seconds: float) -> None:
        """The server dies while this process writes; then it comes back."""
        if self.server is None:
            pytest.skip("the server named by NEO4J_URI is not ours to kill")
        stop = threading.Event()

        def write() -> None:
            store = self.open()
            graph = FactGraph(store, harbour.names)
            try:
                for version in itertools.count():
                    for number in range(40):
                        if stop.is_set():
                            return
                        harbour.add(graph, number, (number + version) % 4)
                        if number % 8 == 7:
                            graph.settle()
            except Unreachable:
                pass
            finally:
                store.close()

        writer = threading.Thread(target=write)
        writer.start()
        time.sleep(0.5 + 4 * seconds)
        self.server.kill()
        stop.set()
        writer.join()
        self.server.start()


@pytest.fixture
def backend(neo4j_server: tuple[str, servers.Server | None]) -> OnServer:
    return OnServer(*neo4j_server)


class TestNeo4jStore(GraphStoreContract):
    """The contract, on a server."""

    examples = 3
    kills = 1


def test_an_index_left_by_a_server_killed_while_it_made_a_constraint_is_no_hindrance(backend: OnServer) -> None:
    with neo4j.GraphDatabase.driver(backend.uri) as driver:
        label = f"{backend.prefix}Chunk"
        driver.execute_query(f"CREATE INDEX clew_{backend.prefix.lower()}_chunk_id FOR (n:{label}) ON (n.id)")
    store = backend.open()
    assert harbour.content(harbour.build(store, {0: 0}))
    store.close()


def test_two_indexes_on_one_server_do_not_see_each_other(backend: OnServer) -> None:
    one, two = backend.empty(), backend.empty()
    harbour.build(one, {0: 0})
    before = harbour.content(one)
    harbour.build(two, {0: 1, 1: 0})
    assert harbour.content(one) == before
    assert harbour.content(two) != before
    one.close()
    two.close()


def test_the_same_documents_say_the_same_on_both_engines(backend: OnServer, tmp_path: Path) -> None:
    from graph.store.ladybug import LadybugStore

    documents = {n: n % 4 for n in range(12)}
    server, embedded = backend.empty(), LadybugStore(tmp_path / "graph.db")
    harbour.build(server, documents)
    harbour.build(embedded, documents)
    assert harbour.content(server) == harbour.content(embedded)
    seeds = [e.id for e in embedded.view().entities[:3]]
    ours, theirs = server.around(seeds), embedded.around(seeds)
    assert ours.chunks == theirs.chunks
    assert ours.entities == theirs.entities
    assert ours.often is not None
    assert theirs.often is not None
    assert ours.often.tolist() == theirs.often.tolist()
    assert ours.whole == theirs.whole
    leads = {e.id: 1.0 / n for n, e in enumerate(embedded.view().entities[:3], 1)}
    assert server.led(leads, 8) == embedded.led(leads, 8)
    server.close()
    embedded.close()


def test_a_server_that_is_not_there_is_unreachable_at_once() -> None:
    store = Neo4jStore("bolt://127.0.0.1:9", user="")
    started = time.monotonic()
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1:9"):
        store.counts()
    assert time.monotonic() - started < 6


def test_a_store_goes_on_after_its_server_was_away(neo4j_server: tuple[str, servers.Server | None]) -> None:
    uri, server = neo4j_server
    if server is None:
        pytest.skip("the server named by NEO4J_URI is not ours to kill")
    store = Neo4jStore(uri, user="", prefix="Away")
    harbour.build(store, {0: 0})
    before = harbour.content(store)
    server.kill()
    with pytest.raises(Unreachable):
        store.counts()
    server.start()
    assert harbour.content(store) == before
    store.close()


def test_a_wrong_password_is_said_once_and_not_tried_again(tmp_path: Path) -> None:
    if servers.given() or not servers.possible():
        pytest.skip("needs a server of its own")
    server = servers.Server(tmp_path, auth=True)
    server.start()
    try:
        wrong = Neo4jStore(server.uri, user="neo4j", password="wrong")
        with pytest.raises(UsageError, match="CLEW_NEO4J_PASSWORD"):
            wrong.counts()
        right = Neo4jStore(server.uri, user="neo4j", password=servers.PASSWORD)
        assert right.counts()["chunks"] == 0
        right.close()
        elsewhere = Neo4jStore(server.uri, user="neo4j", password=servers.PASSWORD, database="nowhere")
        with pytest.raises(UsageError, match="nowhere"):
            elsewhere.counts()
    finally:
        server.stop()


@pytest.mark.parametrize("uri", ["nonsense", "http://127.0.0.1:7687"])
def test_an_address_of_the_wrong_kind_is_a_wrong_setting(uri: str) -> None:
    with pytest.raises(UsageError, match="CLEW_NEO4J_URI"):
        Neo4jStore(uri).counts()


@pytest.mark.parametrize("scheme", ["bolt", "http"])
def test_no_message_holds_a_password_written_into_the_address(scheme: str) -> None:
    with pytest.raises(UsageError, match=r"127\.0\.0\.1:9") as error:
        Neo4jStore(f"{scheme}://neo4j:secret@127.0.0.1:9", user="").counts()
    assert "secret" not in str(error.value)


def test_a_prefix_that_is_no_label_is_refused() -> None:
    with pytest.raises(UsageError, match="letters"):
        Neo4jStore("bolt://127.0.0.1:9", prefix="a b")
