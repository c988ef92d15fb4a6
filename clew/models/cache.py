"""Remember what models answered: one SQLite file, keyed by model, prompt version and the request's text."""

import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path

from clew.records import Usage

SCHEMA = """
CREATE TABLE IF NOT EXISTS replies (
    key TEXT PRIMARY KEY, model TEXT NOT NULL, text TEXT NOT NULL, finish TEXT NOT NULL,
    tokens_in INTEGER NOT NULL, tokens_out INTEGER NOT NULL, usd REAL NOT NULL
) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A reply kept, and what it cost when it was made."""

    text: str
    finish: str
    usage: Usage


class Cache:
    """Replies by key. Opened at the first use, safe between threads and processes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def get(self, key: str) -> Kept | None:
        with self._lock:
            row = (
                self._open()
                .execute("SELECT text, finish, tokens_in, tokens_out, usd FROM replies WHERE key = ?", (key,))
                .fetchone()
            )
        if row is None:
            return None
        text, finish, tokens_in, tokens_out, usd = row
        return Kept(text=text, finish=finish, usage=Usage(calls=1, tokens_in=tokens_in, tokens_out=tokens_out, usd=usd))

    def put(self, key: str, model: str, kept: Kept) -> None:
        used = kept.usage
        with self._lock, self._open() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO replies VALUES (?, ?, ?, ?, ?, ?, ?)",
                (key, model, kept.text, kept.finish, used.tokens_in, used.tokens_out, used.usd),
            )

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(self._path, timeout=30, check_same_thread=False)
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute(SCHEMA)
        return self._connection
