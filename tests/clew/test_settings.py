"""What is set is understood, or refused by name."""

from pathlib import Path

import pytest

from clew.errors import UsageError
from clew.settings import load


def test_a_tilde_that_the_shell_left_is_the_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load(index=Path("~/notes")).index == tmp_path / "notes"
    monkeypatch.setenv("CLEW_INDEX", "~/letters")
    assert load().index == tmp_path / "letters"
    assert load(index=Path("~nobody-of-that-name/x")).index == Path("~nobody-of-that-name/x")


@pytest.mark.parametrize("number", ["inf", "nan"])
def test_a_number_without_end_is_refused(monkeypatch: pytest.MonkeyPatch, number: str) -> None:
    monkeypatch.setenv("CLEW_CONVERT_SECONDS", number)
    with pytest.raises(UsageError, match="CLEW_CONVERT_SECONDS"):
        load()
