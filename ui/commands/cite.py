"""``clew cite``: check (sentence, source) pairs as an answer's citations are checked."""

from pathlib import Path

import click

from clew.errors import UsageError
from ui import options

LONGEST = 20_000  # characters of a text: the time grows with the square of it


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
    from ui.render import Bar

    checker = Checker(make_embedder(options.settings_with(None)))
    pairs, bar, found = _pairs(file), Bar(), []
    bar.start("Checking", len(pairs))
    for id_, sentence, source in pairs:
        found.append((id_, checker.support(sentence, source)))
        bar.advance()
    bar.finish()
    if as_json:
        rows = [{"id": i, "supported": s.supported, "score": s.score, "reasons": s.reasons} for i, s in found]
        options.print_json("cite", {"rows": rows})
        return
    for id_, support in found:
        why = f"  {'; '.join(support.reasons)}" if support.reasons else ""
        click.echo(f"{id_}  {'supported' if support.supported else 'NOT supported'}  {support.score:.2f}{why}")


def _pairs(file: Path) -> list[tuple[str | int, str, str]]:
    from retrieve.router.labelled import rows

    pairs = []
    for number, row in rows(file):
        id_, sentence, source = (row.get(name) for name in ("id", "sentence", "source"))
        if not (isinstance(id_, str | int) and isinstance(sentence, str) and isinstance(source, str)):
            raise UsageError(
                f"{file}, line {number} is no pair.",
                "Write one JSON object a line: id, and sentence and source as texts.",
            )
        if max(len(sentence), len(source)) > LONGEST:
            raise UsageError(
                f"{file}, line {number}: a text of {max(len(sentence), len(source)):,} characters would take minutes.",
                f"Check one sentence against one passage, of {LONGEST:,} characters at most.",
            )
        pairs.append((id_, sentence, source))
    return pairs
