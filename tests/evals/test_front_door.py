"""The built-in suite by the front door, with the real engines: the baseline, and regressions planted into the code.

The baseline is ``evals/baseline.json``. A case that loses gold fails here until the file changes in the same commit
(``make baseline``), so that a loss is a decision and never an accident.
"""

import json
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from clew.records import Chunk, Citation, Span
from clew.settings import Settings
from evals.baseline import baseline_of, lost, read_baseline
from evals.cases import Case
from evals.compare import compare
from evals.result import Result, read_result
from evals.run import Plan, run
from evals.suite import Passage, Suite
from evals.suites import load_suite, sample
from ingest import chunk as chunking
from retrieve import quote
from retrieve.assembly import open_index
from tests.evals.loaders.test_official_layouts import beir_folder
from ui.cli import clew
from ui.cli import run as run_cli

SETTINGS = Settings(threads=1)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def built_in(cache: Path) -> Result:
    started = time.process_time()  # the machine may be busy with others
    result = run(sample(), Plan(answers=False), settings=SETTINGS, cache=cache)
    assert time.process_time() - started < 120
    return result


@pytest.fixture(scope="module")
def answered(cache: Path, built_in: Result) -> Result:
    """The passages path with its answers, over the index that is there."""
    return asked(cache)


def asked(cache: Path) -> Result:
    return run(sample(), Plan(systems=("passages",), fresh=True), settings=SETTINGS, cache=cache)


@pytest.mark.timeout(900)
def test_no_case_loses_gold_that_the_committed_baseline_finds(built_in: Result) -> None:
    gone = list(lost(read_baseline(), baseline_of(built_in)))
    assert not gone, "\n".join([*gone, "If this is meant, commit a new baseline with it: make baseline"])


def test_what_is_indexed_of_the_sample_holds_its_gold_facts(built_in: Result) -> None:
    assert not [case.reason for case in built_in.cases if case.reason and case.reason.startswith("In no chunk")]


def drops_every_tenth_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chunker loses every tenth sentence of a document; lengths stay, so that nothing else breaks."""
    whole = chunking.chunks

    def spoiled(*given: Any, **named: Any) -> Any:
        chunks = whole(*given, **named)
        tenth = {span for n, span in enumerate(_sentences(chunks), 1) if n % 10 == 0}
        return [_without(chunk, tenth) for chunk in chunks]

    monkeypatch.setattr(chunking, "chunks", spoiled)


def _sentences(chunks: list[Chunk]) -> Iterator[Span]:
    for chunk in chunks:
        yield from chunk.sentences


def _without(chunk: Chunk, tenth: set[Span]) -> Chunk:
    text = chunk.text
    for span in tenth & set(chunk.sentences):
        at = span.shift(-chunk.span.start)
        text = text[: at.start] + " " * len(at) + text[at.end :]
    return replace(chunk, text=text, sentences=tuple(span for span in chunk.sentences if span not in tenth))


def test_a_chunker_that_drops_every_tenth_sentence_is_caught_and_named(
    answered: Result, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drops_every_tenth_sentence(monkeypatch)
    [known] = cache.glob("indexes/*/*/vectors.sqlite")  # most texts were embedded before
    earlier = tmp_path / "indexes" / known.parent.parent.name / "earlier"
    earlier.mkdir(parents=True)
    shutil.copy2(known, earlier)
    spoiled = asked(tmp_path)
    found = compare(answered, spoiled)
    assert any("same corpus holds -" in warning and "chunking" in warning for warning in found.warnings)
    before, after = found.failures["passages"]["missing content"]
    assert after > before
    dropped = [case for case in found.changed if any(text.startswith("fact “") for text in case.lost)]
    assert "missing content" in {spoiled.of("passages")[case.id].failure for case in dropped}
    assert list(lost(read_baseline(), baseline_of(spoiled)))


def test_citations_off_by_one_are_caught_and_named(
    answered: Result, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compose = quote.compose

    def next_sentence(citation: Citation) -> Citation:
        sentences = citation.chunk.sentences
        at = next((n for n, span in enumerate(sentences) if span.start > citation.span.start), 0)
        return replace(citation, span=sentences[at])

    def off_by_one(*given: Any) -> Any:
        text, sentences, citations = compose(*given)
        return text, sentences, [next_sentence(citation) for citation in citations]

    monkeypatch.setattr(quote, "compose", off_by_one)
    found = compare(answered, asked(cache))
    worse = {shift.metric for shift in found.regressions}
    assert worse
    assert worse <= {"fact_citation_recall", "fact_citation_precision"}  # named as what it is, and nothing else


def test_a_beir_folder_goes_through_without_preparation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLEW_THREADS", "1")
    folder = beir_folder(tmp_path / "mills")
    arguments = ["eval", "run", str(folder), "--no-answers", "--cache", str(tmp_path / "cache")]
    code = run_cli(clew, [*arguments, "--json", str(tmp_path / "a.json"), "--runs", str(tmp_path / "runs")])
    assert code == 0
    result = read_result(tmp_path / "a.json")
    assert (result.n, result.ingest.documents if result.ingest else 0) == (1, 3)
    assert result.systems["passages"].metrics["all_gold@10"].mean == 1.0
    assert (tmp_path / "runs" / "passages.trec").read_text("utf-8").startswith("q1 Q0 d")
    assert "<svg" in (tmp_path / "a.html").read_text("utf-8")
    assert "recall@5" in capsys.readouterr().out
    again = run(load_suite(str(folder)), Plan(answers=False), settings=SETTINGS, cache=tmp_path / "cache")
    assert again.ingest is not None
    assert again.ingest.added == 0  # the index was found again


def test_the_terminal_compares_and_explains(
    built_in: Result, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a, b = tmp_path / "a.json", tmp_path / "b.json"
    a.write_text(built_in.to_json(), "utf-8")
    worse = tuple(
        case.model_copy(update={"metrics": dict.fromkeys(case.metrics, 0.0), "ranked": ()}) for case in built_in.cases
    )
    b.write_text(built_in.model_copy(update={"cases": worse}).to_json(), "utf-8")
    assert run_cli(clew, ["eval", "compare", str(a), str(a)]) == 0
    assert "no change at all" in capsys.readouterr().out
    assert run_cli(clew, ["eval", "compare", str(a), str(b), "--check"]) == 1
    assert re.search(r"\d+ metrics worse", capsys.readouterr().out)
    assert run_cli(clew, ["eval", "compare", str(a), str(b), "--json"]) == 0
    body = json.loads(capsys.readouterr().out)
    assert body["schema"] == "clew.eval-compare/1"
    assert body["regressions"]
    case = built_in.cases[0]
    assert run_cli(clew, ["eval", "explain", str(a), case.id]) == 0
    assert case.question in capsys.readouterr().out
    assert run_cli(clew, ["eval", "explain", str(a), "no-such-case"]) == 1
    assert "no-such-case" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["sample", "--system", "magic"], 2),
        (["sample", "--system", ","], 2),
        (["sample", "--k", "five"], 2),
        (["2wiki-780"], 2),
        (["2wiki-780", "--data", "nowhere"], 1),
        (["no-such-suite"], 2),
    ],
)
def test_what_cannot_be_run_is_said_with_its_exit_code(
    arguments: list[str], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CLEW_DATA", raising=False)
    assert run_cli(clew, ["eval", "run", *arguments, "--cache", str(tmp_path)]) == code


def test_triples_that_come_with_a_data_set_go_into_the_graph(tmp_path: Path) -> None:
    passage = Passage(
        id="0",
        title="Orm",
        text="Ida Vask founded Orm.",
        entities=("Ida Vask",),
        triples=(("Ida Vask", "made", "Orm"),),
    )
    case = Case(id="q", question="Who founded Orm?", gold_documents=("0",))
    given = Suite(name="given", cases=(case,), passages=(passage,))
    found = Suite(name="found", cases=(case,), passages=(replace(passage, entities=(), triples=()),))
    for suite in (given, found):
        run(suite, Plan(answers=False), settings=SETTINGS, cache=tmp_path)
    predicates = set()
    for home in tmp_path.glob("indexes/*/*"):
        with open_index(home, SETTINGS) as index, index.lease.hold():
            assert index.facts is not None
            [chunk] = index.store.scroll()
            predicates |= {triple.predicate for triple in index.facts.store.triples([chunk.id])}
    assert "made" in predicates  # as given
    assert predicates > {"made"}  # and, in an index of its own, as the default extractor reads it
