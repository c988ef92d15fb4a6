"""``clew router``: what the router decides, how well, and how it is taught."""

from pathlib import Path

import click

from ui import options

FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.group(name="router")
def command() -> None:
    """Ask, measure and teach the part that picks the way for a question."""


@command.command()
@click.argument("file", type=FILE)
@click.option("--model", type=FILE, help="Another router than the packaged one.")
@options.json_option
def predict(file: Path, model: Path | None, as_json: bool) -> None:
    """Decide the questions in FILE: JSON lines with id and query."""
    from retrieve.route import PACKAGED, Router
    from retrieve.router.labelled import questions
    from retrieve.router.reading import read

    router = Router(model=model or PACKAGED)
    rows = []
    for one in questions(file):
        judged = router.judge(read(one.query))
        route = judged.route(router.threshold)
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
    """Compare the router with the labels in FILE: JSON lines with query, path, compute, fresh."""
    from dataclasses import asdict

    from evals.router_report import make
    from retrieve.route import PACKAGED, Router
    from retrieve.router.labelled import read_labels
    from ui.router_text import show

    made = make(Router(model=model or PACKAGED), read_labels(file))
    if as_json:
        options.print_json("router.report", asdict(made))
    else:
        show(made)


@command.command()
@click.argument("files", nargs=-1, type=FILE)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Where the router goes.")
@click.option("--only", is_flag=True, help="Train on FILES alone, without the labels that come with Clew.")
@options.json_option
def train(files: tuple[Path, ...], out: Path, only: bool, as_json: bool) -> None:
    """Train a router on the labels that come with Clew and those in FILES.

    The same labels give the same file, byte for byte, on one machine with the same versions.
    """
    from clew.models.minilm import MiniLM
    from retrieve.router.labelled import OWN, read_labels
    from retrieve.router.train import train as make

    labels = [label for file in ((*files,) if only else (*OWN, *files)) for label in read_labels(file)]
    sha256 = make(labels, [MiniLM()], out)
    if as_json:
        options.print_json("router.train", {"n": len(labels), "out": str(out), "sha256": sha256})
    else:
        click.echo(f"Trained on {len(labels)} questions: {out} (sha256 {sha256})")
