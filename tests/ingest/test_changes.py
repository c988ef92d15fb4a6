"""After any adds, edits, renames, deletes and kills, the next run leaves what a fresh build would."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clew.errors import Unreachable
from clew.models.minilm import MiniLM
from clew.ports import Passage, PassageVectors
from clew.records import Chunk, Span
from clew.settings import Settings
from graph.extract import Facts, extract_each
from ingest.report import Counts
from ingest.sentences import split
from retrieve.assembly import open_index

QUIET = Settings(threads=1, workers=1)

names = st.sampled_from(["a.md", "b.txt", "deep/c.md", "茶.md", "page.html"])
people = st.sampled_from(["Ines Calloway", "Captain Calloway", "Tobias Renn", "Mara Lindqvist", "林秀兰"])
places = st.sampled_from(["Brackwater", "Sundhaven", "Gull Head", "the town archive", "码头街"])
lines = st.builds(lambda who, where, year: f"{who} came to {where} in {year}.", people, places, st.integers(1900, 1999))
texts = st.lists(lines, min_size=1, max_size=40).map(" ".join)
steps = st.one_of(
    st.tuples(st.just("write"), names, texts),
    st.tuples(st.just("append"), names, lines),
    st.tuples(st.just("delete"), names),
    st.tuples(st.just("rename"), names, names),
    st.tuples(st.just("kill"), st.integers(1, 24)),
    st.tuples(st.just("ingest")),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plan=st.lists(steps, min_size=3, max_size=12))
def test_the_index_equals_a_fresh_rebuild(plan: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as home:
        folder, index = Path(home) / "docs", Path(home) / "index"
        folder.mkdir()
        (folder / "first.md").write_text("# The first\n\nInes Calloway sailed to Sundhaven in 1950.", encoding="utf-8")
        for step in plan:
            play(step, folder, index)
        assert contents(folder, index) == contents(folder, Path(home) / "fresh")


def test_a_kill_at_every_touch_of_a_store_is_mended_by_the_next_run(tmp_path: Path) -> None:
    folder, index = tmp_path / "docs", tmp_path / "index"
    folder.mkdir()
    (folder / "ferry.md").write_text("# The ferry\n\nInes Calloway took command in 2019.", encoding="utf-8")
    (folder / "gone.md").write_text("# Gone\n\nTobias Renn kept the lamp until 1911.", encoding="utf-8")
    contents(folder, index)
    (folder / "gone.md").unlink()
    (folder / "ferry.md").write_text("# The ferry\n\nMara Lindqvist took command in 2024.", encoding="utf-8")
    (folder / "new.md").write_text("# New\n\nInes Calloway lives in Brackwater.", encoding="utf-8")
    expected = contents(folder, tmp_path / "fresh")
    for touch in range(1, 40):
        copy = tmp_path / f"index-{touch}"
        shutil.copytree(index, copy)
        died = kill(folder, copy, touch)
        assert contents(folder, copy) == expected, f"after a kill at touch {touch}"
        shutil.rmtree(copy)
        if not died:
            assert touch > 8
            return
    raise AssertionError("ingest never came to its end")


def test_what_is_deleted_while_no_graph_is_wanted_leaves_the_graph_when_one_is(tmp_path: Path) -> None:
    folder, where = tmp_path / "docs", tmp_path / "index"
    folder.mkdir()
    (folder / "ferry.md").write_text("# The ferry\n\nInes Calloway took command in 2019.", encoding="utf-8")
    (folder / "gone.md").write_text("# Gone\n\nTobias Renn kept the lamp until 1911.", encoding="utf-8")
    contents(folder, where)
    (folder / "gone.md").unlink()
    with open_index(where, QUIET.model_copy(update={"graph": False})) as index:
        assert index.ingest(folder).documents.deleted == 1
    assert contents(folder, where) == contents(folder, tmp_path / "fresh")


@pytest.mark.parametrize("kind", [Exception, BaseException])
def test_a_text_that_ends_the_splitter_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[BaseException]
) -> None:
    class PanicException(kind):  # type: ignore[misc, valid-type]
        """As a library in Rust ends."""

    def panics(text: str, language: str) -> list[Span]:
        if "panic" in text:
            raise PanicException("no char boundary")
        return split(text, language)

    monkeypatch.setattr("ingest.chunk.split", panics)
    for name, text in (("a.txt", "Do not panic."), ("b.txt", "The lamp was lit.")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    with open_index(tmp_path / ".clew", QUIET) as index:
        done = index.ingest(tmp_path)
        assert (done.documents, done.chunks) == (Counts(seen=2, added=2, failed=1), 1)
        [loss] = done.losses
        assert (loss.path, loss.kind) == ("a.txt", "failed")
        assert "PanicException: no char boundary" in loss.reason
        assert index.ingest(tmp_path).documents == Counts(seen=2, unchanged=2, failed=1)


def test_a_file_without_words_is_told(tmp_path: Path) -> None:
    for name, text in (("a.md", "***\n\n> \n\n---\n"), ("b.json", "null"), ("c.txt", "The lamp was lit.")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    with open_index(tmp_path / ".clew", QUIET) as index:
        done = index.ingest(tmp_path)
        assert done.documents == Counts(seen=3, added=3, failed=2)
        assert [(loss.path, loss.reason) for loss in done.losses] == [
            ("a.md", "there are no words in it"),
            ("b.json", "there are no words in it"),
        ]
        assert index.ingest(tmp_path).documents == Counts(seen=3, unchanged=3, failed=2)


def test_a_folder_that_cannot_be_opened_keeps_its_documents_and_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "docs"
    (folder / "closed" / "deep").mkdir(parents=True)
    for name in ("closed/a.md", "closed/deep/b.md", "mine.md"):
        (folder / name).write_text(f"# {name}\n\nInes Calloway took command in 2019.", encoding="utf-8")
    scandir = os.scandir

    def refuse(path: Any) -> Any:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    with open_index(tmp_path / "index", QUIET) as index:
        index.ingest(folder)
        (folder / "mine.md").write_text("# Mine\n\nMara Lindqvist took command in 2024.", encoding="utf-8")
        monkeypatch.setattr("os.scandir", refuse)
        done = index.ingest(folder)
        assert (done.documents, done.chunks) == (Counts(seen=1, changed=1), 3)
        assert [(loss.path, loss.kind) for loss in done.losses] == [("closed", "skipped")]
        assert "Permission denied" in done.losses[0].reason
        assert index.ingest(folder).documents == Counts(seen=1, unchanged=1)
        monkeypatch.undo()
        (folder / "closed" / "a.md").unlink()
        assert index.ingest(folder).documents == Counts(seen=2, unchanged=2, deleted=1)


def test_facts_that_cannot_be_read_cost_one_document_its_facts_and_no_other(tmp_path: Path) -> None:
    def reads(documents: Sequence[Sequence[Chunk]]) -> Iterator[Facts]:
        for chunks in documents:
            if any("panic" in chunk.text for chunk in chunks):
                raise RecursionError("too deep")
            yield from extract_each([chunks])

    for name, text in (
        ("a.txt", "Ines Calloway lit the lamp."),
        ("b.txt", "Do not panic."),
        ("c.txt", "Mara Renn left."),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    with open_index(tmp_path / ".clew", QUIET, extract=reads) as index:
        done = index.ingest(tmp_path)
        assert (done.documents, done.chunks) == (Counts(seen=3, added=3), 3)
        [loss] = done.losses
        assert (loss.path, loss.kind) == ("b.txt", "failed")
        assert "RecursionError: too deep" in loss.reason
        assert loss.remedy
        assert index.facts is not None
        assert index.facts.store.find("Ines Calloway")
        assert index.facts.store.find("Mara Renn")
        assert index.ingest(tmp_path).losses == done.losses
        index.reindex()
    with open_index(tmp_path / ".clew", QUIET) as index:
        assert index.ingest(tmp_path).losses == done.losses
        index.reindex()
    with open_index(tmp_path / ".clew", QUIET) as index:
        done = index.ingest(tmp_path)
        assert (done.documents, done.losses) == (Counts(seen=3, unchanged=3), ())


def test_a_model_out_of_reach_is_no_loss_of_a_document(tmp_path: Path) -> None:
    def reads(documents: Sequence[Sequence[Chunk]]) -> Iterator[Facts]:
        raise Unreachable("The model does not answer.")

    (tmp_path / "a.txt").write_text("Ines Calloway lit the lamp.", encoding="utf-8")
    with open_index(tmp_path / ".clew", QUIET, extract=reads) as index, pytest.raises(Unreachable):
        index.ingest(tmp_path)


def test_facts_are_read_while_the_passages_are_embedded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, embed = Event(), MiniLM.embed_passages

    def reads(documents: Sequence[Sequence[Chunk]]) -> Iterator[Facts]:
        begun.set()
        yield from extract_each(documents)

    def waits(self: MiniLM, passages: Iterable[Passage]) -> Iterator[PassageVectors]:
        assert begun.wait(60)
        return embed(self, passages)

    monkeypatch.setattr(MiniLM, "embed_passages", waits)
    (tmp_path / "a.txt").write_text("Ines Calloway lit the lamp.", encoding="utf-8")
    with open_index(tmp_path / ".clew", QUIET, extract=reads) as index:
        assert index.ingest(tmp_path).embedded == 1


def test_what_was_joined_by_hand_stays_joined_when_a_file_is_moved(tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    (folder / "old").mkdir(parents=True)
    (folder / "ferry.md").write_text("# The ferry\n\nCaptain Ines Calloway took command in 2019.", encoding="utf-8")
    (folder / "lamp.md").write_text("# The lamp\n\nTobias Renn kept it. Ltd. Marrow Ltd paid.", encoding="utf-8")
    with open_index(tmp_path / "index", QUIET) as index:
        index.ingest(folder)
        assert index.facts is not None
        store = index.facts.store
        index.facts.merge([store.find("Captain Ines Calloway")[0].id, store.find("Tobias Renn")[0].id])
        index.facts.settle()
        [before] = store.find("Tobias Renn")
        for name in ("ferry.md", "lamp.md"):
            (folder / name).rename(folder / "old" / name)
        assert index.ingest(folder).documents == Counts(seen=2, renamed=2)
        [after] = store.find("Tobias Renn")
        assert (after.name, after.aliases) == (before.name, before.aliases)
        assert len(store.decisions()) == 2


def test_what_cannot_be_read_is_tried_again_only_where_that_may_help(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "ferry.md").write_text("# The ferry\n\nInes Calloway took command in 2019.", encoding="utf-8")
    (folder / "broken.json").write_text('{"berth": ', encoding="utf-8")
    (folder / "lists.json").write_text("[" + "[]," * 3_000_000 + "[]]", encoding="utf-8")
    (folder / "scan.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))

    def run(memory_mb: int = 1024) -> tuple[Counts, list[tuple[str, str]], int]:
        with open_index(tmp_path / "index", QUIET.model_copy(update={"convert_memory_mb": memory_mb})) as index:
            done = index.ingest(folder)
            return done.documents, [(loss.path, loss.reason) for loss in done.losses], index.manifest.generation

    monkeypatch.setattr("ingest.convert.ocr.is_installed", lambda: False)
    assert run(memory_mb=150)[0] == Counts(seen=4, added=4, failed=3)  # too little for the lists
    counts, lost, generation = run()
    assert counts == Counts(seen=4, changed=1, unchanged=3, failed=3)
    assert [path for path, _ in lost] == ["broken.json", "lists.json", "scan.png"]
    assert "no text" in lost[1][1]
    assert run() == (Counts(seen=4, unchanged=4, failed=3), lost, generation)
    monkeypatch.setattr("ingest.convert.ocr.is_installed", lambda: True)
    assert run()[0] == Counts(seen=4, changed=1, unchanged=3, failed=3)
    (folder / "broken.json").write_text('{"berth": 4}', encoding="utf-8")
    assert run()[0] == Counts(seen=4, changed=1, unchanged=3, failed=2)


def play(step: tuple[Any, ...], folder: Path, index: Path) -> None:
    match step:
        case "write", name, text:
            file = folder / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(f"<h1>Page</h1><p>{text}</p>" if name.endswith("html") else text, encoding="utf-8")
        case "append", name, line if (folder / name).exists():
            with (folder / name).open("a", encoding="utf-8") as file:
                file.write(f"\n\n{line}")
        case "delete", name:
            (folder / name).unlink(missing_ok=True)
        case "rename", name, other if (folder / name).exists():
            (folder / other).parent.mkdir(exist_ok=True)
            (folder / name).replace(folder / other)
        case "kill", touches:
            kill(folder, index, touches)
        case ("ingest",):
            contents(folder, index)


def kill(folder: Path, index: Path, touches: int) -> bool:
    """Ingest in a process that kills itself at its n-th touch of a store; whether it came to that."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.ingest.killed", str(folder), str(index), str(touches)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, -9), done.stderr
    return done.returncode == -9


def contents(folder: Path, where: Path) -> dict[str, Any]:
    """Ingest, then everything that the index holds."""
    with open_index(where, QUIET) as index:
        index.ingest(folder)
        with index.lease.hold():
            chunks = {chunk.id: chunk for chunk in index.store.scroll()}
            vectors = {id_: found.tobytes() for id_, found in index.store.vectors(list(chunks)).items()}
            sentences = {id_: found.tobytes() for id_, found in index.store.sentence_vectors(list(chunks)).items()}
            entries = index.manifest.entries()
            return {
                "entries": entries,
                "markdown": {id_: index.manifest.markdown(id_) for id_ in entries},
                "chunks": chunks,
                "vectors": vectors,
                "sentences": sentences,
                "graph": graph_of(index),
            }


def graph_of(index: Any) -> Any:
    if index.facts is None:
        return None
    store = index.facts.store
    view = store.view()
    namings = zip(view.chunk.tolist(), view.entity.tolist(), view.sentence.tolist(), strict=True)
    return {
        "chunks": view.chunks,
        "entities": view.entities,
        "namings": sorted(namings),
        "relations": sorted(map(repr, store.relations())),
        "counts": store.counts(),
    }
