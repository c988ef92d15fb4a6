"""What may be lost is begun anew where its file is damaged."""

import logging
from pathlib import Path

import pytest

from clew.models.cache import Cache, Kept
from clew.records import Usage


def test_a_damaged_cache_is_laid_aside_and_begun_anew(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "replies.sqlite"
    file.write_bytes(b"no database at all" * 300)
    cache = Cache(file)
    with caplog.at_level(logging.WARNING):
        cache.put("key", "a model", Kept(text="Tobias Renn", finish="stop", usage=Usage()))
    kept = cache.get("key")
    cache.close()
    assert kept is not None
    assert kept.text == "Tobias Renn"
    assert "replies.sqlite is damaged" in caplog.text
    assert (tmp_path / "replies.sqlite.damaged").read_bytes().startswith(b"no database")
