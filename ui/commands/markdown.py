"""``clew markdown``: what would be indexed for a file."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ui import options

if TYPE_CHECKING:
    from clew.records import Markdown


@click.command(name="markdown")
@click.argument("file", type=click.Path(path_type=Path))
@options.index_option
@options.json_option
def command(file: Path, index: Path | None, as_json: bool) -> int:
    """Show the cleaned Markdown that would be indexed for FILE; all offsets in answers point into it.

    Where the file is not on this machine, FILE is its path in the indexed folder, and what was indexed is shown.
    """
    from clew.errors import UsageError
    from ingest.convert import convert
    from ingest.load import printable
    from ui import render, shapes

    done = convert(file, printable(file.name)) if file.is_file() else _indexed(file, index)
    if done is None:
        raise UsageError(
            f"There is no file {printable(str(file))}.", "Name one document, or one of the index by its path there."
        )
    if as_json:
        dated = {} if done.date is None else {"date": done.date.isoformat(), "date_source": done.date_source}
        pages = {} if not done.pages else {"pages": [{"page": number, "start": start} for number, start in done.pages]}
        losses = [shapes.loss(one) for one in done.losses]
        options.print_json("markdown", {"text": done.text, "title": done.title, **dated, **pages, "losses": losses})
    else:
        click.echo(done.text, nl=not done.text.endswith("\n"))
        render.losses(done.losses)
    return 3 if done.losses else 0


def _indexed(path: Path, index: Path | None) -> "Markdown | None":
    """What the index holds of the document with this path; None where there is none of either."""
    from clew.errors import UsageError

    try:
        with options.opened(index, doing="markdown") as opened:
            entries = opened.manifest.entries().values()
            ids = [entry.document.id for entry in entries if entry.document.path == path.as_posix()]
            return opened.markdown(ids[0]) if ids else None
    except UsageError:
        return None
