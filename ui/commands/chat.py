"""``clew chat``: the main job in one command."""

from pathlib import Path

import click

from ui import options


@click.command(name="chat")
@click.argument("folder", type=click.Path(path_type=Path))
@options.index_option
@click.option("--port", type=click.IntRange(1, 65535), help="Port on this machine [default: the first free from 8501].")
@click.option("--no-ingest", is_flag=True, help="Open the page on the index as it is.")
@click.option("--open/--no-open", "browser", default=True, show_default=True, help="Open a browser window.")
def command(folder: Path, index: Path | None, port: int | None, no_ingest: bool, browser: bool) -> int:
    """Ingest what is new in FOLDER, then open the chat page on it, for this machine alone. Ctrl-C ends it."""
    from retrieve.assembly import open_index
    from retrieve.place import FOLDER
    from ui import render
    from ui.serve import free_port, serve

    settings = options.settings_with(index)
    where = settings.index or folder / FOLDER
    if port is not None:
        free_port(port)  # told before an ingest that may take long
    if not no_ingest:
        with open_index(where, settings, doing=f"chat {folder}", folder=folder) as opened:
            render.report(opened.ingest(folder, progress=render.Bar()))
    serve(where, port=free_port(port), browser=browser)
    return 0
