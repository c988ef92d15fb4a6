"""The committed baseline: which gold each case of the built-in suite finds. Losing any of it fails a test."""

import json
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ValidationError

from clew.errors import ClewError
from evals.result import CaseResult, Result

FILE = Path(__file__).with_name("baseline.json")
WITHIN = 5  # gold counts as found among this many documents


class Held(BaseModel):
    """What one case finds under one system: gold documents within k, and numbers of the gold facts in them."""

    documents: tuple[str, ...] = ()
    facts: tuple[int, ...] = ()


class Baseline(BaseModel):
    """By system and case. Only what is found is listed, so a line that goes is a loss."""

    suite: str
    k: int
    systems: dict[str, dict[str, Held]]


def baseline_of(result: Result) -> Baseline:
    """What a result finds. The oracle is no system of its own and is left out."""
    return Baseline(
        suite=result.suite,
        k=WITHIN,
        systems={
            name: {case.id: _held(case.documents[:WITHIN], case) for case in result.of(name).values() if case.gold}
            for name in result.systems
            if name != "oracle"
        },
    )


def _held(first: list[str], case: CaseResult) -> Held:
    facts = {n for seen in case.ranked if seen.document in first for n in seen.holds}
    return Held(documents=tuple(gold for gold in case.gold if gold in first), facts=tuple(sorted(facts)))


def read_baseline(path: Path = FILE) -> Baseline:
    """The committed baseline."""
    try:
        return Baseline.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as bad:
        raise ClewError(f"The baseline {path} cannot be read: {bad}.", "Write it: clew eval baseline --write") from bad


def write_baseline(baseline: Baseline, path: Path = FILE) -> None:
    """Write it so that a changed case is a changed line."""
    lines = [f'{{"suite": {_json(baseline.suite)}, "k": {baseline.k}, "systems": {{']
    for s, (system, cases) in enumerate(baseline.systems.items()):
        lines.append(f" {_json(system)}: {{")
        rows = [f"  {_json(case)}: {held.model_dump_json()}" for case, held in cases.items()]
        lines += [row + ("," if n < len(rows) - 1 else "") for n, row in enumerate(rows)]
        lines.append(" }" + ("," if s < len(baseline.systems) - 1 else ""))
    path.write_text("\n".join([*lines, "}}"]) + "\n", encoding="utf-8")


def lost(before: Baseline, now: Baseline) -> Iterable[str]:
    """One sentence for each gold document or fact that the baseline finds and the code no longer does."""
    for system, cases in before.systems.items():
        if system not in now.systems:
            yield f"The system {system} is gone."
            continue
        for case, held in cases.items():
            has = now.systems[system].get(case)
            if has is None:
                yield f"{system}: the case {case} is gone."
                continue
            for gold in held.documents:
                if gold not in has.documents:
                    yield f"{system}: {case} no longer finds {gold} within {before.k}."
            for fact in held.facts:
                if fact not in has.facts:
                    yield f"{system}: {case} no longer finds the chunk with gold fact {fact} within {before.k}."


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
