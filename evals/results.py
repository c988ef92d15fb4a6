"""The README's table of results: ``python -m evals.results --data DIR`` (``make results DATA=DIR``).

Suites are run (what is finished is not asked again), their results written to files, and the table made from these
files alone. No figure is typed by hand.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import click

from clew.errors import ClewError
from evals.result import Figure, Result, read_result
from evals.suite import Suite
from evals.suites import NAMED
from evals.systems import DEFAULT

START, END = "<!-- results -->", "<!-- /results -->"
SUITES = ("sample", *(name for name in NAMED if name != "musique-train100-gpt35"))
RANKING = ("recall@5", "all_gold@8")
ANSWER = ("answer_contained", "answer_recall", "citation_precision", "abstained_when_unanswerable")
CHECKOUT = Path(__file__).parent.parent


def table(results: Sequence[Result]) -> str:
    """Markdown: what each system finds, then what the answers of the system that chooses for itself are worth."""
    systems = [name for name in DEFAULT if any(name in result.systems for result in results)]
    lines = [
        f"{RANKING[0]} ({RANKING[1]}), with the half width of its 95 % interval:",
        "",
        _row("data", "questions", "documents", *systems),
        _row(*["---"] * (3 + len(systems))),
    ]
    for result in results:
        documents = result.ingest.documents if result.ingest else 0
        cells = [_ranking(result, system) for system in systems]
        lines.append(_row(result.suite, str(result.n), f"{documents:,}", *cells))
    answered = [result for result in results if result.answers and "routed" in result.systems]
    if answered:
        lines += [
            "",
            "Answers of `routed`, without an LLM (sentences quoted from the documents):",
            "",
            _row("data", *(name.replace("_", " ") for name in ANSWER), "ms, p50 (p95)"),
            _row(*["---"] * (len(ANSWER) + 2)),
        ]
        for result in answered:
            routed = result.systems["routed"]
            time = routed.ms.get("total")
            cells = [_figure(routed.metrics.get(name)) for name in ANSWER]
            lines.append(_row(result.suite, *cells, f"{time.p50:.0f} ({time.p95:.0f})" if time else ""))
    codes = sorted({(result.commit or "unknown").partition("-dirty")[0][:10] for result in results})
    settings = results[0].settings if results else {}
    lines += [
        "",
        f"Made by `make results DATA=…` at {', '.join(codes)}; embedder {settings.get('embedder')}, "
        f"LLM {settings.get('llm')}.",
    ]
    return "\n".join(lines)


def put_into(readme: str, text: str) -> str:
    """The README with ``text`` between the two markers. Raises ClewError where a marker is missing."""
    before, start, rest = readme.partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        raise ClewError(f"The README has no {START} … {END}.", "Put both markers where the table belongs.")
    return f"{before}{START}\n{text}\n{END}{after}"


def unseen(suite: Suite) -> Suite:
    """The suite without the questions that Clew was developed on, where it says which these are."""
    test = tuple(case for case in suite.cases if case.split == "test")
    if len(test) in (0, len(suite.cases)):
        return suite
    return replace(suite, name=f"{suite.name} (test half)", cases=test)


def _ranking(result: Result, system: str) -> str:
    found = result.systems.get(system)
    if found is None or RANKING[0] not in found.metrics:
        return ""
    first = found.metrics[RANKING[0]]
    second = found.metrics.get(RANKING[1])
    behind = f" ({_number(second.mean)})" if second else ""
    return f"{_number(first.mean)} ± {_number((first.ci[1] - first.ci[0]) / 2)}{behind}"


def _figure(figure: Figure | None) -> str:
    return "" if figure is None else _number(figure.mean)


def _number(value: float) -> str:
    return f"{value:.3f}".removeprefix("0") if value < 1 else f"{value:.3f}"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


@click.command()
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), envvar="CLEW_DATA", help="The data sets.")
@click.option("--suite", "suites", multiple=True, help=f"May be repeated [default: {', '.join(SUITES)}].")
@click.option("--from", "source", type=click.Path(path_type=Path, file_okay=False), help="Read results; run nothing.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("out/eval"), show_default=True)
@click.option("--readme", type=click.Path(path_type=Path, dir_okay=False), default=CHECKOUT / "README.md")
def main(data: Path | None, suites: Iterable[str], source: Path | None, out: Path, readme: Path) -> None:
    """Run the suites and write their table into the README."""
    names = tuple(suites) or (SUITES if data or source else ("sample",))
    if source is None:
        _run(names, data, out)
    text = table([read_result((source or out) / f"{name}.json") for name in names])
    readme.write_text(put_into(readme.read_text(encoding="utf-8"), text), encoding="utf-8")
    click.echo(text)


def _run(names: Iterable[str], data: Path | None, out: Path) -> None:
    from clew.settings import load
    from evals.report import html
    from evals.run import Plan, default_cache, run
    from evals.suites import load_suite

    out.mkdir(parents=True, exist_ok=True)
    for name in names:
        click.echo(f"running {name}", err=True)
        result = run(unseen(load_suite(name, data)), Plan(), settings=load(), cache=default_cache())
        (out / f"{name}.json").write_text(result.to_json(), encoding="utf-8", errors="replace")
        (out / f"{name}.html").write_text(html(result), encoding="utf-8", errors="replace")


if __name__ == "__main__":
    main()
