"""The report's plots, each an SVG to stand inside a page."""

import io
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from evals.result import Difference, Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = {
    "passages": "#4c78a8",
    "graph": "#f58518",
    "both": "#54a24b",
    "global": "#b279a2",
    "routed": "#e45756",
    "oracle": "#888888",
}
NOT_CUT = ("mrr@", "ndcg@")
POINTS = (
    "missing content",
    "missed by ranking",
    "lost before the prompt",
    "not extracted",
    "wrong format",
    "wrong specificity",
    "incomplete",
)


def plots(result: Result) -> list[tuple[str, str]]:
    """(caption, SVG) for everything that the result has figures for."""
    drawn = []
    for metric, caption in (
        ("recall", "Gold documents among the first k documents"),
        ("all_gold", "Questions with every gold document among the first k"),
        ("fact_recall", "Gold facts in the chunks of the first k documents"),
    ):
        if any(f"{metric}@{k}" in system.metrics for system in result.systems.values() for k in result.k):
            drawn.append((caption, _draw(partial(_by_k, result=result, metric=metric), metric)))
    whole = [name for name in _names(result) if "@" not in name or name.startswith(NOT_CUT)]
    if whole:
        height = 0.35 * len(whole) * max(1, len(result.systems)) ** 0.7 + 1
        svg = _draw(partial(_bars, result=result, names=whole), "metrics", height=height)
        drawn.append(("The other metrics, with 95 % intervals", svg))
    paired = _shown(result)
    if paired:
        svg = _draw(partial(_forest, rows=paired), "differences", height=0.32 * len(paired) + 1)
        drawn.append(("Paired differences with 95 % intervals: b minus a, right of zero is more", svg))
    if any(case.failure for case in result.cases):
        drawn.append(("Where questions failed", _draw(partial(_failures, result=result), "failures")))
    if any(system.ms for system in result.systems.values()):
        drawn.append(
            ("Milliseconds a question, median and 95th percentile", _draw(lambda ax: _times(ax, result), "ms"))
        )
    return drawn


def _draw(paint: Callable[["Axes"], None], name: str, *, height: float = 3.4) -> str:
    import matplotlib
    from matplotlib.figure import Figure

    # Text stays text; ids differ from plot to plot, for they share a page; no date, so equal results give equal files.
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": name, "font.size": 9}):
        figure = Figure(figsize=(7.6, height), layout="constrained")
        paint(figure.add_subplot())
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    svg = buffer.getvalue()
    return svg[svg.index("<svg") :]


def _by_k(ax: "Axes", result: Result, metric: str) -> None:
    spread = max(result.k) / 80
    for n, (name, system) in enumerate(result.systems.items()):
        ks = [k for k in result.k if f"{metric}@{k}" in system.metrics]
        figures = [system.metrics[f"{metric}@{k}"] for k in ks]
        means = [f.mean for f in figures]
        errors = [[f.mean - f.ci[0] for f in figures], [f.ci[1] - f.mean for f in figures]]
        at = [k + (n - len(result.systems) / 2) * spread for k in ks]
        ax.errorbar(at, means, yerr=_positive(errors), label=name, color=_colour(name), marker="o", ms=4, capsize=2)
    ax.set_xticks(result.k)
    ax.set_xlabel("k")
    ax.set_ylabel(f"{metric}@k")
    ax.set_ylim(0, 1.02)
    ax.grid(alpha=0.3)
    ax.legend(frameon=False)


def _bars(ax: "Axes", result: Result, names: Sequence[str]) -> None:
    width = 0.8 / len(result.systems)
    for n, (system, figures) in enumerate(result.systems.items()):
        here = [(row, figures.metrics[name]) for row, name in enumerate(names) if name in figures.metrics]
        ax.barh(
            [row + (n + 0.5) * width - 0.4 for row, _ in here],
            [f.mean for _, f in here],
            width,
            xerr=_positive([[f.mean - f.ci[0] for _, f in here], [f.ci[1] - f.mean for _, f in here]]),
            color=_colour(system),
            label=system,
            error_kw={"elinewidth": 0.8},
        )
    ax.set_yticks(range(len(names)), names)
    ax.invert_yaxis()
    ax.set_xlim(0, 1.02)
    ax.grid(axis="x", alpha=0.3)
    ax.legend(frameon=False)


def _forest(ax: "Axes", rows: Sequence[Difference]) -> None:
    for at, row in enumerate(rows):
        colour = "#222222" if row.detectable else "#aaaaaa"
        low, high = row.delta - row.ci[0], row.ci[1] - row.delta
        ax.errorbar(row.delta, at, xerr=_positive([[low], [high]]), marker="o", ms=4, color=colour, capsize=2)
    ax.axvline(0, color="#cc4444", lw=0.8)
    ax.set_yticks(range(len(rows)), [f"{row.metric}: {row.b} − {row.a}" for row in rows])
    ax.invert_yaxis()
    ax.grid(axis="x", alpha=0.3)


def _failures(ax: "Axes", result: Result) -> None:
    names = list(result.systems)
    left = [0] * len(names)
    counts = {name: Counter(case.failure for case in result.of(name).values()) for name in names}
    for n, point in enumerate(POINTS):
        widths = [counts[name][point] for name in names]
        if any(widths):
            ax.barh(names, widths, left=left, label=point, color=f"C{n}")
            left = [a + b for a, b in zip(left, widths, strict=True)]
    ax.invert_yaxis()
    ax.set_xlabel(f"questions of {result.n}")
    ax.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=4)


def _times(ax: "Axes", result: Result) -> None:
    stages = list(dict.fromkeys(stage for system in result.systems.values() for stage in system.ms))
    width = 0.8 / len(result.systems)
    for n, (name, system) in enumerate(result.systems.items()):
        here = [(row, system.ms[stage]) for row, stage in enumerate(stages) if stage in system.ms]
        at = [row + (n + 0.5) * width - 0.4 for row, _ in here]
        ax.barh(at, [stage.p50 for _, stage in here], width, color=_colour(name), label=name)
        ax.plot([stage.p95 for _, stage in here], at, "|", color="#222222", ms=7)
    ax.set_yticks(range(len(stages)), stages)
    ax.invert_yaxis()
    ax.set_xlabel("ms (bar: median, mark: 95th percentile)")
    ax.legend(frameon=False)


def _shown(result: Result) -> list[Difference]:
    """Differences to the first system in the metrics people ask for first."""
    first = next(iter(result.systems), "")
    wanted = [f"recall@{k}" for k in result.k if k in (5, max(result.k))] + [f"all_gold@{k}" for k in result.k[-2:]]
    wanted += ["ndcg@10", "answer_contained", "citation_precision"]
    return [row for row in result.differences if row.a == first and row.metric in wanted]


def _names(result: Result) -> list[str]:
    return list(dict.fromkeys(name for system in result.systems.values() for name in system.metrics))


def _positive(errors: list[list[float]]) -> list[list[float]]:
    """Rounding can leave an interval's end a hair on the wrong side of its mean."""
    return [[max(0.0, value) for value in side] for side in errors]


def _colour(system: str) -> str:
    return COLOURS.get(system, "#222222")
