"""``clew status``: what the index holds."""

from collections import Counter
from pathlib import Path

import click

from ui import options


@click.command(name="status")
@options.index_option
@options.json_option
def command(index: Path | None, as_json: bool) -> int:
    """Say what the index holds: its folders, its documents by state, what was lost, and what made it."""
    from retrieve.shared import kept_in, places
    from ui import render, shapes

    with options.opened(index, doing="status") as opened:
        entries = opened.manifest.entries().values()
        losses = [loss for entry in entries for loss in entry.losses]
        body = {
            "index": str(opened.folder),
            "kept_in": kept_in(places(opened.settings)),
            "filled_from": opened.shared.filled_from or "this folder",
            "embedder": opened.manifest.setting("embedder"),
            "collections": opened.manifest.collections(),
            "documents": dict(Counter(entry.state for entry in entries)),
            "chunks": sum(entry.chunks for entry in entries),
            "types": dict(Counter(entry.document.media_type for entry in entries).most_common()),
            "languages": dict(Counter(entry.document.language for entry in entries).most_common()),
            "lacking": opened.lacking(),
            "losses": [shapes.loss(one) for one in losses],
        }
    if as_json:
        options.print_json("status", body)
    else:
        render.status(body)
        render.losses(losses)
    return 0
