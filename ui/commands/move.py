"""``clew move``: from the embedded engines to servers, and back."""

from pathlib import Path
from typing import Literal

import click

from ui import options


@click.command(name="move")
@click.option(
    "--to",
    type=click.Choice(("servers", "embedded")),
    help="Where to [default: to what CLEW_QDRANT_URL and CLEW_NEO4J_URI say, or to the folder where they are not set].",
)
@click.option("--keep", is_flag=True, help="Leave the old stores as they are.")
@options.index_option
@options.json_option
def command(to: Literal["servers", "embedded"] | None, keep: bool, index: Path | None, as_json: bool) -> int:
    """Move the index: its passages to the Qdrant server and its facts to the Neo4j server that are set, or back.

    Nothing is read or embedded again. The copy is compared with the original; only then the index points to it, and
    the original is removed. Until then questions are answered from where the index was. Interrupt it at any time: the
    next run goes on from there.
    """
    from retrieve.assembly import find_index
    from retrieve.move import move
    from ui import render

    settings = options.settings_with(index)
    moved = move(find_index(settings, Path.cwd()), settings, to=to, keep=keep, progress=render.Bar())
    if as_json:
        parts = [{"name": one.name, "from": one.source, "to": one.target, "count": one.count} for one in moved]
        options.print_json("move", {"moved": parts})
    else:
        render.moved(moved, unset=to == "embedded" and bool(settings.qdrant_url or settings.neo4j_uri))
    return 0
