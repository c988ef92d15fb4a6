"""A result as one HTML page that needs nothing but itself."""

from pathlib import Path

from evals.plots import plots
from evals.result import CaseResult, Result

TEMPLATE = Path(__file__).with_name("report.html.j2")
SHOWN = 400  # failed cases written out; the JSON has them all


def html(result: Result) -> str:
    """The page: figures with intervals, plots, differences, and every failure with its reason."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    page = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    metrics = list(dict.fromkeys(name for system in result.systems.values() for name in system.metrics))
    stages = list(dict.fromkeys(stage for system in result.systems.values() for stage in system.ms))
    failed = [case for case in result.cases if case.failure]
    return page.from_string(
        TEMPLATE.read_text(encoding="utf-8")
    ).render(
        result=result,
        metrics=metrics,
        stages=stages,
        # The SVGs are matplotlib's, drawn from numbers and the names of systems and metrics.
        plots=[(caption, Markup(svg)) for caption, svg in plots(result)],  # noqa: S704
        failed=failed[:SHOWN],
        hidden=max(0, len(failed) - SHOWN),
        rank=rank,
    )


def rank(case: CaseResult, gold: str) -> int | None:
    """Where a gold document stands in the ranking, from 1; None if it does not."""
    found = case.documents
    return found.index(gold) + 1 if gold in found else None
