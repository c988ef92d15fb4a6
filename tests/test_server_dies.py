"""The Neo4j server dies in the middle of an ingest: the command says so, and the next run makes it whole."""

import sqlite3
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from clew.settings import Settings
from graph.store.neo4j import Neo4jStore
from ingest import pipeline
from retrieve.assembly import open_index
from tests.contracts import harbour
from tests.servers.neo4j import Server
from ui.cli import clew, run

pytestmark = pytest.mark.server

DOCUMENTS = 24
AWAY = 6


def states(index: Path) -> Counter[str]:
    """How many documents stand in each state."""
    try:
        with sqlite3.connect(index / "manifest.sqlite") as manifest:
            return Counter(state for (state,) in manifest.execute("SELECT state FROM documents"))
    except sqlite3.OperationalError:
        return Counter()


def killing(server: Server, index: Path) -> threading.Thread:
    """Kill the server as soon as some documents are in the index."""

    def watch() -> None:
        while not states(index)["ready"]:
            time.sleep(0.01)
        server.kill()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    return thread


def test_a_server_killed_in_the_middle_of_an_ingest_is_reported_and_the_next_run_completes(
    tmp_path: Path,
    neo4j_server: tuple[str, Server | None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    uri, server = neo4j_server
    if server is None:
        pytest.skip("the server named by NEO4J_URI is not ours to kill")
    docs = tmp_path / "docs"
    for number in range(DOCUMENTS):
        path, text = harbour.town(number, number % 4)
        (docs / path).parent.mkdir(parents=True, exist_ok=True)
        (docs / path).write_text(text, encoding="utf-8")
    monkeypatch.setattr(pipeline, "BATCH_CHUNKS", 4)
    for name, value in (("NEO4J_URI", uri), ("NEO4J_PREFIX", "Dies"), ("THREADS", "1"), ("WORKERS", "1")):
        monkeypatch.setenv(f"CLEW_{name}", value)
    index = docs / ".clew"

    killer = killing(server, index)
    assert run(clew, ["ingest", str(docs)]) == AWAY
    killer.join()
    assert f"{uri} does not answer" in " ".join(capsys.readouterr().err.split())
    assert 0 < states(index)["ready"] < DOCUMENTS
    assert run(clew, ["ask", "Whom did Ada Lusk meet?", "--path", "graph", "--index", str(index)]) == AWAY
    assert run(clew, ["graph", "--index", str(index)]) == AWAY
    monkeypatch.setenv("CLEW_NEO4J_PASSWORD", "whistle-42")
    assert run(clew, ["doctor", "--index", str(index)]) == AWAY
    monkeypatch.delenv("CLEW_NEO4J_PASSWORD")
    said = capsys.readouterr()
    assert "does not answer" in " ".join((said.out + said.err).split())
    assert "whistle-42" not in said.out + said.err
    assert run(clew, ["ingest", str(docs)]) == AWAY
    ready = states(index)["ready"]

    server.start()
    store = Neo4jStore(uri, user="", prefix="Dies")
    assert store.counts()["documents"] >= ready
    assert run(clew, ["ingest", str(docs)]) == 0
    assert states(index) == {"ready": DOCUMENTS}
    assert run(clew, ["ask", "Whom did Ada Lusk meet?", "--path", "graph", "--index", str(index)]) == 0
    with open_index(tmp_path / "fresh", Settings(threads=1, workers=1)) as fresh:
        fresh.ingest(docs)
        assert fresh.facts is not None
        assert harbour.content(store) == harbour.content(fresh.facts.store)
    store.close()
