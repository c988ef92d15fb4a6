"""Remember what models answered: one SQLite file, keyed by model, prompt version and the request's text."""

from dataclasses import dataclass
from pathlib import Path

from clew.database import Database
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


class Cache(Database):
    """Replies by key."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "PRAGMA journal_mode=WAL", SCHEMA)

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
