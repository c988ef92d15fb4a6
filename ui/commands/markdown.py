"""``clew markdown``: what would be indexed for a file."""

from pathlib import Path

import click

from ui import options


@click.command(name="markdown")
@click.argument("file", type=click.Path(path_type=Path))
@options.json_option
def command(file: Path, as_json: bool) -> int:
    """Show the cleaned Markdown that would be indexed for FILE; all offsets in answers point into it."""
    from clew.errors import UsageError
    from ingest.convert import convert
    from ui import render, shapes

    if not file.is_file():
        raise UsageError(f"There is no file {file}.", "Name one document.")
    done = convert(file, file.name)
    if as_json:
        dated = {} if done.date is None else {"date": done.date.isoformat(), "date_source": done.date_source}
        pages = {} if not done.pages else {"pages": [{"page": number, "start": start} for number, start in done.pages]}
        losses = [shapes.loss(one) for one in done.losses]
        options.print_json("markdown", {"text": done.text, "title": done.title, **dated, **pages, "losses": losses})
    else:
        click.echo(done.text, nl=not done.text.endswith("\n"))
        render.losses(done.losses)
    return 3 if done.losses else 0
