"""A run's result as it is written to a file: the JSON that ``compare``, ``explain``, the report and scripts read."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from clew.errors import ClewError
from evals.cases import Case
from evals.observe import Said, Seen, Spent, Way

SCHEMA = "clew.eval/1"


class Row(BaseModel):
    """The base of what is kept: unknown keys of a newer version are let through."""

    model_config = ConfigDict(frozen=True)


class Figure(Row):
    """A mean over the ``n`` cases that the metric applies to, with its 95 % interval."""

    mean: float
    ci: tuple[float, float]
    n: int


class Stage(Row):
    """Milliseconds of a stage, per question."""

    p50: float
    p95: float


class System(Row):
    """One system over all cases."""

    metrics: dict[str, Figure]
    ms: dict[str, Stage]
    usage: Spent


class Difference(Row):
    """``delta`` is b's mean minus a's, over the cases both have; ``p`` is the sign-flip test's."""

    a: str
    b: str
    metric: str
    delta: float
    ci: tuple[float, float]
    p: float
    detectable: bool


class CaseResult(Row):
    """One case under one system. ``gold`` and ``reference`` repeat the case, so that a result explains itself."""

    id: str
    system: str
    question: str
    lang: str
    answerable: bool
    gold: tuple[str, ...]
    gold_facts: tuple[str, ...]
    reference: str | None
    expected_path: str | None
    route: Way
    ranked: tuple[Seen, ...]
    metrics: dict[str, float]
    ms: dict[str, float]
    answer: Said | None = None
    failure: str | None = None
    reason: str | None = None

    @property
    def documents(self) -> list[str]:
        """The distinct documents of the ranking, best first."""
        return list(dict.fromkeys(seen.document for seen in self.ranked))


class Ingested(Row):
    """What indexing the corpus took in this run. Nothing is ``added`` where an earlier run's index was found.

    ``characters`` counts those of all chunks that are no space: a chunker that loses text shows here first.
    """

    documents: int
    added: int
    chunks: int
    characters: int
    losses: int
    ms: float


class Result(Row):
    """A whole run. ``code_sha256`` covers the rooms' source: two results with the same one differ by data alone."""

    # The first key of every JSON shape, and "schema" is taken in pydantic.
    schema_name: str = Field(default=SCHEMA, serialization_alias="schema")
    suite: str
    corpus_sha256: str
    commit: str | None
    code_sha256: str
    settings: dict[str, Any]
    k: tuple[int, ...]
    n: int
    answers: bool
    left_out: dict[str, str]
    ingest: Ingested | None
    systems: dict[str, System]
    differences: tuple[Difference, ...]
    cases: tuple[CaseResult, ...]

    def of(self, system: str) -> dict[str, CaseResult]:
        """A system's cases by id."""
        return {case.id: case for case in self.cases if case.system == system}

    def to_json(self) -> str:
        return self.model_dump_json(by_alias=True, indent=1, exclude_none=False)


def read_result(path: Path) -> Result:
    """A result that an earlier run wrote."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError, UnicodeDecodeError) as bad:
        raise ClewError(f"{path} is no result: {bad}.", "Write one with: clew eval run SUITE --json FILE") from bad
    if not isinstance(raw, dict) or raw.get("schema") != SCHEMA:
        raise ClewError(
            f"{path} is no result of 'clew eval run' that this version reads ({SCHEMA}).",
            "Write one with: clew eval run SUITE --json FILE",
        )
    try:
        return Result.model_validate(raw)
    except ValidationError as bad:
        first = bad.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ClewError(f"{path}: {where}: {first['msg']}.", "The file was changed: run the suite again.") from bad


def gold_of(case: Case) -> Mapping[str, Any]:
    """The fields of a case that its result repeats."""
    return {
        "question": case.question,
        "lang": case.lang,
        "answerable": case.answerable,
        "gold": case.gold_documents,
        "gold_facts": case.gold_facts,
        "reference": case.answer,
        "expected_path": case.path,
    }
