"""From what was seen to the result: metrics, intervals, differences and failure points."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from evals.cases import Case
from evals.failures import Absent, failure
from evals.intervals import Bootstrap
from evals.metrics import score
from evals.observe import Observation, Spent
from evals.result import CaseResult, Difference, Figure, Stage, System, gold_of
from evals.systems import ORACLE, best_per_case
from evals.text import contains

# Texts of a document's chunks in the index by the corpus' own id; None if the index does not have it.
Texts = Callable[[str], Sequence[str] | None]


def summarise(
    cases: Sequence[Case],
    runs: Mapping[str, Sequence[Observation]],
    *,
    systems: Sequence[str],
    ks: Sequence[int],
    texts: Texts,
) -> tuple[dict[str, System], tuple[Difference, ...], tuple[CaseResult, ...]]:
    """The three parts of a result. The oracle, if among ``systems``, is made here from the other runs."""
    by_id = {case.id: case for case in cases}
    seen = dict(runs)
    scores = {name: score(by_id, observations, ks) for name, observations in runs.items()}
    if ORACLE in systems:
        seen[ORACLE] = best_per_case(runs, scores)
        scores[ORACLE] = score(by_id, seen[ORACLE], ks)
    seen = {name: seen[name] for name in systems}
    lacks: dict[str, Absent] = {}
    rows = []
    for name, observations in seen.items():
        for observation in observations:
            case = by_id[observation.case]
            if case.id not in lacks:
                lacks[case.id] = absent(case, texts)
            wrong = failure(case, observation, k=max(ks), absent=lacks[case.id])
            rows.append(
                CaseResult(
                    id=case.id,
                    system=name,
                    route=observation.route,
                    ranked=observation.ranked,
                    metrics=scores[name][case.id],
                    ms=observation.ms,
                    answer=observation.answer,
                    failure=wrong.point if wrong else None,
                    reason=wrong.reason if wrong else None,
                    **gold_of(case),
                )
            )
    bootstrap = Bootstrap(len(cases))
    columns = {name: table([case.id for case in cases], scores[name]) for name in seen}
    return (
        {name: _system(bootstrap, columns[name], seen[name]) for name in seen},
        tuple(_differences(bootstrap, columns)),
        tuple(rows),
    )


def table(ids: Sequence[str], scores: Mapping[str, Mapping[str, float]]) -> dict[str, NDArray[np.float64]]:
    """By metric, one value a case in the order of ``ids``, NaN where the metric does not apply."""
    names = dict.fromkeys(name for case in ids for name in scores.get(case, {}))
    return {name: np.array([scores.get(case, {}).get(name, np.nan) for case in ids], np.float64) for name in names}


def absent(case: Case, texts: Texts) -> Absent:
    """What of a case's gold the index does not have."""
    if not case.answerable:
        return Absent()
    held = {gold: texts(gold) for gold in case.gold_documents}
    whole = " ".join("".join(chunks) for chunks in held.values() if chunks)
    return Absent(
        documents=tuple(gold for gold, chunks in held.items() if not chunks),
        facts=tuple(fact for fact in case.gold_facts if not contains(whole, fact)) if case.gold_documents else (),
    )


def _system(
    bootstrap: Bootstrap, columns: Mapping[str, NDArray[np.float64]], observations: Sequence[Observation]
) -> System:
    metrics = {}
    for name, values in columns.items():
        estimate = bootstrap.estimate(values)
        metrics[name] = Figure(mean=estimate.mean, ci=(estimate.low, estimate.high), n=estimate.n)
    stages = dict.fromkeys(stage for observation in observations for stage in observation.ms)
    ms = {}
    for stage in stages:
        took = [observation.ms[stage] for observation in observations if stage in observation.ms]
        p50, p95 = np.percentile(took, [50, 95])
        ms[stage] = Stage(p50=round(float(p50), 3), p95=round(float(p95), 3))
    spent = [observation.usage for observation in observations]
    usage = Spent(
        calls=sum(u.calls for u in spent),
        tokens_in=sum(u.tokens_in for u in spent),
        tokens_out=sum(u.tokens_out for u in spent),
        usd=sum(u.usd for u in spent),
    )
    return System(metrics=metrics, ms=ms, usage=usage)


def _differences(
    bootstrap: Bootstrap, columns: Mapping[str, Mapping[str, NDArray[np.float64]]]
) -> Sequence[Difference]:
    """Every pair of systems in their order, every metric that both have on some case."""
    names = list(columns)
    rows = []
    for n, a in enumerate(names):
        for b in names[n + 1 :]:
            for metric, values in columns[a].items():
                other = columns[b].get(metric)
                if other is None or np.isnan(other - values).all():
                    continue
                estimate = bootstrap.difference(values, other)
                rows.append(
                    Difference(
                        a=a,
                        b=b,
                        metric=metric,
                        delta=estimate.mean,
                        ci=(estimate.low, estimate.high),
                        p=estimate.p,
                        detectable=estimate.detectable,
                    )
                )
    return rows
