"""The graph store on a Neo4j server: the driver and plain Cypher, nothing to install on the server."""

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from clew.errors import ClewError, Unreachable, UsageError
from graph.ports import Resolved
from graph.store.cypher import CONTENT, CypherStore, Step, forms_of

ROWS = 2000  # of one statement
TRANSACTION = 20_000  # rows of one transaction: larger ones outgrow a small server's memory
CONNECT_SECONDS = 5.0
ACQUIRE_SECONDS = 20.0
RETRY_SECONDS = 8.0
DELETED = 5000  # nodes of one transaction, with all their edges
KEYED = (*CONTENT, "Name", "Clew")


class Neo4jStore(CypherStore):
    """A ``GraphStore`` on a server. Indexes that share one have a ``prefix`` of letters and digits each."""

    remote = True

    def __init__(
        self, uri: str, *, user: str = "neo4j", password: str = "", database: str = "neo4j", prefix: str = ""
    ) -> None:
        if prefix and not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", prefix):
            raise UsageError(
                f"CLEW_NEO4J_PREFIX cannot be {prefix!r}: it stands before labels.",
                "Use letters and digits, a letter first.",
            )
        shown = re.sub(r"//[^/@]*@", "//", uri)
        if not re.match(r"(?:bolt|neo4j)(?:\+s|\+ssc)?://.", uri):
            raise UsageError(f"{shown!r} is no address of Neo4j.", "Set CLEW_NEO4J_URI, e.g. to bolt://127.0.0.1:7687")
        if shown != uri:
            raise UsageError(
                f"The address {shown} is set with a name or a password in it.",
                "Set CLEW_NEO4J_USER and CLEW_NEO4J_PASSWORD instead.",
            )
        self._server = ServerSession(uri, user=user, password=password, database=database, prefix=prefix)
        super().__init__(self._server, prefix)

    def drop(self) -> None:
        """Remove all that is stored, the constraints included."""
        self._server.drop()

    def led(self, entities: Mapping[str, float], limit: int) -> list[str]:
        """As in ``CypherStore``, but in one row: over a network hundreds take longer than to find them."""
        rows = self._led(entities, limit, "ORDER BY n DESC, id LIMIT $limit RETURN collect(id)")
        return [id_ for (ids,) in rows for id_ in ids]

    def _names(self, entities: Sequence[Resolved]) -> list[Step]:
        """Names as nodes of their own: a list property has no index."""
        rows = [{"id": e.entity.id, "form": form} for e in entities for form in forms_of(e.entity)]
        return [
            (self._t("MERGE (n:Name {id: r.form})"), [{"form": form} for form in sorted({r["form"] for r in rows})]),
            (self._t("MATCH (n:Name {id: r.form}) MATCH (e:Entity {id: r.id}) MERGE (n)-[:OF]->(e)"), rows),
        ]

    def _bearers(self, forms: Sequence[str]) -> list[str]:
        rows = self._by_ids("MATCH (n:Name {id: i})-[:OF]->(e:Entity) RETURN DISTINCT e.id", forms)
        return sorted({id_ for (id_,) in rows})


class ServerSession:
    """A way to the server, which connects when it is first needed. Threads may share it."""

    def __init__(self, uri: str, *, user: str, password: str, database: str, prefix: str) -> None:
        self._uri = uri
        self._auth = (user, password) if user else None
        self._database = database
        self._prefix = prefix
        self._driver: Any = None
        self._lock = threading.Lock()

    def read(self, statement: str, **parameters: object) -> list[list[Any]]:
        """In a transaction of its own, which is one way to the server and back; only if that fails by a fault that
        passes in one that is tried again, which is three."""
        import neo4j

        def work(transaction: Any) -> list[list[Any]]:
            return list(transaction.run(statement, parameters).values())

        reading = {"database": self._database, "default_access_mode": neo4j.READ_ACCESS}
        with self._explained(), self._opened().session(**reading) as session:
            try:
                return work(session)
            except (neo4j.exceptions.DriverError, neo4j.exceptions.Neo4jError) as error:
                if not error.is_retryable():
                    raise
                return list(session.execute_read(work))

    def write(self, steps: Sequence[Step]) -> None:
        for transaction in _transactions(steps):
            self._write(partial(_run_all, transaction))

    def drop(self) -> None:
        """Remove every node and constraint of this prefix, in portions: a large graph is no single transaction's."""
        self.close()
        with self._explained(), self._connected() as driver, driver.session(database=self._database) as session:
            for label in self._constrained(session):
                statement = f"MATCH (n:{self._prefix}{label}) WITH n LIMIT $many DETACH DELETE n RETURN count(*)"
                while session.execute_write(lambda t, s=statement: t.run(s, many=DELETED).single()[0]):
                    pass
                session.run(f"DROP CONSTRAINT {self._constraint(label)} IF EXISTS").consume()

    def close(self) -> None:
        with self._lock:
            if self._driver is not None:
                self._driver.close()
                self._driver = None

    def _write(self, work: Callable[[Any], None]) -> None:
        """Run in a transaction that is tried again for a few seconds if the fault is one that passes."""
        with self._explained(), self._opened().session(database=self._database) as session:
            session.execute_write(work)

    def _opened(self) -> Any:
        with self._lock:
            if self._driver is None:
                driver = self._connected()
                try:
                    self._prepare(driver)
                except BaseException:
                    driver.close()
                    raise
                self._driver = driver
            return self._driver

    def _connected(self) -> Any:
        """A driver whose server answers."""
        import neo4j

        driver = neo4j.GraphDatabase.driver(
            self._uri,
            auth=self._auth,
            connection_timeout=CONNECT_SECONDS,
            connection_acquisition_timeout=ACQUIRE_SECONDS,
            max_transaction_retry_time=RETRY_SECONDS,
            notifications_min_severity="OFF",
        )
        try:
            driver.verify_connectivity()  # fails at once where a transaction would be tried for seconds
        except BaseException:
            driver.close()
            raise
        return driver

    def _prepare(self, driver: Any) -> None:
        """Constraints, with the indexes they bring, made once and waited for."""
        with driver.session(database=self._database) as session:
            have = self._constrained(session)
            for label in KEYED:
                if label not in have:
                    self._constrain(session, label)
            if len(have) < len(KEYED):
                session.run("CALL db.awaitIndexes(60)").consume()
            # It counts on from the clock, so that content made anew is never taken for what was dropped.
            session.run(
                f"MERGE (m:{self._prefix}Clew {{id: 'clew'}}) ON CREATE SET m.revision = timestamp(), m.settled = true"
            ).consume()

    def _constrain(self, session: Any, label: str) -> None:
        from neo4j.exceptions import ClientError

        name = self._constraint(label)
        create = f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR (n:{self._prefix}{label}) REQUIRE n.id IS UNIQUE"
        try:
            session.run(create).consume()
        except ClientError as error:
            if "IndexWithNameAlreadyExists" not in (error.code or ""):
                raise
            # A server killed while it made the constraint keeps the index that was to serve it.
            session.run(f"DROP INDEX {name} IF EXISTS").consume()
            session.run(create).consume()

    def _constraint(self, label: str) -> str:
        return f"clew_{self._prefix}_{label}_id".lower()

    def _constrained(self, session: Any) -> list[str]:
        """The labels whose constraint is there."""
        have = {name for (name,) in session.run("SHOW CONSTRAINTS YIELD name RETURN name").values()}
        return [label for label in KEYED if self._constraint(label) in have]

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn the driver's errors into ones that say what to do."""
        from neo4j import exceptions as e

        where = f"the Neo4j server at {self._uri}"
        try:
            yield
        except (e.AuthError, e.ConfigurationError, ValueError) as error:
            raise UsageError(
                f"{where[0].upper()}{where[1:]} cannot be used with what is set: {error}",
                "Set CLEW_NEO4J_URI, CLEW_NEO4J_USER and CLEW_NEO4J_PASSWORD.",
            ) from error
        except e.ClientError as error:
            if "Security" in (error.code or "") or "DatabaseNotFound" in (error.code or ""):
                raise UsageError(
                    f"{where[0].upper()}{where[1:]} refuses: {error.message}",
                    "Check CLEW_NEO4J_USER, CLEW_NEO4J_PASSWORD and CLEW_NEO4J_DATABASE.",
                ) from error
            raise ClewError(f"A statement failed on {where}: {error.message}") from error
        except (e.DriverError, e.TransientError, OSError) as error:
            raise Unreachable(
                f"{where[0].upper()}{where[1:]} does not answer: {error}",
                "See whether it runs: clew doctor. What was not finished is done again by the next run.",
            ) from error
        except e.Neo4jError as error:
            raise ClewError(f"{where[0].upper()}{where[1:]} reports: {error.message}") from error


def _transactions(steps: Sequence[Step]) -> Iterator[list[Step]]:
    """Steps cut into statements of some rows, and those into transactions, in order."""
    transaction: list[Step] = []
    size = 0
    for statement, rows in steps:
        for start in range(0, len(rows), ROWS):
            part = rows[start : start + ROWS]
            if transaction and size + len(part) > TRANSACTION:
                yield transaction
                transaction, size = [], 0
            transaction.append((statement, part))
            size += len(part)
    if transaction:
        yield transaction


def _run_all(steps: Sequence[Step], transaction: Any) -> None:
    for statement, rows in steps:
        transaction.run(f"UNWIND $rows AS r {statement}", rows=[dict(row) for row in rows]).consume()
