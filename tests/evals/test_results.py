"""The README's table and the bench's shape."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from clew.errors import ClewError
from clew.models.minilm import MiniLM
from clew.ports import Passage
from clew.settings import Settings
from evals.bench import Item, Remembering, far_walk, ingest, questions, start_up
from evals.corpus import Corpus
from evals.result import Result
from evals.results import main, put_into, table, unseen
from evals.suites import sample
from evals.synthetic import Synthetic
from retrieve.walk import Walk
from retrieve.walkindex import WalkIndex
from tests.evals.standin import towns

README = "# Clew\n\n<!-- results -->\nstale\n<!-- /results -->\n\nMore.\n"


def test_the_table_stands_between_its_markers_and_nothing_else_changes(
    measured: Callable[..., Result], tmp_path: Path
) -> None:
    (tmp_path / "towns.json").write_text(measured().to_json(), "utf-8")
    readme = tmp_path / "README.md"
    readme.write_text(README, "utf-8")
    arguments = ["--from", str(tmp_path), "--suite", "towns", "--readme", str(readme)]
    done = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    text = readme.read_text("utf-8")
    assert text.startswith("# Clew\n\n<!-- results -->\n")
    assert text.endswith("<!-- /results -->\n\nMore.\n")
    assert "stale" not in text
    CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert readme.read_text("utf-8") == text


def test_every_figure_of_the_table_is_the_results(measured: Callable[..., Result]) -> None:
    result = measured()
    row = next(line for line in table([result]).splitlines() if line.startswith("| towns"))
    passages = result.systems["passages"].metrics
    assert f"{passages['recall@5'].mean:.3f}".removeprefix("0") in row
    assert f"({passages['all_gold@8'].mean:.3f}".replace("(0.", "(.") in row
    assert "both" not in table([result]).splitlines()[2]  # a system nobody has is no column


def test_questions_of_development_are_left_out_of_the_table() -> None:
    whole, half = sample(), unseen(sample())
    assert {case.split for case in half.cases} == {"test"}
    assert 0 < len(half.cases) < len(whole.cases)
    assert half.name == "sample (test half)"
    assert unseen(half).name == half.name


def test_a_readme_without_markers_is_an_error() -> None:
    with pytest.raises(ClewError, match="<!-- results -->"):
        put_into("# Clew", "table")


def test_an_item_passes_up_to_its_limit() -> None:
    item = Item(name="a", value_ms=3.0, baseline="b", baseline_ms=2.0, limit=1.5)
    assert item.shape() == {
        "name": "a",
        "value_ms": 3.0,
        "baseline": "b",
        "baseline_ms": 2.0,
        "ratio": 1.5,
        "limit": 1.5,
        "pass": True,
    }
    assert not Item(name="a", value_ms=3.1, baseline="b", baseline_ms=2.0, limit=1.5).shape()["pass"]


def test_the_noted_texts_are_those_embedded(minilm: MiniLM) -> None:
    remembering = Remembering(minilm)
    vectors = list(remembering.embed_passages(Passage(text) for text in ("The mill.", "A heron.")))
    assert remembering.texts == ["The mill.", "A heron."]
    assert len(vectors) == 2
    assert remembering.count("The mill.") == minilm.count("The mill.")


def test_start_up_is_timed_as_people_feel_it() -> None:
    started = time.perf_counter()
    [item] = start_up()
    assert item.value_ms > item.baseline_ms > 0
    assert item.value_ms / 1000 < time.perf_counter() - started
    assert re.fullmatch(r"clew --help", item.name)


def test_questions_and_ingest_are_timed_against_the_bare_embedding(corpus: Corpus) -> None:
    settings = Settings(threads=1)
    items = [*questions(towns(), corpus, settings, walk_ms=3.0), *ingest(towns(), corpus, settings)]
    assert [item.limit for item in items] == [2.0, 10.0, 3.0, 1.4, 1.7]
    assert all(item.value_ms > 0 and item.baseline_ms > 0 for item in items)
    query, names, walk, plain, _ = items
    assert query.value_ms > query.baseline_ms
    assert names.baseline == walk.baseline == "one millisecond"
    assert plain.baseline == "bare embedding of the same texts"


def test_the_walk_over_a_made_up_graph_comes_to_passages_that_name_what_is_asked() -> None:
    made = Synthetic(600)
    (question,) = made.questions(1)
    walk = Walk(WalkIndex(made.view), made)
    walked = walk.rank(question.text, question.query, question.first, limit=10)
    assert len(walked.seeds) == 2
    at = {made.view.entities[e].id: set(made.view.chunk[made.view.entity == e].tolist()) for e in range(2400)}
    naming = set().union(*(at[seed] for seed in walked.seeds))
    assert not naming or naming & {int(step.chunk, 16) for step in walked.steps}
    (item,) = far_walk(600, 3)
    assert item.shape()["memory_mb"] >= 0
    assert item.value_ms > 0
