"""``clew eval``: measure, compare and explain."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ui import options

if TYPE_CHECKING:
    from evals.result import Result

FILE = click.Path(path_type=Path, dir_okay=False)
EXISTING = click.Path(path_type=Path, dir_okay=False, exists=True)
FOLDER = click.Path(path_type=Path, file_okay=False)


def _cache() -> Path:
    from evals.run import default_cache

    return default_cache()


@click.group(name="eval")
def command() -> None:
    """Measure how well questions are answered; say whether a change helped, and why a question failed."""


@command.command()
@click.argument("suite")
@click.option("--data", type=FOLDER, envvar="CLEW_DATA", help="Folder with the data sets.")
@click.option("--system", "systems", help="Comma-separated: passages,graph,both,global,routed,oracle [default: all].")
@click.option("--k", "ks", default="2,5,8,10", show_default=True, help="Cut-offs, comma-separated.")
@click.option("--limit", type=click.IntRange(1), help="Only the first N questions.")
@click.option("--no-answers", is_flag=True, help="Retrieval alone.")
@click.option("--json", "json_file", type=FILE, help="Where the result goes [default: out/eval/SUITE.json].")
@click.option("--html", "html_file", type=FILE, help="Where the page goes [default: beside the result].")
@click.option("--runs", type=FOLDER, help="Also write TREC runs and qrels into this folder.")
@click.option("--cache", type=FOLDER, default=_cache, envvar="CLEW_EVAL_CACHE", help="Where corpora and indexes lie.")
@click.option("--fresh", is_flag=True, help="Ask questions again that an earlier run of this code has asked.")
def run(
    suite: str,
    data: Path | None,
    systems: str | None,
    ks: str,
    limit: int | None,
    no_answers: bool,
    json_file: Path | None,
    html_file: Path | None,
    runs: Path | None,
    cache: Path,
    fresh: bool,
) -> int:
    """Ask every question of SUITE and measure the answers.

    SUITE is a name, a folder in BEIR layout, a cases.jsonl, or FORMAT:PATH. Names: sample (built in); with --data also
    2wiki-780, 2wiki-6119, musique-train100, musique-train100-gpt35, hotpotqa-train100, lihua-world, cmrc2018-trial. A
    run that was interrupted goes on where it stopped.
    """
    from evals.report import html
    from evals.run import Plan
    from evals.run import run as run_suite
    from evals.suites import load_suite
    from evals.trec import write_runs
    from ui.eval_text import summary
    from ui.render import Bar

    plan = Plan(systems=_names(systems), ks=_numbers(ks), limit=limit, answers=not no_answers, fresh=fresh)
    loaded = load_suite(suite, data)
    json_file = json_file or Path("out") / "eval" / f"{loaded.name}.json"
    html_file = html_file or json_file.with_suffix(".html")
    for file in (json_file, html_file):  # before the run, which may take hours
        _demand_writable(file)
    result = run_suite(loaded, plan, settings=options.settings_with(None), cache=cache, progress=Bar())
    for file, text in ((json_file, result.to_json()), (html_file, html(result))):
        file.write_text(text, encoding="utf-8", errors="replace")
    if runs is not None:
        write_runs(result, runs)
    summary(result)
    click.echo(f"{json_file}\n{html_file}", err=True)
    return 3 if result.ingest and result.ingest.losses else 0


@command.command()
@click.argument("before", type=EXISTING, metavar="A.json")
@click.argument("after", type=EXISTING, metavar="B.json")
@click.option("--check", is_flag=True, help="Exit with 1 if a metric is detectably worse.")
@options.json_option
def compare(before: Path, after: Path, check: bool, as_json: bool) -> int:
    """Say what changed from A to B.

    Differences come with intervals, and every question that came out otherwise is listed.
    """
    from evals.compare import compare as compared
    from evals.result import read_result
    from ui.eval_text import comparison, comparison_json

    found = compared(read_result(before), read_result(after))
    if as_json:
        options.print_json("eval-compare", comparison_json(found))
    else:
        comparison(found)
    return 1 if check and found.regressions else 0


@command.command()
@click.argument("result", type=EXISTING, metavar="RUN.json")
@click.argument("case")
@options.json_option
def explain(result: Path, case: str, as_json: bool) -> None:
    """Show everything about one question of a run.

    That is gold, rankings, answers, citations, and where it failed.
    """
    from evals.explain import case_rows
    from evals.explain import explain as explained
    from evals.result import read_result

    loaded = read_result(result)
    if as_json:
        options.print_json("eval-explain", {"rows": [row.model_dump() for row in case_rows(loaded, case)]})
    else:
        click.echo("\n".join(explained(loaded, case)))


@command.command()
@click.option("--write", is_flag=True, help="Replace the committed baseline by what is found now.")
@click.option("--cache", type=FOLDER, default=_cache, envvar="CLEW_EVAL_CACHE", help="Where corpora and indexes lie.")
def baseline(write: bool, cache: Path) -> int:
    """Check the built-in suite against the committed baseline.

    The exit code is 1 if it does not find all the gold that the baseline finds.
    """
    from evals.baseline import FILE as COMMITTED
    from evals.baseline import baseline_of, lost, read_baseline, write_baseline

    now = baseline_of(_sample(cache))
    if write:
        write_baseline(now)
        click.echo(f"Written: {COMMITTED}")
        return 0
    gone = list(lost(read_baseline(), now))
    click.echo("\n".join(gone) if gone else "Every case finds its gold as in the baseline.")
    return 1 if gone else 0


def _sample(cache: Path) -> "Result":
    from evals.run import Plan
    from evals.run import run as run_suite
    from evals.suites import sample
    from ui.render import Bar

    plan = Plan(answers=False)
    return run_suite(sample(), plan, settings=options.settings_with(None), cache=cache, progress=Bar())


def _demand_writable(file: Path) -> None:
    """Raise OSError, which names the file, if it cannot be written."""
    there = file.exists()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.open("ab").close()
    if not there:
        file.unlink()


def _names(text: str | None) -> tuple[str, ...] | None:
    return tuple(name.strip() for name in text.split(",") if name.strip()) if text is not None else None


def _numbers(text: str) -> tuple[int, ...]:
    from clew.errors import UsageError

    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts or not all(part.isdecimal() and 0 < int(part) <= 100 for part in parts):
        raise UsageError(f"--k {text!r} is no list of cut-offs.", "Numbers from 1 to 100, e.g. --k 2,5,8,10")
    return tuple(sorted({int(part) for part in parts}))
