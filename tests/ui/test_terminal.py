"""The terminal keeps its word: the shapes, the exit codes and the errors that scripts hold on to."""

import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any

import click
import pytest
from rich.console import Console

from clew.errors import UsageError
from clew.records import Answer, Chunk, Citation, Route, Sentence, Span
from clew.settings import Settings
from ingest.manifest import Manifest
from retrieve.assembly import open_index
from tests.worlds import FERRY, LIGHTHOUSE, TEAHOUSE, document
from ui import render
from ui.cli import run

SETTINGS = {"CLEW_THREADS": "1", "CLEW_WORKERS": "1"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An ingested folder."""
    folder = tmp_path_factory.mktemp("harbour")
    for name, text in (("ferry.md", FERRY), ("lights/lighthouse.md", LIGHTHOUSE), ("茶馆.md", TEAHOUSE)):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    with open_index(folder / ".clew", Settings(threads=1)) as index:
        index.ingest(folder)
    return folder


def clew(*arguments: object, at: Path | None = None, **settings: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "ui.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=at,
        env={**os.environ, **SETTINGS, **settings, "PYTHONPATH": str(Path(__file__).parents[2])},
    )


def body(done: "subprocess.CompletedProcess[str]", schema: str) -> dict[str, Any]:
    """The one JSON object on stdout."""
    found: dict[str, Any] = json.loads(done.stdout)
    assert next(iter(found.items())) == ("schema", schema)
    return found


def text_of(folder: Path, document: str) -> str:
    return str(body(clew("markdown", folder / document, "--json"), "clew.markdown/1")["text"])


@pytest.mark.parametrize("wrong", [KeyboardInterrupt(), UsageError("No."), ZeroDivisionError()])
def test_a_command_that_ends_early_leaves_the_cursor_shown(
    monkeypatch: pytest.MonkeyPatch, wrong: BaseException
) -> None:
    drawn = StringIO()
    monkeypatch.setattr(render, "ERR", Console(file=drawn, force_terminal=True))

    @click.command()
    def breaks() -> None:
        bar = render.Bar()
        bar.start("Reading", 10)
        bar.advance()
        raise wrong

    with suppress(ZeroDivisionError):
        run(breaks, [])
    assert drawn.getvalue().rfind("\x1b[?25h") > drawn.getvalue().rfind("\x1b[?25l") > -1


def test_where_no_bar_can_be_drawn_a_line_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    said = StringIO()
    monkeypatch.setattr(render, "ERR", Console(file=said))
    monkeypatch.setattr(render, "EVERY", 0.0)
    bar = render.Bar()
    bar.start("Reading", 1200)
    bar.advance(30, note="minutes/[board].md")
    bar.finish()
    assert said.getvalue() == "Reading: 30/1,200 minutes/[board].md\n"


def test_every_quote_of_an_answer_stands_in_the_documents_markdown_at_its_offsets(folder: Path) -> None:
    done = clew("ask", "When was the lamp at Gull Head first lit?", "--json", at=folder)
    assert done.returncode == 0, done.stderr
    answer = body(done, "clew.ask/1")
    assert answer["finish"] == "complete"
    assert answer["citations"]
    for citation in answer["citations"]:
        assert text_of(folder, citation["document"])[citation["start"] : citation["end"]] == citation["quote"]
    assert "1862" in answer["citations"][0]["quote"]
    for sentence in answer["sentences"]:
        said = answer["text"][sentence["start"] : sentence["end"]]
        assert all(f"[{marker}]" in said for marker in sentence["markers"])
    for piece in answer["evidence"]:
        assert text_of(folder, piece["document"])[piece["start"] : piece["end"]] == piece["text"]
    assert set(answer["ms"]) == {"route", "retrieve", "answer", "total"}
    assert set(answer["route"]) == {"path", "compute", "fresh", "confidence", "decided_by"}


def test_continue_adds_new_quotes_with_the_numbers_following_on(folder: Path) -> None:
    first = body(clew("ask", "Who kept the lamp at Gull Head?", "--json", at=folder), "clew.ask/1")
    more = body(clew("continue", first["id"], "--json", at=folder), "clew.continue/1")
    assert (more["continues"], more["kind"]) == (first["id"], "deeper")
    assert more["text"].startswith(first["text"])
    assert more["text"][more["added_from"] :].strip()
    markers = [citation["marker"] for citation in more["citations"]]
    assert markers == list(range(1, len(markers) + 1))
    assert len(markers) > len(first["citations"])
    quotes = [(citation["document"], citation["start"]) for citation in more["citations"]]
    assert len(set(quotes)) == len(quotes)


def test_an_answer_stands_apart_from_its_sources_and_ends_with_how_to_go_on(folder: Path) -> None:
    done = clew("ask", "When was the lamp at Gull Head first lit?", "--path", "passages", at=folder)
    said, sources = done.stdout.split("\n\n[1] ")
    assert said.startswith("The lamp was first lit in 1862. [1]")
    assert sources.startswith("lights/lighthouse.md")
    *_, way, going_on = done.stdout.splitlines()
    assert way.startswith("Way: Passages, chosen by you · ")
    assert re.fullmatch("Keep going: clew continue [0-9a-f]{12}", going_on)


def test_no_line_of_the_terminal_ends_in_blanks_or_is_broken_where_nobody_reads_it_narrow(folder: Path) -> None:
    for command in (("ask", "When was the lamp at Gull Head first lit?"), ("search", "Gull Head"), ("status",)):
        lines = clew(*command, at=folder).stdout.splitlines()
        assert [line for line in lines if line != line.rstrip()] == []
    assert "Markdown: 3" in lines[-2]
    [first, *_] = [line for line in clew("search", "Gull Head", at=folder).stdout.splitlines() if line[0] == " "]
    assert len(first) > 80
    assert "#" not in first


def test_a_source_that_is_cited_twice_for_the_same_is_listed_once(capsys: pytest.CaptureFixture[str]) -> None:
    chunk = Chunk(id="c", document=document("ferry.md"), span=Span(0, 10), text="She sails.")
    citation = Citation(marker=1, chunk=chunk, span=Span(0, 10), support=1.0, supported=True)
    answer = Answer(
        id="a",
        question="Who?",
        text="She sails. She sails. It flies. It flies.",
        route=Route(path="passages"),
        finish="complete",
        citations=(citation, citation),
        sentences=tuple(Sentence(span=Span(at, at + 9), markers=(), supported=False) for at in (22, 32)),
        ms={"total": 1.0},
    )
    render.sources(answer)
    out = capsys.readouterr().out
    assert out.count("[1] ferry.md") == 1
    assert out.count("Not supported by the documents: It flies.") == 1


def test_a_table_of_the_terminal_is_never_cut(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from rich.table import Table

    table = Table(*(f"column {n}" for n in range(20)))
    table.add_row(*("1.000±.00" for _ in range(20)))
    render.wide(table)
    assert capsys.readouterr().out.count("1.000±.00") == 20


def test_a_type_is_called_as_people_call_it_and_one_that_is_not_held_is_wrong_usage(folder: Path) -> None:
    for name in ("Markdown", ".md", "text/markdown"):
        assert clew("search", "lamp", "--type", name, at=folder).returncode == 0
    done = clew("search", "lamp", "--type", "pdf", at=folder)
    assert done.returncode == 2
    assert "'PDF'" in done.stderr
    assert "It holds: Markdown" in done.stderr


def test_a_question_the_folder_cannot_answer_is_refused_with_exit_code_4(folder: Path) -> None:
    done = clew("ask", "What is the boiling point of tungsten?", "--json", at=folder)
    assert done.returncode == 4
    assert body(done, "clew.ask/1")["finish"] == "abstained"


def test_search_gives_evidence_and_the_path_can_be_chosen(folder: Path) -> None:
    done = clew("search", "Who commands the Aurelia?", "--path", "passages", "-k", 2, "--json", at=folder)
    found = body(done, "clew.search/1")
    assert done.returncode == 0
    assert found["route"]["path"] == "passages"
    assert found["route"]["decided_by"] == "user"
    assert len(found["evidence"]) == 2
    assert found["evidence"][0]["document"] == "ferry.md"


def test_names_and_words_in_colons_are_shown_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "a:ship:.txt").write_text("The :warning: sign stands at the quay.", encoding="utf-8")
    clew("ingest", tmp_path)
    shown = clew("search", "What stands at the quay?", at=tmp_path).stdout
    assert "a:ship:.txt" in shown
    assert "The :warning: sign" in shown


def test_a_search_can_be_limited_to_a_subfolder(folder: Path) -> None:
    found = body(clew("search", "harbour lamp ferry", "--folder", "lights", "--json", at=folder), "clew.search/1")
    assert {piece["document"] for piece in found["evidence"]} == {"lights/lighthouse.md"}


def test_an_unchanged_folder_is_only_hashed(folder: Path) -> None:
    done = clew("ingest", folder, "--json")
    assert done.returncode == 0, done.stderr
    report = body(done, "clew.ingest/1")
    assert report["documents"] == {
        "seen": 3, "added": 0, "changed": 0, "renamed": 0, "deleted": 0, "unchanged": 3, "failed": 0,
    }  # fmt: skip
    assert report["embedded"] == 0
    assert set(report["ms"]) == {"convert", "embed", "graph", "store", "total"}


def test_a_rename_embeds_nothing_and_an_edit_embeds_what_changed(tmp_path: Path) -> None:
    sections = [f"## Part {n}\n\n" + f"Ship number {n} left the harbour at dawn with its crew. " * 12 for n in range(6)]
    (tmp_path / "long.md").write_text("\n\n".join(sections), encoding="utf-8")
    first = body(clew("ingest", tmp_path, "--json"), "clew.ingest/1")
    assert first["embedded"] == first["chunks"] >= 6
    (tmp_path / "long.md").rename(tmp_path / "renamed.md")
    renamed = body(clew("ingest", tmp_path, "--json"), "clew.ingest/1")
    assert (renamed["documents"]["renamed"], renamed["embedded"]) == (1, 0)
    sections[0] = sections[0].replace("dawn", "nightfall and in heavy rain")
    (tmp_path / "renamed.md").write_text("\n\n".join(sections), encoding="utf-8")
    edited = body(clew("ingest", tmp_path, "--json"), "clew.ingest/1")
    assert edited["documents"]["changed"] == 1
    assert 0 < edited["embedded"] <= 2
    assert body(clew("search", "dawn", "--path", "passages", "--json", at=tmp_path), "clew.search/1")["evidence"]


def test_what_the_owners_rules_leave_out_is_said(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*.log\n", encoding="utf-8")
    (tmp_path / "tides.log").write_text("High water at six.", encoding="utf-8")
    assert "Left out by .gitignore or .clewignore: 1 (tides.log)" in clew("ingest", tmp_path).stdout
    assert body(clew("ingest", tmp_path, "--json"), "clew.ingest/1")["excluded"] == ["tides.log"]


def test_a_deleted_file_is_findable_no_more(tmp_path: Path) -> None:
    (tmp_path / "keep.md").write_text(FERRY, encoding="utf-8")
    (tmp_path / "drop.md").write_text(LIGHTHOUSE, encoding="utf-8")
    clew("ingest", tmp_path)
    (tmp_path / "drop.md").unlink()
    report = body(clew("ingest", tmp_path, "--json"), "clew.ingest/1")
    assert report["documents"]["deleted"] == 1
    found = body(
        clew("search", "Tobias Renn green ledger", "--path", "passages", "--json", at=tmp_path), "clew.search/1"
    )
    assert all("ledger" not in piece["text"] for piece in found["evidence"])


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("ingest", "no-such-folder"), 2, "no-such-folder"),
        (("ask", "Anything?"), 2, "No index was found"),
        (("ask",), 2, "Missing argument"),
        (("continue", "abc123"), 2, "No index was found"),
        (("frobnicate",), 2, "No such command"),
        (("markdown", "missing.md"), 2, "missing.md"),
        (("search", "x", "--since", "tomorrow"), 2, "YYYY-MM-DD"),
    ],
)
def test_wrong_usage_is_told_in_a_sentence_with_what_to_do(
    tmp_path: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    done = clew(*arguments, at=tmp_path)
    assert done.returncode == code
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    done = clew("ingest", tmp_path, CLEW_THREADS="many")
    assert done.returncode == 2
    assert "CLEW_THREADS" in done.stderr
    assert "many" in done.stderr
    done = clew("ingest", tmp_path, CLEW_MAX_FILE_MB="inf")
    assert done.returncode == 2
    assert "CLEW_MAX_FILE_MB" in done.stderr


def test_an_unknown_answer_id_is_told_apart_from_no_index(folder: Path) -> None:
    done = clew("continue", "000000000000", at=folder)
    assert done.returncode == 2
    assert "000000000000" in done.stderr


def test_an_index_made_by_another_embedder_is_refused_and_reindex_mends_it(tmp_path: Path) -> None:
    (tmp_path / "ferry.md").write_text(FERRY, encoding="utf-8")
    clew("ingest", tmp_path)
    manifest = Manifest(tmp_path / ".clew" / "manifest.sqlite")
    manifest.set("embedder", "another-model/1")
    manifest.close()
    refused = clew("ask", "Who commands the Aurelia?", at=tmp_path)
    assert refused.returncode == 5
    assert "another-model/1" in refused.stderr
    assert "clew reindex" in refused.stderr
    assert clew("reindex", at=tmp_path).returncode == 0
    assert clew("ask", "Who took command of the Aurelia?", at=tmp_path).returncode == 0
    again = body(clew("ingest", tmp_path, "--json"), "clew.ingest/1")
    assert again["documents"]["unchanged"] == 1


def test_pairs_to_check_may_hold_any_end_of_line_in_their_texts(tmp_path: Path) -> None:
    pair = {"id": 1, "sentence": "The lamp was lit in 1862.", "source": "The lamp was lit\u2028in 1862."}
    (tmp_path / "pairs.jsonl").write_text(json.dumps(pair, ensure_ascii=False) + "\n", encoding="utf-8")
    done = clew("cite", "check", tmp_path / "pairs.jsonl", "--json")
    assert done.returncode == 0, done.stderr
    assert [row["supported"] for row in body(done, "clew.cite/1")["rows"]] == [True]


def test_an_empty_folder_is_no_error(tmp_path: Path) -> None:
    done = clew("ingest", tmp_path, "--json")
    assert done.returncode == 0, done.stderr
    assert body(done, "clew.ingest/1")["documents"]["seen"] == 0
    asked = clew("ask", "Anything here?", "--json", "--path", "passages", at=tmp_path)
    assert asked.returncode == 4


def test_help_teaches(tmp_path: Path) -> None:
    overview = clew("--help", at=tmp_path)
    assert overview.returncode == 0
    assert "clew chat FOLDER" in overview.stdout
    for verb in ("ingest", "ask", "continue", "search", "markdown", "chat", "status", "doctor", "reindex"):
        assert verb in overview.stdout
        detail = clew(verb, "--help", at=tmp_path)
        assert detail.returncode == 0, detail.stderr
        assert len(detail.stdout) > 200
    settings = clew("doctor", "-h", at=tmp_path).stdout
    assert all(f"CLEW_{name.upper()}" in settings for name in Settings.model_fields)
    assert max(map(len, overview.stdout.splitlines())) <= 100


def test_status_and_doctor_say_what_is_there(folder: Path) -> None:
    status = body(clew("status", "--json", at=folder), "clew.status/1")
    assert status["documents"] == {"ready": 3}
    doctor = clew("doctor", "--json", at=folder)
    assert doctor.returncode == 0, doctor.stdout
    checks = {check["name"]: check for check in body(doctor, "clew.doctor/1")["checks"]}
    assert checks["index"]["ok"]
    assert checks["embedder"]["ok"]


def test_doctor_ends_with_the_code_of_what_fails_and_names_what_is_set_in_vain(folder: Path, tmp_path: Path) -> None:
    assert clew("doctor", at=tmp_path).returncode == 2
    away = clew("doctor", at=folder, CLEW_LLM="openai-like:http://127.0.0.1:9/v1#m")
    assert away.returncode == 6
    slip = clew("doctor", at=folder, CLEW_NEO4J_URL="bolt://127.0.0.1:7687", CLEW_DATA="/data")
    assert slip.returncode == 0
    assert "CLEW_NEO4J_URL is none" in slip.stdout
    assert "Did you mean CLEW_NEO4J_URI?" in slip.stdout
    assert "CLEW_DATA" not in slip.stdout


def test_every_setting_and_subcommand_is_explained_in_whole_sentences() -> None:
    from importlib import import_module

    assert [name for name, one in Settings.model_fields.items() if not one.description] == []
    for group in ("cite", "eval", "graph_", "router"):
        command = import_module(f"ui.commands.{group}").command
        wide = 72 - max(map(len, command.commands))  # of a terminal of 80 columns
        cut = [name for name, one in command.commands.items() if one.get_short_help_str(wide).endswith("...")]
        assert cut == [], group


def test_one_index_holds_several_folders_and_a_question_can_be_limited_to_one(tmp_path: Path) -> None:
    for name, file, text in (("boats", "about.md", FERRY), ("lights", "about.md", LIGHTHOUSE)):
        (tmp_path / name).mkdir()
        (tmp_path / name / file).write_text(text, "utf-8")
    where = ("--index", tmp_path / "index")
    for name in ("boats", "lights"):
        done = clew("ingest", tmp_path / name, *where, "--collection", name, "--json")
        assert body(done, "clew.ingest/1")["documents"]["added"] == 1, done.stderr
    both = body(clew("search", "What was built or lit in what year?", *where, "--json"), "clew.search/1")
    assert {piece["collection"] for piece in both["evidence"]} == {"boats", "lights"}
    one = body(
        clew("search", "What was built or lit in what year?", *where, "--collection", "lights", "--json"),
        "clew.search/1",
    )
    assert {piece["collection"] for piece in one["evidence"]} == {"lights"}
    none = clew("ask", "When was the lamp lit?", *where, "--collection", "tides")
    assert none.returncode == 2
    assert "boats, lights" in none.stderr
    mixed = clew("ingest", tmp_path / "lights", *where, "--collection", "boats")
    assert mixed.returncode == 2
    assert "boats" in mixed.stderr
    assert body(clew("status", *where, "--json"), "clew.status/1")["documents"] == {"ready": 2}
