"""The towns, measured: what the tests of runs, comparisons and baselines begin with."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evals.corpus import Corpus, materialise
from evals.journal import Journal
from evals.result import Result
from evals.run import Plan, measure
from tests.evals.standin import StandIn, towns


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return materialise(towns(), tmp_path)


@pytest.fixture
def measured(tmp_path: Path, corpus: Corpus) -> Callable[..., Result]:
    def run(assistant: StandIn | None = None, journal: str = "j", **plan: Any) -> Result:
        assistant = assistant or StandIn(corpus)
        return measure(
            towns(),
            Plan(**plan),
            assistant=assistant,
            texts=assistant.texts,
            corpus=corpus,
            journal=Journal(tmp_path / f"{journal}.jsonl"),
            recorded={"embedder": "words"},
        )

    return run
