"""Embed each text once: vectors are kept by the hash of what was embedded, whoever asks for them again."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from clew.database import Database
from clew.ids import digest
from clew.ports import Embedder, Passage, PassageVectors


class CachedVectors(Database):
    """An embedder's passage vectors, out of a SQLite file where they are known. A lost file costs time only."""

    def __init__(self, file: Path, embedder: Embedder) -> None:
        super().__init__(
            file,
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = OFF",
            "CREATE TABLE IF NOT EXISTS vectors (key TEXT PRIMARY KEY, vector BLOB, sentences BLOB)",
        )
        self._embedder = embedder
        self.embedded = 0

    def embed(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        """One result a passage, in order. ``embedded`` counts those that the model had to read."""
        keys = [self._key(passage) for passage in passages]
        known = self._known(keys)
        new = {key: passage for key, passage in zip(keys, passages, strict=True) if key not in known}
        made = dict(zip(new, self._embedder.embed_passages(new.values()), strict=True))
        self.embedded += len(made)
        self._keep(made)
        return [known.get(key) or made[key] for key in keys]

    def keep_only(self, most: int) -> None:
        """Drop the oldest entries above ``most``: what is still in use then costs its embedding once more."""
        oldest = "(SELECT rowid FROM vectors ORDER BY rowid DESC LIMIT 1 OFFSET ?)"
        with self._lock, self._open() as db:
            db.execute(f"DELETE FROM vectors WHERE rowid <= {oldest}", (most,))  # noqa: S608

    def _key(self, passage: Passage) -> str:
        spans = ",".join(f"{span.start}:{span.end}" for span in passage.sentences)
        return digest(self._embedder.name, passage.text, spans)

    def _known(self, keys: Sequence[str]) -> dict[str, PassageVectors]:
        found = {}
        for at in range(0, len(keys), 500):
            some = keys[at : at + 500]
            asked = f"SELECT key, vector, sentences FROM vectors WHERE key IN ({','.join('?' * len(some))})"  # noqa: S608
            with self._lock:
                rows = self._open().execute(asked, some).fetchall()
            for key, vector, sentences in rows:
                rows8 = (
                    None if sentences is None else np.frombuffer(sentences, np.int8).reshape(-1, self._embedder.size)
                )
                found[key] = PassageVectors(np.frombuffer(vector, np.float32), rows8)
        return found

    def _keep(self, made: dict[str, PassageVectors]) -> None:
        if not made:
            return
        rows = [
            (key, vectors.vector.tobytes(), None if vectors.sentences is None else vectors.sentences.tobytes())
            for key, vectors in made.items()
        ]
        with self._lock, self._open() as db:
            db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)
