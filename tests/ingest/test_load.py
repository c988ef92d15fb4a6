"""A folder is read as its owner means it, and nothing in it can stop the walk."""

import os
import subprocess
from pathlib import Path

import pytest

from clew.errors import ClewError, UsageError
from clew.settings import Settings
from ingest.load import Scan, scan
from retrieve.assembly import open_index

ONE_MB = 1_000_000


def put(root: Path, path: str, text: str = "words") -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


def paths(seen: Scan) -> list[str]:
    return [file.path for file in seen.files]


def reasons(seen: Scan) -> dict[str, str]:
    return {loss.path: loss.reason for loss in seen.losses}


def test_files_come_in_the_order_of_their_paths_with_forward_slashes(tmp_path: Path) -> None:
    for name in ("b/z.md", "b/a.md", "a.md", "c.md", "b.md"):
        put(tmp_path, name)
    seen = scan(tmp_path, max_bytes=ONE_MB)
    assert paths(seen) == ["a.md", "b.md", "b/a.md", "b/z.md", "c.md"]
    assert seen.files[0].absolute == tmp_path.resolve() / "a.md"
    assert seen.files[0].size == 5
    assert seen.files[0].mtime == (tmp_path / "a.md").stat().st_mtime
    assert seen.losses == ()


def test_the_rules_of_the_owner_are_honoured_and_counted(tmp_path: Path) -> None:
    put(tmp_path, ".gitignore", "*.log\nbuild/\n/only-here.md\n")
    put(tmp_path, ".clewignore", "secret*\n!secret-not.md\n")
    for name in ("a.log", "build/x.md", "only-here.md", "secret.md", "secret-not.md", "sub/only-here.md", "sub/b.log"):
        put(tmp_path, name)
    seen = scan(tmp_path, max_bytes=ONE_MB)
    assert paths(seen) == ["secret-not.md", "sub/only-here.md"]
    assert seen.losses == ()
    assert seen.ignored == 7  # with the two rule files, which are hidden
    assert "build/ (by rule)" in seen.examples
    assert seen.excluded == ("a.log", "build/", "only-here.md", "secret.md", "sub/b.log")


def test_a_nearer_rule_file_overrules_a_farther_one_and_clewignore_overrules_gitignore(tmp_path: Path) -> None:
    put(tmp_path, ".gitignore", "*.txt\n*.csv\n")
    put(tmp_path, ".clewignore", "!*.csv\n")
    put(tmp_path, "sub/.gitignore", "!*.txt\n")
    put(tmp_path, "sub/deep/.clewignore", "/b.txt\n")
    for name in ("a.txt", "a.csv", "sub/a.txt", "sub/deep/a.txt", "sub/deep/b.txt"):
        put(tmp_path, name)
    assert paths(scan(tmp_path, max_bytes=ONE_MB)) == ["a.csv", "sub/a.txt", "sub/deep/a.txt"]


def test_a_rule_that_is_no_pattern_spoils_no_other(tmp_path: Path) -> None:
    put(tmp_path, ".gitignore", "!\n/\n*.log\n")
    put(tmp_path, "a.log")
    put(tmp_path, "a.md")
    assert paths(scan(tmp_path, max_bytes=ONE_MB)) == ["a.md"]


def test_a_rule_that_would_be_matched_for_ever_is_left_out_and_told(tmp_path: Path) -> None:
    put(tmp_path, ".gitignore", "*a*a*a*a*a*a*a*a*b\n# * a * comment * with * stars *\n*.t*p\n")
    put(tmp_path, "a" * 200 + ".txt")
    put(tmp_path, "scratch.tmp")
    seen = scan(tmp_path, max_bytes=100)
    assert paths(seen) == ["a" * 200 + ".txt"]
    assert reasons(seen) == {".gitignore": "the rule *a*a*a*a*a*a*a*a*b is left out: too many stars"}


def test_hidden_files_the_index_and_lock_files_are_left_alone(tmp_path: Path) -> None:
    for name in (".hidden.md", ".git/x.md", ".clew/manifest.md", "~$letter.docx", "letter.md"):
        put(tmp_path, name)
    with open_index(tmp_path / "index", Settings(threads=1)):
        put(tmp_path, "index/answers/data.md")
    seen = scan(tmp_path, max_bytes=ONE_MB)
    assert paths(seen) == ["letter.md"]
    assert ".clew (hidden)" in seen.examples


def test_a_file_above_the_limit_is_a_loss_that_says_both_sizes(tmp_path: Path) -> None:
    put(tmp_path, "big.txt", "x" * 2_500_000)
    put(tmp_path, "small.txt")
    seen = scan(tmp_path, max_bytes=ONE_MB)
    assert paths(seen) == ["small.txt"]
    assert [loss.kind for loss in seen.losses] == ["skipped"]
    assert "2.5 MB" in seen.losses[0].reason
    assert "1.0 MB" in seen.losses[0].reason
    assert seen.losses[0].remedy


def test_links_in_circles_out_of_the_folder_and_to_nowhere_are_reported(tmp_path: Path) -> None:
    outside = put(tmp_path, "outside/secret.md")
    root = tmp_path / "root"
    put(root, "a/b.md")
    (root / "a" / "up").symlink_to(root)
    (root / "self").symlink_to(root / "self")
    (root / "broken.md").symlink_to(root / "gone.md")
    (root / "out.md").symlink_to(outside)
    (root / "outfolder").symlink_to(outside.parent)
    (root / "twin.md").symlink_to(root / "a" / "b.md")
    seen = scan(root, max_bytes=ONE_MB)
    assert paths(seen) == ["a/b.md"]
    assert sorted(reasons(seen)) == ["a/up", "broken.md", "out.md", "outfolder", "self"]
    assert "out of the folder" in reasons(seen)["out.md"]
    assert "circle" in reasons(seen)["self"]
    assert seen.examples == ("twin.md (a link to what is read anyway)",)


def test_a_link_to_what_is_hidden_or_excluded_is_reported(tmp_path: Path) -> None:
    hidden, draft = put(tmp_path, ".private/a.md"), put(tmp_path, "drafts/b.md")
    put(tmp_path, ".clewignore", "drafts/\nquiet.md\n")
    for name, target in (("a.md", hidden), ("b.md", draft), ("all", draft.parent), ("quiet.md", draft)):
        (tmp_path / name).symlink_to(target)
    big = put(tmp_path, "big.md", "x" * 1_500_000)
    (tmp_path / "twin.md").symlink_to(big)
    seen = scan(tmp_path, max_bytes=ONE_MB)
    assert sorted(reasons(seen)) == ["a.md", "all", "b.md", "big.md"]
    assert "hidden or excluded" in reasons(seen)["all"]
    assert "twin.md (a link to what is read anyway)" in seen.examples


def test_a_pipe_is_reported_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert "pipe" in reasons(scan(tmp_path, max_bytes=ONE_MB))["pipe.txt"]


def test_what_may_not_be_read_is_reported_and_the_rest_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "closed/a.md")
    put(tmp_path, "mine.md")
    put(tmp_path, "yours.md")
    access, scandir = os.access, os.scandir

    def refuse(path: object) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)  # type: ignore[call-overload]

    # As root, whom tests may run as, every file can be read: so the system's answers are given here.
    monkeypatch.setattr("os.access", lambda path, mode: not str(path).endswith("yours.md") and access(path, mode))
    monkeypatch.setattr("os.scandir", refuse)
    seen = scan(tmp_path, max_bytes=ONE_MB)
    assert paths(seen) == ["mine.md"]
    assert set(reasons(seen)) == {"closed", "yours.md"} == set(seen.closed)
    assert all(loss.remedy for loss in seen.losses)


def test_a_folder_that_cannot_be_opened_is_not_an_empty_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: object) -> object:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("os.scandir", refuse)
    with pytest.raises(ClewError, match=r"cannot be opened \(Input/output error\)"):
        scan(tmp_path, max_bytes=ONE_MB)


def test_names_may_hold_anything(tmp_path: Path) -> None:
    for name in ("with space.md", "🚢.md", "码头/渡轮.md", "new\nline.md", "'quote\".md"):
        put(tmp_path, name)
    for name in (b"caf\xe9.md", b"caf\xe8.md"):
        with open(os.path.join(os.fsencode(tmp_path), name), "wb") as file:
            file.write(b"words")
    seen = scan(tmp_path, max_bytes=ONE_MB)
    assert len(set(paths(seen))) == 7
    assert "caf\\xe9.md" in paths(seen)
    for file in seen.files:
        file.path.encode("utf-8")
        assert file.absolute.read_bytes() == b"words"


def test_two_names_never_become_one_and_none_carries_control_characters(tmp_path: Path) -> None:
    names = [
        b"\xff.md",
        rb"\xff.md",
        rb"\x5cxff.md",
        b"\x1b[31m.md",
        rb"\x1b[31m.md",
        "\x9b.md".encode(),
        rb"C:\xyz.md",
    ]
    for name in names:
        (tmp_path / os.fsdecode(name)).write_text("Tobias Renn kept the lamp.", encoding="utf-8")
    paths = {file.path for file in scan(tmp_path, max_bytes=1000).files}
    assert len(paths) == len(names)
    assert all(path.isprintable() for path in paths)
    assert {r"\xff.md", r"\x5cxff.md", r"\x1b[31m.md", r"C:\xyz.md"} <= paths


def test_a_name_cannot_turn_the_line_around_in_which_it_is_told(tmp_path: Path) -> None:
    put(tmp_path, "bill\u202efdp.txt")
    assert paths(scan(tmp_path, max_bytes=100)) == [r"bill\xe2\x80\xaefdp.txt"]


def test_folders_may_nest_deeper_than_python_calls(tmp_path: Path) -> None:
    here = os.getcwd()
    try:
        os.chdir(tmp_path)
        for _ in range(1200):
            os.mkdir("d")
            os.chdir("d")
        Path("a.md").write_text("words")
        assert len(scan(tmp_path, max_bytes=ONE_MB).files) == 1
    finally:
        os.chdir(here)
        subprocess.run(["rm", "-rf", str(tmp_path / "d")], check=True)  # pytest's own clean-up would recurse


def test_a_missing_folder_and_a_file_are_wrong_usage_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no folder .*gone") as missing:
        scan(tmp_path / "gone", max_bytes=ONE_MB)
    with pytest.raises(UsageError, match="is a file") as file:
        scan(put(tmp_path, "a.md"), max_bytes=ONE_MB)
    assert missing.value.remedy
    assert file.value.remedy


def test_an_empty_folder_is_no_error(tmp_path: Path) -> None:
    assert scan(tmp_path, max_bytes=ONE_MB) == Scan(files=())
