"""``clew ingest``: bring the index up to date with a folder."""

from pathlib import Path

import click

from ui import options


@click.command(name="ingest")
@click.argument("folder", type=click.Path(path_type=Path))
@options.index_option
@click.option("--collection", default="", help="Name of this folder within the index, if it holds several.")
@click.option("--no-graph", is_flag=True, help="Passages only; no facts are extracted.")
@click.option("--take-over", is_flag=True, help="Fill an index on a server from here that another machine filled.")
@options.json_option
def command(folder: Path, index: Path | None, collection: str, no_graph: bool, take_over: bool, as_json: bool) -> int:
    """Bring the index up to date with FOLDER: add what is new, redo what changed, remove what is gone.

    Files are only read. Whatever could not be read whole is listed at the end, with the reason and what to do;
    the exit code is then 3. Interrupt it at any time: the next run goes on from there.
    """
    from retrieve.assembly import open_index
    from retrieve.place import FOLDER
    from ui import render, shapes

    settings = options.settings_with(index)
    if no_graph:
        settings = settings.model_copy(update={"graph": False})
    with open_index(settings.index or folder / FOLDER, settings, doing=f"ingest {folder}", folder=folder) as opened:
        done = opened.ingest(folder, collection=collection, take_over=take_over, progress=render.Bar())
    if as_json:
        options.print_json("ingest", shapes.report(done))
    else:
        render.report(done)
    return 3 if done.losses else 0
