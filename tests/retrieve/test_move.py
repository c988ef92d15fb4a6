"""An index moves to servers and back, is the same there, and a kill on the way costs nothing."""

import itertools
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

import graph.copy
import ingest.store.copy
from clew.errors import ClewError, IndexIncompatible, UsageError
from clew.progress import Silent
from clew.settings import Settings
from retrieve.assembly import open_index
from retrieve.move import move
from tests.contracts.harbour import content
from tests.retrieve.conftest import clear
from tests.retrieve.harbour import SMALL
from tests.servers.qdrant import StandIn, given, key

pytestmark = pytest.mark.server

QUESTION = "Where was the designer of the Kittiwake born?"


@pytest.fixture
def embedded(served: Settings) -> Settings:
    return served.model_copy(update={"qdrant_url": "", "neo4j_uri": ""})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An embedded index, made once and copied for each test."""
    home = tmp_path_factory.mktemp("made")
    for title, text in SMALL.items():
        (home / f"{title}.md").write_text(f"# {title}\n\n{text}\n", encoding="utf-8")
    with open_index(home / ".clew", Settings(threads=1, workers=1)) as index:
        index.ingest(home)
    return home


@pytest.fixture
def index(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "moving")
    return tmp_path / "moving" / ".clew"


@pytest.fixture(scope="module")
def before(made: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[object, ...]:
    """What the index holds before it is moved."""
    copy = tmp_path_factory.mktemp("before") / "copy"
    shutil.copytree(made, copy)
    return all_of(copy / ".clew", Settings(threads=1))


def all_of(folder: Path, settings: Settings) -> tuple[object, ...]:
    """Everything that an index holds."""
    with open_index(folder, settings) as opened, opened.lease.hold():
        chunks = sorted(opened.store.scroll(), key=lambda chunk: chunk.id)
        ids = [chunk.id for chunk in chunks]
        rows = {id_: rows.tolist() for id_, rows in opened.store.sentence_vectors(ids).items()}
        vectors = {id_: vector.round(5).tolist() for id_, vector in opened.store.vectors(ids).items()}
        assert opened.facts is not None
        return chunks, rows, vectors, opened.store.terms(ids), content(opened.facts.store)


def told(folder: Path, settings: Settings) -> tuple[object, ...]:
    with open_index(folder, settings) as opened:
        answer = opened.assistant.ask(QUESTION, path="graph")
        return answer.text, answer.evidence


def test_there_and_back_the_index_is_the_same(
    index: Path, before: tuple[object, ...], served: Settings, embedded: Settings, qdrant: StandIn
) -> None:
    answered = told(index, embedded)
    moved = move(index, served, progress=Silent())
    assert [(part.name, part.source) for part in moved] == [("passages", "embedded"), ("facts", "embedded")]
    assert moved[0].count == len(before[0])  # type: ignore[arg-type]
    assert all_of(index, served) == before
    assert told(index, served) == answered
    assert not list((index / "stores-1").iterdir())
    assert move(index, served, progress=Silent()) == []
    with pytest.raises(IndexIncompatible, match="clew move"):
        all_of(index, embedded)
    move(index, served, to="embedded", progress=Silent())
    assert all_of(index, embedded) == before
    if not given():
        names = {one.name for one in qdrant.client.get_collections().collections}
        assert not any(name.startswith(served.qdrant_collection + ".") for name in names)


@pytest.mark.parametrize("step", [2, 5])
def test_interrupted_anywhere_the_index_stays_and_the_next_run_goes_on(
    index: Path,
    before: tuple[object, ...],
    served: Settings,
    embedded: Settings,
    qdrant: StandIn,
    monkeypatch: pytest.MonkeyPatch,
    step: int,
) -> None:
    monkeypatch.setattr(ingest.store.copy, "BATCH", 2)
    monkeypatch.setattr(graph.copy, "BATCH", 2)

    class Interrupted(Silent):
        steps = itertools.count(1)

        def advance(self, by: int = 1, note: str = "") -> None:
            if next(self.steps) == step:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move(index, served, progress=Interrupted())
    assert all_of(index, embedded) == before
    qdrant.seen.clear()
    move(index, served, progress=Silent())
    if not given():
        written = sum(call == f"PUT /collections/{served.qdrant_collection}.1/points" for call in qdrant.seen)
        assert written == max(0, 3 - step)
    assert all_of(index, served) == before


def test_killed_on_the_way_it_is_finished_by_the_next_run(
    index: Path,
    before: tuple[object, ...],
    served: Settings,
    embedded: Settings,
    qdrant: StandIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if given():
        pytest.skip("only the stand-in can be watched while it is written to")
    answer, stuck = qdrant.answer, []

    def slow(method: str, path: str, body: dict[str, Any]) -> Any:
        if method == "PUT" and path.endswith("/points"):
            stuck.append(path)
            time.sleep(1)
        return answer(method, path, body)

    monkeypatch.setattr(qdrant, "answer", slow)
    names = ("qdrant_url", "qdrant_collection", "neo4j_uri")
    environment = {**os.environ, **{f"CLEW_{name.upper()}": str(getattr(served, name)) for name in names}}
    environment |= {"CLEW_QDRANT_API_KEY": served.qdrant_api_key.get_secret_value(), "CLEW_THREADS": "1"}
    command = [sys.executable, "-m", "ui.cli", "move", "--index", str(index)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, env=environment, cwd=root, stderr=subprocess.DEVNULL) as moving:
        while not stuck and moving.poll() is None:
            time.sleep(0.02)
        moving.kill()
    monkeypatch.setattr(qdrant, "answer", answer)
    assert stuck
    time.sleep(1.2)  # the stand-in finishes the call that nobody waits for
    assert all_of(index, embedded) == before
    move(index, served, progress=Silent())
    assert all_of(index, served) == before


def test_a_copy_that_is_not_equal_is_not_moved_to(
    index: Path,
    before: tuple[object, ...],
    served: Settings,
    embedded: Settings,
    qdrant: StandIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer = qdrant.answer

    def forgetful(method: str, path: str, body: dict[str, Any]) -> Any:
        for point in body.get("points", []) if path.endswith(".1/points") and method == "PUT" else []:
            point["payload"]["text"] += " "
        return answer(method, path, body)

    monkeypatch.setattr(qdrant, "answer", forgetful)
    with pytest.raises(ClewError, match="not equal to the index it was made of: the text of a passage"):
        move(index, served, progress=Silent())
    assert all_of(index, embedded) == before


def test_an_index_made_anew_while_it_was_copied_is_not_moved(docs: Path, qdrant: StandIn) -> None:
    embedded = Settings(graph=False, threads=1, workers=1)
    there = embedded.model_copy(
        update={"qdrant_url": given() or qdrant.url, "qdrant_collection": "beside", "qdrant_api_key": SecretStr(key())}
    )
    with open_index(docs / ".clew", embedded) as index:
        index.ingest(docs)

    class Beside(Silent):
        anew = True

        def advance(self, by: int = 1, note: str = "") -> None:
            if self.anew:
                self.anew = False
                with open_index(docs / ".clew", embedded) as other:
                    other.reindex()

    with pytest.raises(IndexIncompatible, match="made anew or moved while it was copied"):
        move(docs / ".clew", there, progress=Beside())
    with open_index(docs / ".clew", embedded) as index, index.unit():
        assert index.store.count() == len(SMALL)
    clear(there)


def test_a_reader_takes_a_copy_home_and_the_servers_keep_theirs(
    index: Path, before: tuple[object, ...], served: Settings, embedded: Settings, tmp_path: Path
) -> None:
    move(index, served, progress=Silent())
    with open_index(tmp_path / "second", served) as second:
        assert second.shared.joined
    move(tmp_path / "second", served, to="embedded", progress=Silent())
    assert all_of(tmp_path / "second", embedded) == before
    assert all_of(index, served) == before


def test_a_name_that_another_folder_has_is_not_moved_to(
    index: Path, before: tuple[object, ...], served: Settings, embedded: Settings, docs: Path
) -> None:
    with open_index(docs / ".clew", served) as other:
        other.shared.begin()
    with pytest.raises(UsageError, match="filled from"):
        move(index, served, progress=Silent())


def test_where_no_server_is_set_there_is_nowhere_to_move_to(index: Path, embedded: Settings) -> None:
    with pytest.raises(UsageError, match="No server is set"):
        move(index, embedded, to="servers", progress=Silent())
    assert move(index, embedded, progress=Silent()) == []
