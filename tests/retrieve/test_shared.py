"""Two index folders, one pair of servers: what the first ingested the second answers from, without an ingest.

Neo4j is a real server; Qdrant is the one QDRANT_URL names, or the stand-in of tests/servers/qdrant.py.
"""

import itertools
import json
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from clew.errors import IndexIncompatible, Unreachable, UsageError
from clew.records import Answer
from clew.settings import Settings
from ingest.pipeline import Ingest
from ingest.store import connection
from retrieve.assembly import Index, find_index, open_index
from retrieve.checkup import checkup
from retrieve.engines import make_graph_store
from retrieve.shared import kept_in
from tests.retrieve.conftest import clear, lay_out, settings_for
from tests.retrieve.harbour import SMALL
from tests.servers import neo4j
from tests.servers.qdrant import StandIn, given, key, running
from ui.cli import clew, run

pytestmark = pytest.mark.server

QUESTIONS = (
    "Where was the designer of the Kittiwake born?",
    "When did the mines of Ostrava close?",
    "海鸥号在哪里下水？",
)


@pytest.fixture
def owner(docs: Path, served: Settings) -> Iterator[Index]:
    with open_index(docs / ".clew", served) as index:
        index.ingest(docs)
        yield index


@pytest.fixture(scope="module")
def standing(
    qdrant: StandIn, neo4j_server: tuple[str, neo4j.Server | None], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Index]:
    """An index on the servers that no test changes."""
    folder = lay_out(tmp_path_factory.mktemp("standing") / "docs")
    with open_index(folder / ".clew", settings_for(qdrant, neo4j_server)) as index:
        index.ingest(folder)
        yield index
    clear(index.settings)


def told(answer: Answer) -> tuple[object, ...]:
    return answer.text, [(e.chunk, e.via, e.facts) for e in answer.evidence], answer.citations, answer.route


def test_a_second_folder_answers_as_the_first_does(standing: Index, tmp_path: Path) -> None:
    owner, served = standing, standing.settings
    with open_index(tmp_path / "elsewhere", served) as second:
        assert second.shared.joined
        for question, path in itertools.product(QUESTIONS, ("passages", "graph", "both", None)):
            assert told(second.assistant.ask(question, path=path)) == told(owner.assistant.ask(question, path=path))  # type: ignore[arg-type]
        whole = "What are these documents about?"
        assert told(second.assistant.ask(whole, path="global")) == told(owner.assistant.ask(whole, path="global"))
        assert second.manifest.entries() == owner.manifest.entries()
        assert second.manifest.collections() == owner.manifest.collections()
        for document in owner.manifest.entries():
            assert second.manifest.markdown(document) is None
            there, here = second.markdown(document), owner.markdown(document)
            assert there is not None
            assert here is not None
            assert (there.text, there.title) == (here.text, here.title)


def test_the_commands_work_in_an_empty_folder_that_only_has_the_settings(
    standing: Index,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    owner, served = standing, standing.settings

    def said(*arguments: str) -> dict[str, Any]:
        assert run(clew, [*arguments, "--json"]) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return {key: value for key, value in found.items() if key not in ("ms", "id", "index")}

    for name in ("qdrant_url", "qdrant_collection", "neo4j_uri"):
        monkeypatch.setenv(f"CLEW_{name.upper()}", getattr(served, name))
    monkeypatch.setenv("CLEW_QDRANT_API_KEY", served.qdrant_api_key.get_secret_value())
    monkeypatch.setenv("CLEW_THREADS", "1")
    empty = tmp_path / "empty"
    empty.mkdir()
    commands = (["ask", QUESTIONS[0]], ["search", QUESTIONS[1]], ["status"])
    monkeypatch.chdir(empty)
    there = [said(*command) for command in commands]
    assert said("markdown", "Ostrava.md")["text"].startswith("# Ostrava")
    here = [said(*command, "--index", str(owner.folder)) for command in commands]
    assert there[2].pop("filled_from").endswith(str(owner.folder))
    assert here[2].pop("filled_from") == "this folder"
    assert there == here
    assert "Mirela Sandu" in there[0]["text"]


def test_without_an_index_on_the_server_nothing_is_made(served: Settings, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No index was found"):
        find_index(served, tmp_path)
    assert not list(tmp_path.iterdir())


def test_doctor_says_which_servers_answer_and_why_one_does_not(
    standing: Index, qdrant: StandIn, tmp_path: Path
) -> None:
    served = standing.settings

    def said(settings: Settings) -> dict[str, tuple[bool, str]]:
        return {one.name: (one.ok, one.says) for one in checkup(settings, tmp_path)}

    found = said(served)
    assert found["qdrant"][0]
    assert found["neo4j"][0]
    wrong = said(
        served.model_copy(update={"qdrant_api_key": SecretStr("wrong-key-77"), "neo4j_uri": "bolt://127.0.0.1:9"})
    )
    assert not wrong["neo4j"][0]
    if not given():
        assert wrong["qdrant"] == (
            False,
            f"The Qdrant server at {served.qdrant_url} refuses the key that is set (401).",
        )
        qdrant.version = "1.15.4"
        assert said(served)["qdrant"] == (False, "The Qdrant server is of version 1.15.4.")
        qdrant.version = "1.20.0"


@pytest.mark.parametrize("other", ["team-docs", "team_docs", "teamdocs", "TeamDocs", "v2", "9"])
def test_one_setting_parts_two_indexes_on_both_servers(other: str) -> None:
    def prefix(name: str) -> str:
        store = make_graph_store(
            Settings(qdrant_url="http://127.0.0.1:1", qdrant_collection=name, neo4j_uri="bolt://a"), Path("stores-1")
        )
        return str(vars(store)["_prefix"])

    names = {"clew", "team-docs", "team_docs", "teamdocs", "TeamDocs", "v2", "9"}
    assert prefix("clew") == ""
    assert prefix("team") == "Team"
    assert all(prefix(name) != prefix(other) for name in names - {other})


def test_what_the_owner_adds_is_seen_at_the_next_opening(
    owner: Index, served: Settings, docs: Path, tmp_path: Path
) -> None:
    with open_index(tmp_path / "elsewhere", served) as second:
        assert len(second.manifest.entries()) == len(SMALL)
    (docs / "Lamp.md").write_text("# Lamp\n\nTobias Renn lit the lamp in 1911.", encoding="utf-8")
    (docs / "Delft.md").unlink()
    owner.ingest(docs)
    with open_index(tmp_path / "elsewhere", served) as second:
        assert second.manifest.entries() == owner.manifest.entries()
        assert "1911" in second.assistant.ask("Who lit the lamp in 1911?", path="passages").text


def test_only_the_folder_that_fills_an_index_ingests_until_another_takes_it_over(
    owner: Index, served: Settings, docs: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(docs, copy, ignore=shutil.ignore_patterns(".clew"))
    with open_index(tmp_path / "elsewhere", served) as second:
        with pytest.raises(UsageError, match="filled from") as caught:
            second.ingest(copy)
        assert str(owner.folder) in caught.value.message
        with pytest.raises(UsageError, match="only reads"):
            second.reindex()
        second.manifest.add_collection("", copy)
        report = second.ingest(copy, take_over=True)
        assert report.documents.unchanged == len(SMALL)
        assert report.embedded == 0
    with open_index(owner.folder, served) as first:
        assert first.shared.joined
        with pytest.raises(UsageError, match="filled from"):
            first.ingest(docs)


def test_made_anew_by_the_owner_an_open_reader_is_told_and_a_new_one_answers(
    owner: Index, served: Settings, tmp_path: Path, qdrant: StandIn
) -> None:
    with open_index(tmp_path / "elsewhere", served) as second:
        before = second.assistant.ask(QUESTIONS[1], path="passages")
        owner.reindex()
        with pytest.raises(IndexIncompatible, match="start this command again"):
            second.assistant.ask(QUESTIONS[1], path="passages")
    with open_index(tmp_path / "elsewhere", served) as second:
        assert second.assistant.ask(QUESTIONS[1], path="passages").text == before.text
        assert second.manifest.setting("stores") == "2"
    if not given():
        names = {one.name for one in qdrant.client.get_collections().collections}
        assert f"{served.qdrant_collection}.2" in names
        assert f"{served.qdrant_collection}.1" not in names


def test_an_ingest_that_goes_on_after_another_folder_took_the_index_over_writes_no_more(
    qdrant: StandIn, docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"clew-test-{uuid.uuid4().hex[:12]}"
    settings = Settings(
        qdrant_url=given() or qdrant.url,
        qdrant_api_key=SecretStr(key()),
        qdrant_collection=name,
        graph=False,
        workers=1,
    )
    copy, embed = tmp_path / "copy", Ingest._embed
    shutil.copytree(docs, copy)
    with open_index(docs / ".clew", settings) as first:
        first.ingest(docs)
    (docs / "Lamp.md").write_text("# Lamp\n\nTobias Renn lit the lamp in 1911.", encoding="utf-8")

    def taken_over_meanwhile(self: Ingest, *batch: Any) -> Any:
        monkeypatch.undo()
        with open_index(copy / ".clew", settings) as second:
            second.manifest.add_collection("", copy)
            second.ingest(copy, take_over=True)
        return embed(self, *batch)

    monkeypatch.setattr(Ingest, "_embed", taken_over_meanwhile)
    with open_index(docs / ".clew", settings) as first, pytest.raises(UsageError, match="taken over") as caught:
        first.ingest(docs)
    assert str(copy) in caught.value.message
    with open_index(copy / ".clew", settings) as second:
        assert not second.shared.joined
        assert {document.path for document in second.store.documents()} == {f"{title}.md" for title in SMALL}
    clear(settings)


def test_an_embedded_index_is_not_passed_over_when_a_server_is_set(
    served: Settings, docs: Path, tmp_path: Path
) -> None:
    embedded = served.model_copy(update={"qdrant_url": "", "neo4j_uri": ""})
    with open_index(tmp_path / "index", embedded) as index:
        index.ingest(docs)
    with pytest.raises(IndexIncompatible, match="is kept in this folder; what is set is Qdrant") as caught:
        open_index(tmp_path / "index", served)
    assert "clew move" in caught.value.remedy
    with open_index(tmp_path / "index", embedded) as index:
        assert index.assistant.ask(QUESTIONS[1], path="passages").text


@pytest.mark.parametrize("calls", [0, 3, 13])
def test_a_server_lost_in_mid_ingest_leaves_nothing_half_counted(
    neo4j_server: tuple[str, neo4j.Server | None],
    docs: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    calls: int,
) -> None:
    monkeypatch.setattr(connection, "PAUSE", 0.01)
    with running(tmp_path / "points") as server:
        settings = Settings(qdrant_url=server.url, threads=1, workers=1, graph=False)
        answer, left = server.answer, itertools.count(calls, -1)

        def lost(method: str, path: str, body: dict[str, Any]) -> Any:
            if next(left) == 0:
                server.fail(503, times=10_000)
            return answer(method, path, body)

        monkeypatch.setattr(server, "answer", lost)
        with pytest.raises(Unreachable, match="503"), open_index(tmp_path / "index", settings) as index:
            index.ingest(docs)
        server.faults.clear()
        monkeypatch.setattr(server, "answer", answer)
        with open_index(tmp_path / "index", settings) as index:
            report = index.ingest(docs)
            assert index.store.count() == report.chunks == len(SMALL)
            assert {entry.state for entry in index.manifest.entries().values()} == {"ready"}
        with open_index(tmp_path / "second", settings) as second:
            assert len(second.manifest.entries()) == len(SMALL)
            server.stop()
            with pytest.raises(Unreachable, match="does not answer"):
                second.assistant.ask(QUESTIONS[1], path="passages")
            server.start()
            assert "1994" in second.assistant.ask(QUESTIONS[1], path="passages").text


def test_an_index_in_two_places_is_told_by_both() -> None:
    assert kept_in(("embedded", "embedded")) == kept_in(("embedded", "none")) == "this folder"
    assert kept_in(("embedded", "server")) == "this folder, its facts in Neo4j"
    assert kept_in(("server team", "server")) == "Qdrant's collection team, its facts in Neo4j"
