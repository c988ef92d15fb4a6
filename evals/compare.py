"""Did a change help? Two results of one suite, question by question."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from clew.errors import ClewError
from evals.intervals import Bootstrap, Estimate
from evals.metrics import LOWER_IS_BETTER
from evals.result import CaseResult, Result
from evals.summary import table

TINY = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """How a metric's mean moved from A to B over the cases that both have. ``helped`` None: not detectable."""

    system: str
    metric: str
    before: float
    after: float
    change: Estimate

    @property
    def helped(self) -> bool | None:
        if not self.change.detectable:
            return None
        return (self.change.mean > 0) != (self.metric in LOWER_IS_BETTER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A case that came out otherwise: metrics as (before, after), and what it lost or won, in words."""

    id: str
    system: str
    question: str
    metrics: Mapping[str, tuple[float, float]]
    lost: tuple[str, ...]
    won: tuple[str, ...]

    @property
    def verdict(self) -> str:
        ups = {_better(name, after - before) for name, (before, after) in self.metrics.items()}
        if not ups:  # no figure moved, but what it found did
            ups = {better for better, what in ((False, self.lost), (True, self.won)) if what}
        return "mixed" if len(ups) > 1 else ("better" if True in ups else "worse")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Everything that differs between A and B. ``warnings`` say why the two may not be comparable."""

    suite: str
    n: int
    systems: tuple[str, ...]
    shifts: tuple[Shift, ...]
    changed: tuple[Changed, ...]
    failures: Mapping[str, Mapping[str, tuple[int, int]]]
    warnings: tuple[str, ...]

    @property
    def regressions(self) -> tuple[Shift, ...]:
        """The metrics that are detectably worse."""
        return tuple(shift for shift in self.shifts if shift.helped is False)

    @property
    def gains(self) -> tuple[Shift, ...]:
        """The metrics that are detectably better."""
        return tuple(shift for shift in self.shifts if shift.helped)


def compare(a: Result, b: Result) -> Comparison:
    """Compare the cases and systems that both results have. Raises ClewError if they share none."""
    systems = tuple(name for name in a.systems if name in b.systems)
    shared = {row.id for row in b.cases}
    ids = [case for case in dict.fromkeys(row.id for row in a.cases) if case in shared]
    if not systems or not ids:
        raise ClewError(
            f"The results share no {'system' if not systems else 'case'}: {a.suite} ({', '.join(a.systems)}) and "
            f"{b.suite} ({', '.join(b.systems)}).",
            "Compare two runs of one suite.",
        )
    bootstrap = Bootstrap(len(ids))
    shifts: list[Shift] = []
    changed: list[Changed] = []
    failures: dict[str, dict[str, tuple[int, int]]] = {}
    for system in systems:
        before, after = a.of(system), b.of(system)
        shifts += _shifts(system, ids, before, after, bootstrap)
        changed += [one for case in ids if (one := _changed(before[case], after[case]))]
        counts = [Counter(rows[case].failure for case in ids if rows[case].failure) for rows in (before, after)]
        points = sorted({str(point) for count in counts for point in count})
        failures[system] = {point: (counts[0][point], counts[1][point]) for point in points}
    return Comparison(
        suite=b.suite,
        n=len(ids),
        systems=systems,
        shifts=tuple(shifts),
        changed=tuple(changed),
        failures=failures,
        warnings=tuple(_warnings(a, b, len(ids))),
    )


def _shifts(
    system: str,
    ids: list[str],
    before: Mapping[str, CaseResult],
    after: Mapping[str, CaseResult],
    bootstrap: Bootstrap,
) -> list[Shift]:
    old = table(ids, {case: before[case].metrics for case in ids})
    new = table(ids, {case: after[case].metrics for case in ids})
    shifts = []
    for metric in old:
        if metric not in new or np.isnan(new[metric] - old[metric]).all():
            continue
        both = ~np.isnan(new[metric] - old[metric])
        shifts.append(
            Shift(
                system=system,
                metric=metric,
                before=float(old[metric][both].mean()),
                after=float(new[metric][both].mean()),
                change=bootstrap.difference(old[metric], new[metric]),
            )
        )
    return shifts


def _changed(old: CaseResult, new: CaseResult) -> Changed | None:
    both = [name for name in old.metrics if name in new.metrics]
    moved = {
        name: (old.metrics[name], new.metrics[name])
        for name in both
        if abs(new.metrics[name] - old.metrics[name]) > TINY
    }
    lost, won = _lost(old, new), _lost(new, old)
    if old.failure != new.failure:
        (lost if new.failure else won).append(
            f"now fails: {new.failure} ({new.reason})" if new.failure else f"no longer fails: {old.failure}"
        )
    if not moved and not lost and not won:
        return None
    return Changed(id=new.id, system=new.system, question=new.question, metrics=moved, lost=tuple(lost), won=tuple(won))


def _lost(old: CaseResult, new: CaseResult) -> list[str]:
    """What the old ranking and answer had of the gold, and the new ones do not."""
    gone = [f"document {gold}" for gold in old.gold if gold in old.documents and gold not in new.documents]
    held = {n for seen in new.ranked for n in seen.holds}
    kept = {n for seen in old.ranked for n in seen.holds}
    gone += [f"fact “{old.gold_facts[n]}”" for n in sorted(kept - held) if n < len(old.gold_facts)]
    if old.answer and new.answer:
        cited = {quote.document for quote in new.answer.quotes}
        gone += [
            f"citation of {gold}"
            for gold in old.gold
            if gold in {quote.document for quote in old.answer.quotes} and gold not in cited
        ]
    return gone


def _better(metric: str, delta: float) -> bool:
    return (delta > 0) != (metric in LOWER_IS_BETTER)


def _warnings(a: Result, b: Result, n: int) -> list[str]:
    said = []
    if a.suite != b.suite:
        said.append(f"Two suites: {a.suite} and {b.suite}.")
    if a.corpus_sha256 != b.corpus_sha256:
        said.append("The corpora differ: what changed may be the documents, not the code.")
    elif a.ingest and b.ingest and a.ingest.characters != b.ingest.characters:
        share = b.ingest.characters / max(1, a.ingest.characters) - 1
        said.append(
            f"The index of the same corpus holds {share:+.1%} text: {a.ingest.characters:,} characters before, "
            f"{b.ingest.characters:,} now. Look at conversion and chunking."
        )
    if n < max(a.n, b.n):
        said.append(f"Only {n} cases are in both (A has {a.n}, B has {b.n}).")
    differing = [name for name in {**a.settings, **b.settings} if a.settings.get(name) != b.settings.get(name)]
    said += [f"The setting {name} differs: {a.settings.get(name)!r}, {b.settings.get(name)!r}." for name in differing]
    if a.k != b.k:
        said.append(f"The cut-offs differ: {list(a.k)} and {list(b.k)}; only those in both are compared.")
    if a.code_sha256 == b.code_sha256:
        said.append("Both were made by the same code.")
    return said
