"""An index folder is made only where there is room for one, and what bars it is told."""

import os
from pathlib import Path

import pytest

from clew.errors import ClewError, UsageError
from clew.settings import Settings, load
from retrieve.assembly import find_index, open_index
from retrieve.place import accessible, make_room

QUIET = Settings(threads=1, workers=1)


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    (tmp_path / "notes").mkdir()
    (tmp_path / ".gitignore").write_text("*.log\n", encoding="utf-8")
    return tmp_path / "notes"


def test_a_folder_that_holds_other_things_is_never_made_an_index(notes: Path) -> None:
    before = sorted(notes.parent.rglob("*"))
    with pytest.raises(UsageError, match="holds other things"):
        open_index(notes.parent, QUIET, folder=notes)
    assert sorted(notes.parent.rglob("*")) == before
    assert (notes.parent / ".gitignore").read_text("utf-8") == "*.log\n"


def test_a_folder_of_documents_cannot_be_its_own_index(notes: Path) -> None:
    with pytest.raises(UsageError, match="at once"):
        open_index(notes, QUIET, folder=notes)
    assert list(notes.iterdir()) == []


def test_a_new_index_is_hidden_from_git_and_what_its_owner_makes_of_that_stays(notes: Path) -> None:
    where = notes / ".clew"
    open_index(where, QUIET, folder=notes).close()
    assert (where / ".gitignore").read_text("utf-8") == "*\n"
    (where / ".gitignore").write_text("lock\n", encoding="utf-8")
    open_index(where, QUIET, folder=notes).close()
    assert (where / ".gitignore").read_text("utf-8") == "lock\n"
    (where / ".gitignore").unlink()
    open_index(where, QUIET, folder=notes).close()
    assert not (where / ".gitignore").exists()


def test_an_index_that_was_killed_while_it_was_made_is_made_at_the_next_try(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / ".gitignore").write_text("*\n", encoding="utf-8")
    make_room(tmp_path / "index")


def test_an_index_that_is_a_file_is_told(notes: Path) -> None:
    (notes / ".clew").touch()
    with pytest.raises(UsageError, match="is a file"):
        open_index(notes / ".clew", QUIET, folder=notes)


def test_an_index_that_may_not_be_written_to_is_told_with_what_to_do(
    notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = notes / ".clew"
    open_index(where, QUIET, folder=notes).close()
    monkeypatch.setattr(os, "access", lambda path, mode: path != where)  # who runs this may be root
    with pytest.raises(ClewError, match="cannot be opened for writing") as told:
        open_index(where, QUIET)
    assert "--index" in told.value.remedy


def test_what_the_system_refuses_is_told_as_what_bars_the_index(tmp_path: Path) -> None:
    with pytest.raises(ClewError, match="No such file"), accessible(Path("/proc/none")):
        make_room(Path("/proc/none"))
    with pytest.raises(ClewError, match="Read-only"), accessible(tmp_path):
        raise OSError(30, "Read-only file system")


@pytest.mark.parametrize("content", [b"no database at all" * 300, b"SQLite format 3\x00" + bytes(5000)])
def test_a_damaged_manifest_is_told_with_what_to_do(notes: Path, content: bytes) -> None:
    where = notes / ".clew"
    open_index(where, QUIET, folder=notes).close()
    (where / "manifest.sqlite").write_bytes(content)
    with pytest.raises(ClewError, match="damaged") as told:
        open_index(find_index(QUIET, notes), QUIET)
    assert "ingest again" in told.value.remedy


def test_an_empty_setting_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEW_INDEX", "")
    monkeypatch.setenv("CLEW_THREADS", "")
    assert (load().index, load().threads) == (None, 0)


def test_a_folder_whose_name_the_engines_cannot_take_is_told(tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"odd\xff")
    odd.mkdir()
    for where in (odd / ".clew", tmp_path / "index"):
        with pytest.raises(UsageError, match="is not UTF-8"):
            open_index(where, QUIET, folder=odd)
    assert list(odd.iterdir()) == []
