"""Keep what users overrule as candidates for labels, in a file of the index."""

import json
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from clew.ids import digest
from clew.language import language_of
from clew.records import Route
from retrieve.router.labelled import Label, read_labels

NAME = "corrections.jsonl"
WRITER = "corrections"


def keep(folder: Path, question: str, route: Route) -> None:
    """Add the way that a user chose to the index in ``folder``, if the model would have chosen another.

    ``both`` is no label and is not kept. One short line is appended in one write: several processes may do it at once.
    """
    if route.instead_of in (None, route.path) or route.path == "both":
        return
    line = {
        "id": digest("correction", question, route.path),
        "lang": language_of(question),
        "writer": WRITER,
        "query": question,
        "path": route.path,
        "compute": route.compute,
        "fresh": route.fresh,
        "instead_of": route.instead_of,
    }
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / NAME, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, (json.dumps(line, ensure_ascii=False) + "\n").encode())
    finally:
        os.close(handle)


def candidates(folders: Iterable[Path]) -> list[Label]:
    """The corrections of these indexes, the last one of each question, ready to be trained on."""
    kept: dict[str, Label] = {}
    for folder in folders:
        if (folder / NAME).is_file():
            for label in read_labels(folder / NAME):
                kept[label.query] = replace(label, writer=WRITER)
    return list(kept.values())
