"""The chat page, an ingest and a question at the same time, on one index: all succeed."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

from clew.settings import Settings
from retrieve.assembly import open_index
from tests.worlds import FERRY, LIGHTHOUSE


def command(*arguments: object) -> "subprocess.Popen[str]":
    environment = {**os.environ, "CLEW_THREADS": "1", "CLEW_WORKERS": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "ui.cli", *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, cwd=Path(__file__).parents[1],
    )  # fmt: skip


def test_a_page_an_ingest_and_a_question_share_one_index(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "ferry.md").write_text(FERRY, encoding="utf-8")
    with open_index(docs / ".clew", Settings(threads=1), doing="the chat page") as page:
        page.ingest(docs)
        for n in range(60):
            text = LIGHTHOUSE.replace("1862", str(1862 + n)) + f"\n\nBook {n} counts {n * 7} lamps."
            (docs / f"book-{n}.md").write_text(text, encoding="utf-8")
        ingest = command("ingest", docs, "--json")
        done = threading.Event()
        answers = []

        def chat() -> None:
            while not done.is_set():
                answers.append(page.assistant.ask("When was the Aurelia built?", path="passages"))

        chatting = threading.Thread(target=chat)
        chatting.start()
        asks = [command("ask", "When was the Aurelia built?", "--index", docs / ".clew", "--json") for _ in range(2)]
        for asked in asks:
            out, errors = asked.communicate(timeout=200)
            assert asked.returncode == 0, errors
            assert "1987" in json.loads(out)["text"]
        out, errors = ingest.communicate(timeout=200)
        done.set()
        chatting.join()
    assert ingest.returncode == 0, errors
    assert json.loads(out)["documents"]["added"] == 60
    assert len(answers) > 3
    assert all("1987" in answer.text for answer in answers)
