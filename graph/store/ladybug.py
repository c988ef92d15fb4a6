"""The graph store embedded: Ladybug, one file, one process at a time."""

import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clew.errors import ClewError, IndexBusy
from graph.store import coding
from graph.store.cypher import ENTITY, CypherStore, Step
from graph.view import View

BUFFER_POOL = 256 << 20
ADDRESS_SPACE = 1 << 38  # the default reserves 8 TB, which a limit on virtual memory refuses
ROWS = 5000  # of one statement; larger ones are slower by the row
SCHEMA = (
    "CREATE NODE TABLE IF NOT EXISTS Clew(id STRING PRIMARY KEY, revision INT64, settled BOOLEAN)",
    "CREATE NODE TABLE IF NOT EXISTS Document(id STRING PRIMARY KEY, path STRING, title STRING, namings STRING)",
    "CREATE NODE TABLE IF NOT EXISTS Chunk(id STRING PRIMARY KEY, triples STRING, stated INT64)",
    "CREATE NODE TABLE IF NOT EXISTS Entity(id STRING PRIMARY KEY, name STRING, kind STRING, aliases STRING[], "
    "forms STRING[], often INT64, why STRING[], namings STRING[], stamp STRING)",
    "CREATE NODE TABLE IF NOT EXISTS Community(id STRING PRIMARY KEY, level INT64, parent STRING)",
    "CREATE NODE TABLE IF NOT EXISTS Decision(id STRING PRIMARY KEY, entity STRING, note STRING)",
    "CREATE REL TABLE IF NOT EXISTS HAS(FROM Document TO Chunk, place INT64)",
    "CREATE REL TABLE IF NOT EXISTS MENTIONS(FROM Chunk TO Entity, sentences INT64[])",
    "CREATE REL TABLE IF NOT EXISTS RELATES(FROM Entity TO Entity, subject STRING, predicate STRING, object STRING, "
    "chunk STRING, span_start INT64, span_end INT64, extractor STRING, confidence DOUBLE)",
    "CREATE REL TABLE IF NOT EXISTS IN_COMMUNITY(FROM Entity TO Community)",
    "MERGE (m:Clew {id: 'clew'}) ON CREATE SET m.revision = 0, m.settled = true",
)


class LadybugStore(CypherStore):
    """A ``GraphStore`` in one file, opened at the first use and after ``close`` again at the next.

    Stores of one process on one file share what is open. Not for use after a fork: a query in the child would never
    return.
    """

    def __init__(self, path: Path) -> None:
        self._embedded = EmbeddedSession(path)
        self._read_at: tuple[Engine, int, int] | None = None  # engine, its writes, the revision then
        super().__init__(self._embedded)

    def revision(self) -> int:
        """As in ``CypherStore``, asked of the engine again only if it was written to: no other process can."""
        engine, writes = self._embedded.stand()
        if self._read_at is None or self._read_at[:2] != (engine, writes):
            self._read_at = (engine, writes, super().revision())
        return self._read_at[2]

    def view(self) -> View:
        """As in ``CypherStore``, but by row numbers and in columns: ten times faster on a large graph."""
        columns = self._embedded.columns
        chunks = columns("MATCH (c:Chunk) RETURN offset(id(c)) AS n, c.id AS id")
        rows = self._embedded.read(f"MATCH (e:Entity) RETURN offset(id(e)), {ENTITY} ORDER BY e.id")
        edges = columns(
            "MATCH (c:Chunk)-[m:MENTIONS]->(e:Entity) RETURN offset(id(c)) AS c, offset(id(e)) AS e, m.sentences AS s"
        )
        sentences = edges["s"].combine_chunks()
        often = _array(sentences.value_lengths())
        chunks_at, entities_at = (np.repeat(_array(edges[name].combine_chunks()), often) for name in "ce")
        sentence = _array(sentences.flatten()).astype(np.int32)

        id_of = dict(zip(chunks["n"].to_pylist(), chunks["id"].to_pylist(), strict=True))
        used = sorted((id_of[int(n)], int(n)) for n in np.unique(chunks_at))
        chunk = _places(chunks_at, [n for _, n in used])
        entity = _places(entities_at, [row[0] for row in rows])
        order = np.lexsort((sentence, entity, chunk))
        return View(
            chunks=tuple(id_ for id_, _ in used),
            entities=tuple(coding.entity_of(row[1:]) for row in rows),
            chunk=chunk[order],
            entity=entity[order],
            sentence=sentence[order],
        )


def _array(column: Any) -> NDArray[np.int64]:
    """An Arrow array of integers without nulls. Its own ``to_numpy`` would import pandas first, a quarter second."""
    found: NDArray[np.int64] = np.from_dlpack(column).astype(np.int64)
    return found


def _places(numbers: NDArray[np.int64], in_order: Sequence[int]) -> NDArray[np.int32]:
    """Where each row number stands in ``in_order``."""
    place = np.zeros(max(in_order, default=0) + 1, np.int32)
    place[np.array(in_order, np.int64)] = np.arange(len(in_order), dtype=np.int32)
    return place[numbers]


class EmbeddedSession:
    """A holder's way to an engine, which it opens when it needs it."""

    def __init__(self, path: Path) -> None:
        self._path = path.resolve()
        self._engine: Engine | None = None

    def read(self, statement: str, **parameters: object) -> list[list[Any]]:
        result = self._opened.run(statement, parameters)
        return list(result.get_all())

    def columns(self, statement: str) -> Any:
        """An Arrow table."""
        return self._opened.run(statement, {}).get_as_arrow(100_000)

    def write(self, steps: Sequence[Step]) -> None:
        self._opened.write(steps)

    def stand(self) -> tuple["Engine", int]:
        """The open engine, and how often it was written to."""
        return self._opened, self._opened.writes

    def close(self) -> None:
        """Let go; the last holder closes the file."""
        with _registry:
            if self._engine is None:
                return
            self._engine.holders -= 1
            if self._engine.holders == 0:
                del _engines[self._path]
                self._engine.close()
            self._engine = None

    @property
    def _opened(self) -> "Engine":
        with _registry:
            if self._engine is None:
                self._engine = _engines.get(self._path) or Engine(self._path)
                _engines[self._path] = self._engine
                self._engine.holders += 1
            return self._engine


class Engine:
    """One open file. ``holders`` counts the sessions on it, ``writes`` the transactions that have ended."""

    def __init__(self, path: Path) -> None:
        import ladybug

        self.holders = 0
        self.writes = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        limits: dict[str, Any] = {"buffer_pool_size": BUFFER_POOL, "max_db_size": ADDRESS_SPACE, "max_num_threads": 2}
        try:
            try:
                self._database = ladybug.Database(str(path), **limits)
            except RuntimeError as error:
                if "WAL" not in str(error):
                    raise
                # A kill in mid-write can leave the last, unfinished transaction torn: go on without it.
                self._database = ladybug.Database(str(path), throw_on_wal_replay_failure=False, **limits)
        except RuntimeError as error:
            if "Could not set lock" in str(error):
                raise IndexBusy(
                    f"Another process has the graph {path} open.", "Wait until it is done, or stop it."
                ) from error
            raise ClewError(f"The graph {path} cannot be opened: {error}", "Run: clew reindex") from error
        self._connection = ladybug.Connection(self._database)
        for statement in SCHEMA:
            self._connection.execute(statement)

    def run(self, statement: str, parameters: dict[str, object]) -> Any:
        with self._lock:  # there is one connection: in the midst of a transaction it would read what may not come
            return self._connection.execute(statement, parameters)

    def write(self, steps: Sequence[Step]) -> None:
        with self._lock:  # a second writer would be refused, not queued
            self._connection.execute("BEGIN TRANSACTION")
            try:
                for statement, rows in steps:
                    for start in range(0, len(rows), ROWS):
                        part = {"rows": list(rows[start : start + ROWS])}
                        self._connection.execute(f"UNWIND $rows AS r {statement}", part)
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(RuntimeError):  # most errors have rolled back already
                    self._connection.execute("ROLLBACK")
                raise
            finally:
                self.writes += 1

    def close(self) -> None:
        self._connection.close()  # the other way round the file would stay locked
        self._database.close()


# A second Database on a file would write into the void: one for each path of this process.
_engines: dict[Path, Engine] = {}
_registry = threading.RLock()
