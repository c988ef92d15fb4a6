"""Whatever a file does to its converter, it costs that file only, and no process is left behind."""

import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest

from clew.ids import digest
from clew.records import Loss, Markdown
from ingest.convert import Converters, convert
from ingest.load import File, scan

# A format that misbehaves on demand, put in front of the converters by a child's sys.path: the pool hands its own on.
UNRULY = """
import os, sys, time
import ingest.convert as real
from ingest.convert import pulse

def unruly(data, name, modified):
    for line in data.decode().splitlines():
        if line == "hang": time.sleep(60)
        if line == "spin":
            while True: pass
        if line == "kill": os.kill(os.getpid(), 9)
        if line == "segfault": import ctypes; ctypes.string_at(0)
        if line == "exit": os._exit(7)
        if line == "memory": data = bytearray(3 * 2**30)
        if line == "print": print("noise on standard output", flush=True); os.write(1, b"more noise")
        if line == "steady":
            for _ in range(4): time.sleep(0.9); pulse.beat()
        if line == "raise": raise ValueError("odd")
    return original(data, name, modified)

original, real.convert_bytes = real.convert_bytes, unruly
"""


def files(root: Path, contents: dict[str, str]) -> list[File]:
    for name, text in contents.items():
        (root / name).write_text(text, "utf-8")
    return list(scan(root, max_bytes=10**8).files)


@pytest.fixture
def unruly(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path_factory.mktemp("unruly")
    (folder / "unruly.py").write_text(UNRULY)
    boot = "import json, sys\npath, *limits = json.loads(sys.argv[1])\nsys.path[:] = path\nimport unruly\n"
    monkeypatch.setattr("ingest.convert.pool._BOOT", boot + "from ingest.convert.worker import main\nmain(*limits)\n")
    monkeypatch.syspath_prepend(str(folder))


def children() -> list[psutil.Process]:
    return [p for p in psutil.Process().children(recursive=True) if "ingest.convert.worker" in " ".join(p.cmdline())]


def test_results_come_in_order_with_the_hash_of_the_bytes_and_equal_those_made_here(tmp_path: Path) -> None:
    given = files(tmp_path, {f"{i:03}.md": f"# Title {i}\n\nText {i}.\n" * (1 + i % 7) for i in range(120)})
    with Converters(workers=2, seconds=30, memory_mb=1024) as converters:
        made = list(converters.run(given))
    assert [file for file, _, _ in made] == given
    for file, content, markdown in made:
        assert content == digest(file.absolute.read_bytes())
        assert markdown == convert(file.absolute, file.path)


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        ("hang", "longer than 2 s"),
        ("spin", "longer than 2 s"),
        ("kill", "crashed"),
        ("segfault", "crashed"),
        ("exit", "crashed (exit code 7)"),
        ("memory", "more than 512 MB"),
        ("raise", "ValueError: odd"),
    ],
)
def test_a_file_that_ends_its_worker_is_one_loss_and_the_others_come_through(
    tmp_path: Path, unruly: None, deed: str, reason: str
) -> None:
    given = files(tmp_path, {"a.md": "good", "b.md": deed, "c.md": "good", "d.md": "good"})
    with Converters(workers=1, seconds=2, memory_mb=512) as converters:
        found = list(converters.run(given))
    made = {file.path: result for file, _, result in found}
    bad = made.pop("b.md")
    assert [file.path for file, content, _ in found if not content] == (["b.md"] if deed != "raise" else [])
    assert isinstance(bad, Loss)
    assert bad.kind == "failed"
    assert reason in bad.reason
    assert bad.remedy
    assert all(isinstance(result, Markdown) for result in made.values())
    assert not children()


def test_what_a_library_prints_does_not_disturb_the_results(tmp_path: Path, unruly: None) -> None:
    given = files(tmp_path, {"a.md": "print", "b.md": "good"})
    with Converters(workers=1, seconds=5, memory_mb=512) as converters:
        assert all(isinstance(result, Markdown) for _, _, result in converters.run(given))


def test_steady_work_may_take_longer_than_its_limit(tmp_path: Path, unruly: None) -> None:
    given = files(tmp_path, {"a.md": "steady"})
    with Converters(workers=1, seconds=2, memory_mb=512) as converters:
        [(_, _, made)] = converters.run(given)
    assert isinstance(made, Markdown)


def test_leaving_in_the_middle_ends_all_processes_at_once(tmp_path: Path, unruly: None) -> None:
    given = files(tmp_path, {"a.md": "good", **{f"b{i}.md": "hang" for i in range(20)}})
    started = time.monotonic()
    with Converters(workers=2, seconds=60, memory_mb=512) as converters:
        run = converters.run(given)
        assert isinstance(next(run)[2], Markdown)
    assert time.monotonic() - started < 10
    assert not children()


def test_a_killed_parent_leaves_no_worker_behind(tmp_path: Path) -> None:
    files(tmp_path, {"a.md": "good", "b.md": "good"})
    script = """
        import sys, time
        from pathlib import Path
        from ingest.convert import Converters
        from ingest.load import scan
        with Converters(1, 30, 512) as converters:
            for _ in converters.run(scan(Path(sys.argv[1]), max_bytes=1000).files):
                print("one", flush=True)
            time.sleep(60)
    """
    run = [sys.executable, "-c", textwrap.dedent(script), str(tmp_path)]
    with subprocess.Popen(run, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"one\n"
        workers = psutil.Process(parent.pid).children()
        assert workers
        parent.kill()
    _, alive = psutil.wait_procs(workers, timeout=5)
    assert not alive


def test_a_file_that_vanishes_is_a_loss(tmp_path: Path) -> None:
    given = files(tmp_path, {"a.md": "good", "b.md": "good"})
    (tmp_path / "a.md").unlink()
    with Converters(workers=1, seconds=5, memory_mb=512) as converters:
        made = [result for _, _, result in converters.run(given)]
    assert isinstance(made[0], Loss)
    assert made[0].kind == "skipped"
    assert isinstance(made[1], Markdown)


def test_a_pool_that_gets_no_file_starts_no_process() -> None:
    with Converters(workers=2, seconds=5, memory_mb=512) as converters:
        assert list(converters.run([])) == []
        assert not children()
