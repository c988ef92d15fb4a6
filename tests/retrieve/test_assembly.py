"""An index that is made anew elsewhere while it is open here: nothing is written to, or read from, what is gone."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from clew.errors import ClewError, IndexBusy, IndexIncompatible, Unreachable, UsageError
from clew.settings import Settings
from graph.ports import Decision
from ingest import chunk, pipeline
from ingest.pipeline import Ingest
from retrieve.assembly import Index, open_index
from retrieve.checkup import checkup

QUIET = Settings(threads=1, workers=1)


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "ferry.md").write_text("# The ferry\n\nInes Calloway took command in 2019.", encoding="utf-8")
    with open_index(folder / ".clew", QUIET) as index:
        index.ingest(folder)
    return folder


def make_anew(folder: Path) -> None:
    with Index(folder / ".clew", QUIET, doing="reindex", anew=True) as other:
        other.reindex()


def test_an_ingest_during_which_the_index_is_made_anew_marks_nothing_as_done(
    docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (docs / "lamp.md").write_text("# The lamp\n\nTobias Renn kept the lamp until 1911.", encoding="utf-8")
    embed = Ingest._embed

    def slowly(self: Ingest, *batch: Any) -> Sequence[Any]:
        monkeypatch.undo()
        make_anew(docs)
        return embed(self, *batch)

    monkeypatch.setattr(Ingest, "_embed", slowly)
    with open_index(docs / ".clew", QUIET) as index, pytest.raises(IndexIncompatible, match="made anew"):
        index.ingest(docs)
    assert not (docs / ".clew" / "stores-1").exists()
    with open_index(docs / ".clew", QUIET) as index:
        assert index.ingest(docs).documents.added == 1
        with index.unit():
            assert {document.path for document in index.store.documents()} == {"ferry.md", "lamp.md"}


def test_what_stands_around_a_passage_is_not_looked_for_in_stores_that_are_gone(docs: Path) -> None:
    with open_index(docs / ".clew", QUIET) as page:
        with page.unit():
            [passage] = page.store.scroll()
        page.lease.release()
        make_anew(docs)
        with pytest.raises(IndexIncompatible, match="Ask again, or start"), page.unit():
            page.store.around(passage)
        with pytest.raises(IndexIncompatible):
            page.ingest(docs)
    assert not (docs / ".clew" / "stores-1").exists()


def test_of_two_that_make_an_index_anew_at_once_the_second_is_told_so(
    docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut, told = chunk.chunks, []

    def interrupted(*arguments: Any) -> Any:
        monkeypatch.undo()
        with pytest.raises(IndexBusy, match="Another process is making the index"):
            make_anew(docs)
        told.append(True)
        return cut(*arguments)

    monkeypatch.setattr(chunk, "chunks", interrupted)
    make_anew(docs)
    assert told
    assert kept(docs) == (2, ["ferry.md"])


def test_an_index_opened_before_it_was_made_anew_is_not_made_anew_from_what_is_gone(docs: Path) -> None:
    with Index(docs / ".clew", QUIET, anew=True) as first:
        with first.unit():
            assert first.store.count()
        first.lease.release()
        make_anew(docs)
        with pytest.raises(IndexIncompatible, match="made anew"):
            first.reindex()
    assert kept(docs) == (2, ["ferry.md"])


def test_made_anew_a_document_is_still_one_that_an_older_converter_read(
    docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as newer:
        newer.setattr(pipeline, "CONVERTER", "the next")
        make_anew(docs)
        with open_index(docs / ".clew", QUIET) as index:
            assert index.ingest(docs).documents.changed == 1
    make_anew(docs)
    with open_index(docs / ".clew", QUIET) as index:
        assert [entry.versions.split(",")[0] for entry in index.manifest.entries().values()] == ["convert the next"]


def kept(folder: Path) -> tuple[int, list[str]]:
    """The number of the stores, and the documents that are in them; there are no others."""
    with open_index(folder / ".clew", QUIET) as index:
        number = int(index.manifest.setting("stores") or 1)
        assert [path.name for path in index.folder.glob("stores-*")] == [f"stores-{number}"]
        with index.unit():
            return number, sorted(document.path for document in index.store.documents())


def test_lost_stores_are_told_whatever_is_asked_and_made_anew_from_the_markdown(docs: Path) -> None:
    shutil.rmtree(docs / ".clew" / "stores-1")
    with open_index(docs / ".clew", QUIET) as index:
        with pytest.raises(ClewError, match="is gone, and with it 1 passages") as told:
            index.assistant.search("Who took command?", path="passages")
        assert "clew reindex" in told.value.remedy
        with pytest.raises(ClewError, match="is gone"):
            index.ingest(docs)
        assert "is gone" in index.lacking()
    make_anew(docs)
    assert kept(docs) == (2, ["ferry.md"])


LOST = [("qdrant", "holds 0 of 1 passages"), ("graph.db", "the graph knows 0 of 1")]


@pytest.mark.parametrize(("part", "told"), LOST)
def test_a_store_that_lost_its_passages_is_told_by_ingest(docs: Path, part: str, told: str) -> None:
    for gone in (docs / ".clew" / "stores-1").glob(f"{part}*"):
        shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
    with open_index(docs / ".clew", QUIET) as index:
        [loss] = index.ingest(docs).losses
    assert told in loss.reason
    assert "clew reindex" in loss.remedy
    [check] = [check for check in checkup(QUIET, docs) if check.name == "index"]
    assert not check.ok
    assert told in check.says


def test_names_that_are_joined_while_an_index_is_made_anew_stay_joined(
    docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = chunk.chunks

    def interrupted(*arguments: Any) -> Any:
        monkeypatch.undo()
        with open_index(docs / ".clew", QUIET) as index, index.unit():
            assert index.facts is not None
            index.facts.store.decide([Decision(naming="n", entity="e", note="they told me")])
        return cut(*arguments)

    monkeypatch.setattr(chunk, "chunks", interrupted)
    make_anew(docs)
    with open_index(docs / ".clew", QUIET) as index, index.unit():
        assert index.facts is not None
        assert [decision.note for decision in index.facts.store.decisions()] == ["they told me"]


def test_damaged_kept_vectors_cost_time_only(docs: Path, caplog: pytest.LogCaptureFixture) -> None:
    (docs / ".clew" / "vectors.sqlite").write_bytes(b"no database at all" * 300)
    (docs / "lamp.md").write_text("# The lamp\n\nTobias Renn kept the lamp until 1911.", encoding="utf-8")
    with open_index(docs / ".clew", QUIET) as index:
        assert index.ingest(docs).documents.added == 1
    assert "vectors.sqlite is damaged" in caplog.text


def test_a_first_ingest_that_failed_binds_nobody_to_its_embedder(tmp_path: Path) -> None:
    (tmp_path / "ferry.md").write_text("Ines Calloway took command in 2019.", encoding="utf-8")
    away = QUIET.model_copy(update={"embedder": "openai-like:http://127.0.0.1:9/v1#m", "llm_tries": 1})
    with open_index(tmp_path / ".clew", away) as index, pytest.raises(Unreachable):
        index.ingest(tmp_path)
    with open_index(tmp_path / ".clew", QUIET) as index:
        assert index.ingest(tmp_path).documents.added == 1
    with pytest.raises(IndexIncompatible, match="made with the embedder"):
        open_index(tmp_path / ".clew", away)


def test_a_folder_copied_with_its_index_is_read_as_its_own(docs: Path) -> None:
    copied = docs.with_name("copied")
    shutil.copytree(docs, copied)
    (copied / "lamp.md").write_text("# The lamp\n\nTobias Renn kept the lamp until 1911.", encoding="utf-8")
    with open_index(copied / ".clew", QUIET) as index:
        counts = index.ingest(copied).documents
        assert (counts.added, counts.unchanged, counts.deleted) == (1, 1, 0)
        with pytest.raises(UsageError, match="is another one"):
            index.ingest(docs)
