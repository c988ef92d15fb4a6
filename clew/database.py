"""One SQLite file that threads and processes share: opened at the first use, closed once."""

import sqlite3
import threading
from pathlib import Path


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
            self._connection = sqlite3.connect(self._path, timeout=30, check_same_thread=False)
            for statement in self._prepare:
                self._connection.execute(statement)
        return self._connection
