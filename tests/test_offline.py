"""Nothing leaves the machine: not from ingest, not from an answer, not from a worker process."""

import os
import subprocess
import sys
from pathlib import Path

from tests.worlds import FERRY

ROOT = Path(__file__).parents[1]

# Python runs this in every process below, workers included, before anything else.
WATCH = """
import os, sys

def watch(event, arguments):
    if event == "socket.getaddrinfo":
        leak = str(arguments[0]) not in ("localhost", "127.0.0.1", "::1", "None")
    elif event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        leak = isinstance(address, tuple) and not str(address[0]).startswith(("127.", "::1"))
    else:
        return
    if leak:
        with open(os.environ["LEAKS"], "a") as file:
            file.write(f"{event} {arguments}\\n")
        raise RuntimeError(f"outgoing connection: {event} {arguments}")

sys.addaudithook(watch)
"""


def watched(home: Path, *arguments: object) -> "subprocess.CompletedProcess[str]":
    (home / "watch").mkdir(exist_ok=True)
    (home / "watch" / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    environment = {
        **os.environ,
        "PYTHONPATH": f"{home / 'watch'}:{ROOT}",
        "LEAKS": str(home / "leaks"),
        "CLEW_THREADS": "1",
    }
    return subprocess.run(
        [sys.executable, *map(str, arguments)], capture_output=True, text=True, check=False, cwd=home, env=environment
    )


def leaks(home: Path) -> str:
    return (home / "leaks").read_text() if (home / "leaks").exists() else ""


def test_ingest_and_answers_make_no_outgoing_connection(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "ferry.md").write_text(FERRY, encoding="utf-8")
    (docs / "page.html").write_text("<p>See <img src='http://203.0.113.7/x.png'> the lamp.</p>", encoding="utf-8")
    for arguments in (("ingest", docs), ("ask", "Who took command?", "--index", docs / ".clew")):
        done = watched(tmp_path, "-m", "ui.cli", *arguments)
        assert done.returncode == 0, done.stderr
    assert leaks(tmp_path) == ""


def test_the_watch_itself_catches_a_connection(tmp_path: Path) -> None:
    done = watched(tmp_path, "-c", "import socket; socket.create_connection(('203.0.113.7', 80), timeout=1)")
    assert done.returncode != 0
    assert "203.0.113.7" in leaks(tmp_path)
