"""An index that is made anew elsewhere while it is open here: nothing is written to, or read from, what is gone."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from clew.errors import IndexIncompatible
from clew.settings import Settings
from ingest.pipeline import Ingest
from retrieve.assembly import Index, open_index

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
            [chunk] = page.store.scroll()
        page.lease.release()
        make_anew(docs)
        with pytest.raises(IndexIncompatible, match="Start this command again"), page.unit():
            page.store.around(chunk)
        with pytest.raises(IndexIncompatible):
            page.ingest(docs)
    assert not (docs / ".clew" / "stores-1").exists()
