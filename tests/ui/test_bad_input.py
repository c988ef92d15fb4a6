"""Bad input gets a clear line that names the file, the reason and the remedy; the rest goes on."""

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import click
import psutil
import pytest

from tests.ui.test_terminal import SETTINGS, body, clew
from tests.worlds import FERRY, LIGHTHOUSE
from ui.cli import clew as group
from ui.cli import run


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The report on a folder of everything that goes wrong, among two good documents."""
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.md").write_text("# Secret\n\nNobody was to read this.", encoding="utf-8")
    folder = tmp_path_factory.mktemp("docs")
    (folder / "ferry.md").write_text(FERRY, encoding="utf-8")
    (folder / "with spaces 🐟 与中文.md").write_text(LIGHTHOUSE, encoding="utf-8")
    (folder / "empty.md").touch()
    (folder / "picture.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "chinese.txt").write_bytes(
        "码头的灯每天晚上七点亮起，早上六点熄灭。灯塔看守人叫陈海生。".encode("gb18030")
    )
    (folder / "wide.txt").write_bytes("The pilot boat sleeps at berth nine.".encode("utf-16"))
    (folder / "loop").symlink_to(folder)
    (folder / "out.md").symlink_to(outside / "secret.md")
    (folder / "gone.md").symlink_to(folder / "nowhere.md")
    done = clew("ingest", folder, "--json")
    assert "Traceback" not in done.stderr
    assert done.returncode == 3
    found = body(done, "clew.ingest/1")
    found["folder"] = folder
    return found


@pytest.mark.parametrize("name", ["empty.md", "picture.txt", "loop", "out.md", "gone.md"])
def test_what_cannot_be_read_is_named_with_reason_and_remedy(report: dict[str, Any], name: str) -> None:
    [loss] = [loss for loss in report["losses"] if loss["path"] == name]
    assert len(loss["reason"]) > 10
    assert len(loss["remedy"]) > 10


def test_the_rest_goes_on_and_odd_names_are_no_loss(report: dict[str, Any]) -> None:
    lost = {loss["path"] for loss in report["losses"]}
    assert lost == {"empty.md", "picture.txt", "loop", "out.md", "gone.md"}


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("灯塔看守人叫什么", "chinese.txt"),
        ("Where does the pilot boat sleep?", "wide.txt"),
        ("green ledger", "with spaces 🐟 与中文.md"),
    ],
)
def test_other_encodings_and_names_are_found_as_they_are(report: dict[str, Any], question: str, document: str) -> None:
    done = clew("search", question, "--path", "passages", "--json", at=report["folder"])
    assert body(done, "clew.search/1")["evidence"][0]["document"] == document


def test_what_a_link_points_to_outside_the_folder_is_not_read(report: dict[str, Any]) -> None:
    done = clew("search", "Nobody was to read this secret", "--path", "passages", "--json", at=report["folder"])
    assert all("secret" not in piece["text"].lower() for piece in body(done, "clew.search/1")["evidence"])


def test_a_full_disk_is_told_and_the_next_run_goes_on(tmp_path: Path) -> None:
    for n in range(5):
        (tmp_path / f"ferry-{n}.md").write_text(FERRY.replace("1987", str(1900 + n)), encoding="utf-8")

    def no_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    full = subprocess.run(
        [sys.executable, "-m", "ui.cli", "ingest", str(tmp_path)],
        capture_output=True, text=True, check=False, preexec_fn=no_room,
        env={**os.environ, **SETTINGS}, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert full.returncode == 1
    assert "Traceback" not in full.stderr
    assert "Make room" in full.stderr
    again = clew("ingest", tmp_path, "--json")
    assert again.returncode == 0, again.stderr
    found = body(clew("search", "Aurelia built 1903", "--path", "passages", "--json", at=tmp_path), "clew.search/1")
    assert found["evidence"][0]["document"] == "ferry-3.md"


def test_ctrl_c_leaves_nothing_broken_and_no_process_behind(tmp_path: Path) -> None:
    for n in range(300):
        (tmp_path / f"ferry-{n}.md").write_text(FERRY.replace("1987", str(1800 + n)), encoding="utf-8")
    command = [sys.executable, "-m", "ui.cli", "ingest", str(tmp_path)]
    running = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env={**os.environ, **SETTINGS}, cwd=Path(__file__).parents[2]
    )
    while not (tmp_path / ".clew" / "vectors.sqlite").exists() and running.poll() is None:
        time.sleep(0.05)
    children = psutil.Process(running.pid).children(recursive=True)
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Traceback" not in errors
    assert "run the same command again" in errors
    assert psutil.wait_procs(children, timeout=10)[1] == []
    assert body(clew("ingest", tmp_path, "--json"), "clew.ingest/1")["documents"]["failed"] == 0
    assert body(clew("status", "--json", at=tmp_path), "clew.status/1")["documents"] == {"ready": 300}


def test_ctrl_c_that_a_library_tells_as_an_error_of_its_own_is_told_as_ctrl_c(
    capsys: pytest.CaptureFixture[str],
) -> None:
    @click.command()
    def loading() -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            raise ImportError("initialization failed") from None

    assert run(loading, []) == 130
    assert capsys.readouterr().err == "Interrupted.\n"
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_argument_that_is_not_utf8_is_told_and_one_that_is_a_file_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = os.fsdecode(b"\xff\xfe.md")
    (tmp_path / name).write_text("Tobias Renn kept the lamp.", encoding="utf-8")
    for arguments in (["ask", name], ["graph", "show", name], ["search", "lamp", "--collection", name]):
        assert run(group, arguments) == 2
        assert r"“\xff\xfe.md” is not UTF-8" in capsys.readouterr().err
    assert clew("markdown", tmp_path / name, "--json").returncode == 0


def test_a_path_that_the_system_refuses_is_told_without_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    @click.command()
    def stumbling() -> None:
        (tmp_path / "none" / "file").read_text("utf-8")

    assert run(stumbling, []) == 1
    assert f"{tmp_path}/none/file: No such file or directory." in capsys.readouterr().err


def test_a_result_that_cannot_be_written_is_told_before_the_suite_is_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    arguments = ["eval", "run", "sample", "--json", str(tmp_path / "file" / "r.json"), "--cache", str(tmp_path / "c")]
    assert run(group, arguments) == 1
    assert f"{tmp_path}/file" in capsys.readouterr().err
    assert not (tmp_path / "c").exists()


@pytest.fixture(scope="module")
def passages_only(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index without a graph of one document in a subfolder, and one that cannot be read."""
    folder = tmp_path_factory.mktemp("notes")
    (folder / "boats").mkdir()
    (folder / "boats" / "ferry.md").write_text(FERRY, encoding="utf-8")
    (folder / "empty.md").touch()
    told = clew("ingest", folder, "--no-graph")
    assert "2 documents: 2 added; 1 of them could not be read" in told.stdout
    return folder / ".clew"


@pytest.mark.parametrize(
    "arguments", [["ask", "Who?", "--path", "graph"], ["search", "Who?", "--path", "both"], ["graph"]]
)
def test_an_index_without_a_graph_says_so_where_one_is_asked_for(
    passages_only: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert run(group, [*arguments, "--index", str(passages_only)]) == 2
    assert "made without a graph" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("folder", "code"), [("./boats", 0), ("boats/", 0), (".", 0), ("boat", 2), ("boats/ferry.md", 2)]
)
def test_a_subfolder_may_be_written_as_a_shell_does_and_must_be_there(
    passages_only: Path, capsys: pytest.CaptureFixture[str], folder: str, code: int
) -> None:
    index = ["--index", str(passages_only)]
    assert run(group, ["search", "When was the Aurelia built?", "--folder", folder, *index]) == code
    assert ("no document below the folder" in capsys.readouterr().err) == bool(code)


def test_where_nothing_was_ingested_yet_an_answer_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(group, ["ingest", str(tmp_path)]) == 0
    assert run(group, ["search", "Who?", "--path", "passages", "--index", str(tmp_path / ".clew")]) == 4
    assert "holds no passages yet" in capsys.readouterr().err


@pytest.mark.parametrize(("arguments", "goes_on"), [(["ingest", "."], True), (["search", "Who?"], False)])
def test_only_what_goes_on_promises_to_when_it_is_interrupted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], goes_on: bool
) -> None:
    def interrupted(*given: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("retrieve.assembly.open_index", interrupted)
    monkeypatch.setattr("retrieve.assembly.find_index", interrupted)
    assert run(group, arguments) == 130
    assert ("run the same command again" in capsys.readouterr().err) == goes_on
