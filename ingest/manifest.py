"""The manifest: one SQLite file that owns each document's state and Markdown. The stores can be rebuilt from it.

A document is ``writing`` from before its first byte reaches a store until its last has; ``deleting`` until its last
has left; then ``ready``, or gone. Whatever is found in between is done again.
"""

import datetime
import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from clew.errors import IndexIncompatible
from clew.ports import NO_FACTS
from clew.records import Document, Loss, Markdown

State = Literal["writing", "ready", "failed", "deleting"]
SCHEMA = 1

TABLES = """
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS collections (name TEXT PRIMARY KEY, root TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (
    id TEXT PRIMARY KEY, collection TEXT NOT NULL, path TEXT NOT NULL, state TEXT NOT NULL,
    title TEXT NOT NULL, media_type TEXT NOT NULL, content_hash TEXT NOT NULL, modified TEXT,
    date TEXT, date_source TEXT, language TEXT NOT NULL, versions TEXT NOT NULL,
    chunks INTEGER NOT NULL, entities INTEGER NOT NULL, triples INTEGER NOT NULL, losses TEXT NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS documents_path ON documents (collection, path);
CREATE INDEX IF NOT EXISTS documents_language ON documents (language, chunks);
CREATE TABLE IF NOT EXISTS markdown (
    document TEXT PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
    text BLOB NOT NULL, named INTEGER NOT NULL, pages TEXT NOT NULL
);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the manifest knows of one document.

    ``versions`` joins the versions of all that made its chunks; another value means: make them again. ``modified``
    is the file's day of change, kept only where the content date had to be taken from it.
    """

    document: Document
    state: State
    versions: str
    modified: str | None = None
    chunks: int = 0
    losses: tuple[Loss, ...] = ()

    def without_facts(self, lost: Iterable[Loss]) -> "Entry":
        """The same, with those of these losses that are its own in place of those of an earlier reading."""
        kept = (loss for loss in self.losses if not loss.reason.startswith(NO_FACTS))
        return replace(self, losses=(*kept, *(loss for loss in lost if loss.path == self.document.path)))


class Manifest:
    """The state of every document of an index. Writes are transactions; readers in other processes are welcome."""

    def __init__(self, file: Path) -> None:
        self._db = sqlite3.connect(file, timeout=30, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("PRAGMA foreign_keys = ON")
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, SCHEMA):
            raise IndexIncompatible(
                f"{file} was made by another version of Clew (schema {version}, this one reads {SCHEMA}).",
                "Remove the index folder and ingest again.",
            )
        if version == 0:
            self._db.executescript(TABLES)
            self._db.execute(f"PRAGMA user_version = {SCHEMA}")

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the writes inside, or none."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def setting(self, name: str) -> str | None:
        row = self._db.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return row["value"] if row else None

    def set(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, value))

    def unset(self, name: str) -> None:
        self._db.execute("DELETE FROM settings WHERE name = ?", (name,))

    @property
    def generation(self) -> int:
        """Rises with every change of the stores: what was computed from them at a lower one is stale."""
        return int(self.setting("generation") or 0)

    def advance(self) -> None:
        self.set("generation", str(self.generation + 1))

    def collections(self) -> dict[str, str]:
        """Each collection's folder."""
        return {row["name"]: row["root"] for row in self._db.execute("SELECT * FROM collections ORDER BY name")}

    def add_collection(self, name: str, root: Path) -> None:
        self._db.execute("INSERT OR REPLACE INTO collections VALUES (?, ?)", (name, str(root)))

    def holds(self, language: str) -> bool:
        """Whether any document with chunks is in this language."""
        return bool(
            self._db.execute("SELECT 1 FROM documents WHERE language = ? AND chunks > 0", (language,)).fetchone()
        )

    def passages(self, *, graph: bool = False) -> int:
        """How many chunks are in the stores, of all documents or of those that were read for the graph."""
        read = "AND versions LIKE '%graph yes'" if graph else ""
        found = self._db.execute(f"SELECT sum(chunks) FROM documents WHERE state = 'ready' {read}")  # noqa: S608
        return int(found.fetchone()[0] or 0)

    def has_folder(self, folder: str) -> bool:
        """Whether any document lies below this subfolder."""
        begins = f"{folder}/"
        row = self._db.execute("SELECT 1 FROM documents WHERE substr(path, 1, ?) = ?", (len(begins), begins)).fetchone()
        return row is not None

    def has_type(self, media_type: str) -> bool:
        """Whether any document is of this media type."""
        return bool(self._db.execute("SELECT 1 FROM documents WHERE media_type = ?", (media_type,)).fetchone())

    def rows(self) -> dict[str, dict[str, Any]]:
        """Each document's row as it stands, for ``mirror`` of another manifest: JSON types only."""
        return {row["id"]: dict(row) for row in self._db.execute("SELECT * FROM documents")}

    def mirror(self, rows: Mapping[str, Mapping[str, Any]], collections: Mapping[str, str]) -> None:
        """Hold these rows of another manifest and no others; Markdown of documents that are in both stays."""
        with self.transaction():
            self.forget([id_ for id_ in self.rows() if id_ not in rows])
            names = [column["name"] for column in self._db.execute("PRAGMA table_info(documents)")]
            self._db.executemany(
                f"INSERT INTO documents ({', '.join(names)}) VALUES ({', '.join(':' + name for name in names)}) "  # noqa: S608
                f"ON CONFLICT (id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in names)}",
                [{name: row.get(name) for name in names} for row in rows.values()],
            )
            self._db.execute("DELETE FROM collections")
            self._db.executemany("INSERT INTO collections VALUES (?, ?)", list(collections.items()))

    def entries(self, collection: str | None = None) -> dict[str, Entry]:
        """Entries by document id, of one collection or of all, in the order of their paths."""
        where = "" if collection is None else "WHERE collection = :collection "
        rows = self._db.execute(
            f"SELECT * FROM documents {where}ORDER BY collection, path",  # noqa: S608
            {"collection": collection},
        )
        return {row["id"]: _entry(row) for row in rows}

    def entry(self, document: str) -> Entry | None:
        row = self._db.execute("SELECT * FROM documents WHERE id = ?", (document,)).fetchone()
        return _entry(row) if row else None

    def put(self, entry: Entry, markdown: Markdown | None = None) -> None:
        """Write an entry with its Markdown; written without, it loses any that it had."""
        document = entry.document
        values = {
            "id": document.id,
            "collection": document.collection,
            "path": document.path,
            "state": entry.state,
            "title": document.title,
            "media_type": document.media_type,
            "content_hash": document.content_hash,
            "modified": entry.modified,
            "date": document.date.isoformat() if document.date else None,
            "date_source": document.date_source,
            "language": document.language,
            "versions": entry.versions,
            "chunks": entry.chunks,
            "entities": 0,  # nothing reads these two; versions before want them
            "triples": 0,
            "losses": _losses(entry),
        }
        self._db.execute(
            f"INSERT OR REPLACE INTO documents ({', '.join(values)}) "  # noqa: S608
            f"VALUES ({', '.join(':' + name for name in values)})",
            values,
        )
        if markdown is not None:
            packed = zlib.compress(markdown.text.encode(), 1)
            pages = json.dumps(markdown.pages)
            self._db.execute(
                "INSERT OR REPLACE INTO markdown VALUES (?, ?, ?, ?)", (document.id, packed, markdown.named, pages)
            )

    def update(self, entry: Entry) -> None:
        """Write the versions, the number of chunks and the losses of an entry that is there; its Markdown stays."""
        self._db.execute(
            "UPDATE documents SET versions = ?, chunks = ?, losses = ? WHERE id = ?",
            (entry.versions, entry.chunks, _losses(entry), entry.document.id),
        )

    def mark(self, documents: Sequence[str], state: State) -> None:
        self._db.executemany("UPDATE documents SET state = ? WHERE id = ?", [(state, id_) for id_ in documents])

    def forget(self, documents: Sequence[str]) -> None:
        self._db.executemany("DELETE FROM documents WHERE id = ?", [(id_,) for id_ in documents])

    def markdown(self, document: str) -> Markdown | None:
        """A document's Markdown as it was indexed."""
        row = self._db.execute(
            "SELECT * FROM markdown JOIN documents ON id = document WHERE id = ?", (document,)
        ).fetchone()
        if row is None:
            return None
        entry = _entry(row)
        return Markdown(
            text=zlib.decompress(row["text"]).decode(),
            title=row["title"],
            named=bool(row["named"]),
            pages=tuple((number, start) for number, start in json.loads(row["pages"])),
            date=entry.document.date,
            date_source=entry.document.date_source,
            losses=entry.losses,
        )


def _losses(entry: Entry) -> str:
    return json.dumps([asdict(loss) for loss in entry.losses])


def _entry(row: Any) -> Entry:
    return Entry(
        document=Document(
            id=row["id"],
            collection=row["collection"],
            path=row["path"],
            title=row["title"],
            media_type=row["media_type"],
            content_hash=row["content_hash"],
            date=datetime.date.fromisoformat(row["date"]) if row["date"] else None,
            date_source=row["date_source"],
            language=row["language"],
        ),
        state=row["state"],
        versions=row["versions"],
        modified=row["modified"],
        chunks=row["chunks"],
        losses=tuple(Loss(**loss) for loss in json.loads(row["losses"])),
    )
