"""The Qdrant server's store keeps the vector store's promises, and meets each fault with a sentence."""

import time
import uuid
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from qdrant_client import QdrantClient

from clew.errors import ClewError, IndexIncompatible, Unreachable, UsageError
from clew.models.minilm import MiniLM
from ingest.store import connection
from ingest.store.connection import Connection, connect
from ingest.store.server import ServerStore
from tests.contracts.vector_store import VectorStoreContract
from tests.servers.qdrant import StandIn, given, key, running
from tests.worlds import FERRY, points

KEY = "clew-test-key-0451"


class TestInProcess(VectorStoreContract):
    """qdrant-client's own engine, in a folder: no network between."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[ServerStore]:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Payload indexes have no effect")
            store = ServerStore(Connection(lambda: QdrantClient(path=str(tmp_path)), where="here"), "clew", size=384)
            yield store
            store.close()


class TestOverRest(VectorStoreContract):
    """Over HTTP: to the server QDRANT_URL names, or to the stand-in."""

    @pytest.fixture
    def store(self) -> Iterator[ServerStore]:
        if url := given():
            store = ServerStore(connect(url, key=key()), f"clew-test-{uuid.uuid4().hex}", size=384)
            yield store
            store.drop()
            store.close()
            return
        with running(key=KEY) as server:
            store = ServerStore(connect(server.url, key=KEY), "clew", size=384)
            yield store
            store.close()


@pytest.fixture
def server() -> Iterator[StandIn]:
    with running(key=KEY) as server:
        yield server


@pytest.fixture
def store(server: StandIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServerStore]:
    monkeypatch.setattr(connection, "PAUSE", 0.01)
    store = ServerStore(connect(server.url, key=KEY, seconds=1), "clew", size=384)
    yield store
    store.close()


@pytest.mark.parametrize("kind", [500, 502, 503, 429, "cut"])
def test_a_fault_that_passes_is_not_seen(store: ServerStore, server: StandIn, minilm: MiniLM, kind: int | str) -> None:
    written = points("ferry.md", FERRY, minilm)
    server.fail(kind, times=2)
    store.write(written)
    server.fail(kind, times=2)
    assert store.count() == len(written)


@pytest.mark.parametrize(
    ("kind", "error", "says"),
    [
        (500, Unreachable, "fails (500): made to fail"),
        (503, Unreachable, "fails (503)"),
        (429, Unreachable, "fails (429)"),
        ("cut", Unreachable, "does not answer"),
        ("slow", Unreachable, "does not answer in time"),
        (401, UsageError, "refuses the key"),
        (403, UsageError, "refuses the key"),
        (400, ClewError, "refuses (400)"),
        (404, IndexIncompatible, "no longer what was looked for"),
        ("other", UsageError, "does not speak as Qdrant"),
    ],
)
def test_a_fault_that_stays_is_explained(
    store: ServerStore, server: StandIn, kind: int | str, error: type[ClewError], says: str
) -> None:
    assert store.count() == 0
    server.fail(kind, times=9)
    before = time.monotonic()
    with pytest.raises(error) as caught:
        store.count()
    assert says in caught.value.message
    assert server.url in caught.value.message
    assert caught.value.remedy
    assert time.monotonic() - before < 5


def test_a_refused_connection_is_unreachable_and_the_store_works_once_the_server_is_back(
    tmp_path: Path, minilm: MiniLM, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "PAUSE", 0.01)
    written = points("ferry.md", FERRY, minilm)
    with running(tmp_path) as server:
        store = ServerStore(connect(server.url), "clew", size=384)
        store.write(written[:1])
        server.stop()
        with pytest.raises(Unreachable, match="does not answer"):
            store.write(written)
        server.start()
        assert store.count() == 1
        store.write(written)
        assert store.count() == len(written)
        store.close()


def test_a_server_that_asks_for_a_long_pause_is_left_alone(store: ServerStore, server: StandIn) -> None:
    server.fail(429, times=9, Retry_After="600")
    with pytest.raises(Unreachable, match="asks to wait 600 s"):
        store.count()
    assert len(server.seen) == 1


def test_a_short_pause_that_a_server_asks_for_is_kept(store: ServerStore, server: StandIn) -> None:
    server.fail(429, Retry_After="1")
    before = time.monotonic()
    assert store.count() == 0
    assert time.monotonic() - before >= 1


def test_no_message_holds_the_key(server: StandIn) -> None:
    wrong = "not-the-key-9121"  # the stand-in repeats it in its reply
    store = ServerStore(connect(server.url, key=wrong), "clew", size=384)
    with pytest.raises(UsageError) as caught:
        store.count()
    assert wrong not in str(caught.value)
    server.fail(500, times=9)
    server.key = ""
    with pytest.raises(UsageError) as caught:
        connect(f"ftp://user:{wrong}@127.0.0.1:1")
    assert wrong not in str(caught.value)
    store.close()


@pytest.mark.parametrize("url", ["127.0.0.1:6333", "ftp://127.0.0.1", "http://", "http://here:port", "qdrant"])
def test_what_is_no_address_is_said_before_any_call(url: str) -> None:
    with pytest.raises(UsageError, match="CLEW_QDRANT_URL"):
        connect(url)


def test_a_collection_made_by_a_killed_process_is_finished(store: ServerStore, server: StandIn) -> None:
    server.client.create_collection("clew", **_bare())
    assert store.count() == 0
    assert sum("/index" in call for call in server.seen) == 7


def test_a_collection_of_another_embedder_is_refused(server: StandIn, minilm: MiniLM) -> None:
    server.client.create_collection("clew", **_bare(size=12))
    store = ServerStore(connect(server.url, key=KEY), "clew", size=384)
    assert store.count() == 0
    with pytest.raises(IndexIncompatible, match="another kind"):
        store.write(points("ferry.md", FERRY, minilm))
    store.close()


def test_much_goes_in_several_requests(
    store: ServerStore, server: StandIn, minilm: MiniLM, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = points("ferry.md", FERRY, minilm)
    monkeypatch.setattr("ingest.store.server.REQUEST", 1)
    store.write(written)
    assert server.seen.count("PUT /collections/clew/points") == len(written) == store.count()


def test_a_new_collection_has_the_shards_and_copies_that_are_set(server: StandIn) -> None:
    asked: list[dict[str, Any]] = []
    answer: Callable[..., Any] = server.answer

    def listening(method: str, path: str, body: dict[str, Any]) -> Any:
        if (method, path) == ("PUT", "/collections/clew"):
            asked.append(body)
        return answer(method, path, body)

    server.answer = listening  # type: ignore[method-assign]
    store = ServerStore(connect(server.url, key=KEY), "clew", size=384, shards=6, replicas=2)
    assert store.count() == 0
    store.close()
    assert [(body["shard_number"], body["replication_factor"]) for body in asked] == [(6, 2)]


def _bare(size: int = 384) -> dict[str, Any]:
    from qdrant_client import models as m

    return {"vectors_config": {"dense": m.VectorParams(size=size, distance=m.Distance.COSINE)}}
