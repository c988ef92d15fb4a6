"""``clew reindex``: make the index anew."""

from pathlib import Path

import click

from ui import options


@click.command(name="reindex")
@options.index_option
@options.json_option
def command(index: Path | None, as_json: bool) -> int:
    """Make the index anew, from the Markdown it keeps, with the embedder and extractor that are set now.

    No document is read again. The old index answers until the new one is whole; then they are swapped at once.
    """
    from retrieve.assembly import Index, find_index
    from ui import render
    from ui.words import counted

    settings = options.settings_with(index)
    with Index(find_index(settings, Path.cwd()), settings, doing="reindex", anew=True) as opened:
        documents = opened.reindex(progress=render.Bar())
    if as_json:
        options.print_json("reindex", {"documents": documents, "embedder": opened.embedder.name})
    else:
        render.OUT.print(f"{counted(documents, 'document')} indexed anew with {opened.embedder.name}.")
    return 0
