"""``clew cite``: check (sentence, source) pairs as an answer's citations are checked."""

import json
from pathlib import Path

import click

from clew.errors import UsageError
from ui import options


@click.group(name="cite")
def command() -> None:
    """Check whether sources support sentences."""


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@options.json_option
def check(file: Path, as_json: bool) -> None:
    """Score the pairs of FILE, JSON lines of {id, sentence, source}."""
    from retrieve.engines import make_embedder
    from retrieve.support import Checker

    checker = Checker(make_embedder(options.settings_with(None)))
    found = [(id_, checker.support(sentence, source)) for id_, sentence, source in _pairs(file)]
    if as_json:
        rows = [{"id": i, "supported": s.supported, "score": s.score, "reasons": s.reasons} for i, s in found]
        options.print_json("cite", {"rows": rows})
        return
    for id_, support in found:
        why = f"  {'; '.join(support.reasons)}" if support.reasons else ""
        click.echo(f"{id_}  {'supported' if support.supported else 'NOT supported'}  {support.score:.2f}{why}")


def _pairs(file: Path) -> list[tuple[str | int, str, str]]:
    pairs = []
    for number, line in enumerate(file.read_text("utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            pairs.append((row["id"], str(row["sentence"]), str(row["source"])))
        except (ValueError, KeyError, TypeError):
            raise UsageError(
                f"{file}, line {number} is no pair.", "Write one JSON object a line: id, sentence and source."
            ) from None
    return pairs
