"""What ``clew eval`` shows on the terminal."""

from typing import Any

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from evals.compare import Changed, Comparison, Shift
from evals.result import Figure, Result
from ui.render import ERR, OUT, wide

SHOWN = 25


def summary(result: Result) -> None:
    """Metrics by system with half the width of their intervals, then times, and what was left out."""
    title = f"{result.suite}, {result.n} questions; ± half the 95 % interval"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=0, pad_edge=False)
    table.add_column("", no_wrap=True)
    for name in result.systems:
        table.add_column(name, justify="right", no_wrap=True)
    metrics = dict.fromkeys(name for system in result.systems.values() for name in system.metrics)
    for metric in metrics:
        table.add_row(metric, *(_cell(system.metrics.get(metric)) for system in result.systems.values()))
    table.add_section()
    for stage in dict.fromkeys(stage for system in result.systems.values() for stage in system.ms):
        times = [system.ms.get(stage) for system in result.systems.values()]
        table.add_row(f"{stage}, ms: p50 p95", *(f"{t.p50:.0f} [dim]{t.p95:.0f}[/]" if t else "" for t in times))
    wide(table)
    for name, reason in result.left_out.items():
        ERR.print(f"[yellow]{name} was left out.[/] {escape(reason)}")
    if result.ingest and result.ingest.losses:
        ERR.print(f"[yellow]{result.ingest.losses} losses[/] while indexing the corpus.")


def _cell(figure: Figure | None) -> str:
    if figure is None:
        return ""
    mean, half = f"{figure.mean:.3f}".removeprefix("0"), f"{(figure.ci[1] - figure.ci[0]) / 2:.2f}".removeprefix("0")
    return f"{mean}[dim]±{half}[/]"


def comparison(found: Comparison) -> None:
    """The verdict for each system, then the questions."""
    for warning in found.warnings:
        ERR.print(f"[yellow]{escape(warning)}[/]")
    for system in found.systems:
        shifts = [shift for shift in found.shifts if shift.system == system]
        worse = [shift for shift in shifts if shift.helped is False]
        better = [shift for shift in shifts if shift.helped]
        OUT.print(f"[bold]{system}[/], {found.n} questions: {_verdict(shifts, worse, better)}")
        for shift in (*worse, *better):
            OUT.print(f"  {_shift(shift)}")
        for point, (before, after) in found.failures[system].items():
            if before != after:
                OUT.print(f"  failure “{point}”: {before} → {after} questions")
        changed = [case for case in found.changed if case.system == system]
        for case in sorted(changed, key=lambda case: ("worse", "mixed", "better").index(case.verdict))[:SHOWN]:
            _case(case)
        if len(changed) > SHOWN:
            OUT.print(f"  … and {len(changed) - SHOWN} more questions that changed: --json lists them all")


def comparison_json(found: Comparison) -> dict[str, Any]:
    """The comparison as scripts read it."""
    return {
        "suite": found.suite,
        "n": found.n,
        "warnings": list(found.warnings),
        "regressions": [_shift_json(shift) for shift in found.regressions],
        "gains": [_shift_json(shift) for shift in found.gains],
        "differences": [_shift_json(shift) for shift in found.shifts],
        "failures": {
            system: {point: {"before": before, "after": after} for point, (before, after) in points.items()}
            for system, points in found.failures.items()
        },
        "changed": [
            {
                "id": case.id,
                "system": case.system,
                "question": case.question,
                "verdict": case.verdict,
                "metrics": {name: list(pair) for name, pair in case.metrics.items()},
                "lost": list(case.lost),
                "won": list(case.won),
            }
            for case in found.changed
        ],
    }


def _verdict(shifts: list[Shift], worse: list[Shift], better: list[Shift]) -> str:
    if not worse and not better:
        moved = any(shift.change.mean for shift in shifts)
        return "no detectable change" if moved else "no change at all"
    parts = [f"[red]{len(worse)} metrics worse[/]"] if worse else []
    return ", ".join([*parts, *([f"[green]{len(better)} metrics better[/]"] if better else [])])


def _shift(shift: Shift) -> str:
    colour = "green" if shift.helped else "red"
    change = shift.change
    return (
        f"[{colour}]{shift.metric}[/] {shift.before:.3f} → {shift.after:.3f} "
        f"({change.mean:+.3f}, {change.low:+.3f} … {change.high:+.3f}, p {change.p:.3g}, n={change.n})"
    )


def _shift_json(shift: Shift) -> dict[str, Any]:
    return {
        "system": shift.system,
        "metric": shift.metric,
        "before": shift.before,
        "after": shift.after,
        "delta": shift.change.mean,
        "ci": [shift.change.low, shift.change.high],
        "n": shift.change.n,
        "p": shift.change.p,
        "detectable": shift.change.detectable,
        "helped": shift.helped,
    }


def _case(case: Changed) -> None:
    colour = {"worse": "red", "better": "green", "mixed": "yellow"}[case.verdict]
    moved = ", ".join(f"{name} {before:.2g}→{after:.2g}" for name, (before, after) in case.metrics.items())
    OUT.print(f"  [{colour}]{case.verdict}[/] [bold]{escape(case.id)}[/] {escape(case.question[:90])}", soft_wrap=True)
    for text in case.lost:
        OUT.print(f"      lost {escape(text)}", soft_wrap=True)
    for text in case.won:
        OUT.print(f"      won {escape(text)}", soft_wrap=True)
    if moved:
        OUT.print(f"      [dim]{escape(moved)}[/]", soft_wrap=True)
