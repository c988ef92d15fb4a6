"""One SQLite file that threads and processes share: opened at the first use, closed once."""

import logging
import sqlite3
import threading
from pathlib import Path
from typing import Any


class Database:
    """Base of what is kept by key in a file. ``prepare`` are the statements that each new connection runs first."""

    def __init__(self, path: Path, *prepare: str) -> None:
        self._path = path
        self._prepare = prepare
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _open(self) -> sqlite3.Connection:
        """The connection; the caller holds the lock."""
        if self._connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = open_cache(self._path, *self._prepare)
        return self._connection


def open_cache(file: Path, *prepare: str, **options: Any) -> sqlite3.Connection:
    """Open what may be lost: a file that is damaged is laid aside, which is logged, and a new one takes its place."""
    try:
        return _connect(file, *prepare, **options)
    except sqlite3.OperationalError:  # a lock, a full disk, no right to write
        raise
    except sqlite3.DatabaseError as error:
        aside = file.with_name(f"{file.name}.damaged")
        file.replace(aside)
        for beside in ("-wal", "-shm"):
            file.with_name(file.name + beside).unlink(missing_ok=True)
        logging.getLogger("clew").warning("%s is damaged (%s): laid aside as %s, and begun anew.", file, error, aside)
        return _connect(file, *prepare, **options)


def _connect(file: Path, *prepare: str, **options: Any) -> sqlite3.Connection:
    connection: sqlite3.Connection = sqlite3.connect(file, timeout=30, check_same_thread=False, **options)
    try:
        for statement in prepare:
            connection.execute(statement)
    except BaseException:
        connection.close()
        raise
    return connection
