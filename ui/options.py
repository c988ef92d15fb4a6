"""Options that several verbs share."""

import datetime
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from clew.errors import UsageError
from clew.records import Scope

if TYPE_CHECKING:
    from retrieve.assembly import Index

F = TypeVar("F", bound=Callable[..., Any])

PATHS = ("passages", "graph", "global", "both")


def index_option(command: F) -> F:
    """``--index DIR``."""
    return click.option(
        "--index",
        type=click.Path(path_type=Path, file_okay=False),
        help="Folder of the index [default: .clew in the ingested folder, looked for from here upwards].",
    )(command)


def json_option(command: F) -> F:
    """``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")(command)


def path_option(command: F) -> F:
    """``--path``."""
    return click.option("--path", type=click.Choice(PATHS), help="Choose the way yourself [default: Clew chooses].")(
        command
    )


def settings_with(index: Path | None) -> Any:
    """The settings of the environment, with the command line's index over them."""
    from clew.settings import load

    return load(index=index)


def print_json(verb: str, body: Mapping[str, Any]) -> None:
    """One JSON object on stdout, its schema first."""
    click.echo(json.dumps({"schema": f"clew.{verb}/1", **body}, ensure_ascii=False))


def scope_options(command: F) -> F:
    """``--collection``, ``--folder``, ``--type``, ``--since`` and ``--until``."""
    for name, text in (
        ("--until", "Only documents dated up to this day (YYYY-MM-DD)."),
        ("--since", "Only documents dated from this day on (YYYY-MM-DD)."),
        ("--type", "Only documents of this type, e.g. PDF, Word or text/html; clew status lists them."),
        ("--folder", "Only documents below this subfolder."),
        ("--collection", "Only this collection."),
    ):
        command = click.option(name, help=text)(command)
    return command


def scope_of(
    *,
    collection: str | None = None,
    folder: str | None = None,
    type: str | None = None,  # noqa: A002
    since: str | None = None,
    until: str | None = None,
) -> Scope:
    """The scope that these options name."""
    from ui.words import media_type_of

    return Scope(
        collection=collection,
        folder=_folder(folder) if folder else None,
        media_type=media_type_of(type) if type else None,
        since=_day("--since", since),
        until=_day("--until", until),
    )


def must_exist(scope: Scope, path: str | None, index: "Index") -> None:
    """Raise UsageError for a collection, folder or type that the index does not hold, and a path that it has not."""
    known, collection = index.manifest.collections(), scope.collection
    if path not in (None, "passages"):
        must_have_graph(index)
    if scope.folder is not None and known and not index.manifest.has_folder(scope.folder):
        raise UsageError(
            f"The index holds no document below the folder {scope.folder!r}.",
            "Name it as it stands in the paths of sources.",
        )
    if scope.media_type is not None and known and not index.manifest.has_type(scope.media_type):
        from ui.words import kind_of

        held = sorted({kind_of(entry.document.media_type) for entry in index.manifest.entries().values()})
        raise UsageError(
            f"The index holds no document of the type {kind_of(scope.media_type)!r}.", f"It holds: {', '.join(held)}"
        )
    if collection is not None and known and collection not in known:
        names = ", ".join(name or "(unnamed)" for name in known)
        raise UsageError(f"The index holds no collection {collection!r}.", f"It holds: {names}")


def must_have_graph(index: "Index") -> None:
    """Raise UsageError for an index whose documents were read without a graph."""
    manifest = index.manifest
    if index.facts is None or (manifest.passages() and not manifest.passages(graph=True)):
        raise UsageError("This index was made without a graph.", "Set CLEW_GRAPH=true and run: clew reindex")


def say_if_empty(index: "Index") -> None:
    """Say on stderr where nothing can be found yet."""
    if not index.manifest.passages():
        click.echo(
            "The index holds no passages yet. If an ingest is under way, ask again when it has begun to.", err=True
        )


def interrupted(answer: str) -> int:
    """Say where to go on from, and return the exit code."""
    click.echo(f"Interrupted. What was written is kept; go on with: clew continue {answer}", err=True)
    return 130


def opened(index: Path | None, *, doing: str) -> "Index":
    """The index that the option, the setting or the working folder leads to."""
    from retrieve.assembly import find_index, open_index

    settings = settings_with(index)
    return open_index(find_index(settings, Path.cwd()), settings, doing=doing)


def _folder(given: str) -> str | None:
    """A subfolder as it stands in the paths of documents; None for the whole folder."""
    within = os.path.normpath(os.fsencode(given).decode("utf-8", "backslashreplace")).strip("/")
    return within if within not in ("", ".") else None


def _day(option: str, text: str | None) -> datetime.date | None:
    if text is None:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} {text!r} is no day.", "Write it as YYYY-MM-DD.") from None
