"""The folder of an index: made where there is room for one; what stands in the way is told."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clew.errors import ClewError, UsageError

FOLDER = ".clew"
MANIFEST = "manifest.sqlite"
OURS = frozenset({".gitignore", "lock", "reindex.lock", "waiting", "holder.json", "vectors.sqlite"})
"""What a process may have left that was killed before there was a manifest, and vectors brought along from another."""


def make_room(folder: Path) -> None:
    """Make an index folder, hidden from git, unless it is there; UsageError where it holds anything else."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file, not a folder.", "Name another folder for the index: --index DIR")
    _demand_text(folder)
    if (folder / MANIFEST).exists():
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise barred(folder, "Permission denied")
        return
    folder.mkdir(parents=True, exist_ok=True)
    if folder.name != FOLDER and not {entry.name for entry in folder.iterdir()} <= OURS:
        raise UsageError(
            f"{folder} holds other things and is no index.", "Name a new or empty folder for the index: --index DIR"
        )
    ignored = folder / ".gitignore"
    if not ignored.exists():
        ignored.write_text("*\n", encoding="utf-8")


def demand_apart(folder: Path, documents: Path) -> None:
    """UsageError if a folder of documents is to be its own index, or has a name that cannot be kept."""
    _demand_text(documents)
    if folder.resolve() == documents.resolve():
        raise UsageError(
            f"{documents} cannot be the folder to read and its own index at once.",
            "Name another folder with --index, or leave it out: the index is then kept in .clew inside the folder.",
        )


def _demand_text(folder: Path) -> None:
    """UsageError for a folder whose whole name is not UTF-8: the engines take no other."""
    try:
        str(folder.resolve()).encode()
    except UnicodeEncodeError:
        shown = os.fsencode(folder).decode("utf-8", "backslashreplace")
        raise UsageError(f"The name of {shown} or of a folder above it is not UTF-8.", "Rename it.") from None


@contextmanager
def accessible(folder: Path) -> Iterator[None]:
    """Tell what bars an index folder as a person should read it. A full disk stays the OSError that it is."""
    try:
        yield
    except OSError as error:
        if not isinstance(error, PermissionError | FileNotFoundError | NotADirectoryError | FileExistsError) and (
            "Read-only" not in str(error.strerror)
        ):
            raise
        raise barred(folder, error.strerror or str(error)) from error
    except sqlite3.DatabaseError as error:
        if any(sign in str(error) for sign in ("unable to open", "readonly")):
            raise barred(folder, str(error)) from error
        if isinstance(error, sqlite3.OperationalError):  # a lock, or a full disk
            raise
        raise ClewError(
            f"The manifest of the index {folder} is damaged: {error}.",
            "Put back a copy of the index folder, or remove it and ingest again.",
        ) from error


def barred(folder: Path, why: str) -> ClewError:
    """The error for an index folder that cannot be used."""
    return ClewError(
        f"The index {folder} cannot be opened for writing: {why}.",
        "Clew writes there even to answer: who holds the index, and the answers. Give yourself the right to write to "
        "it, or name a copy of it, or another folder, with --index.",
    )
