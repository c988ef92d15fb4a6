"""A Qdrant server for tests: the one QDRANT_URL (and QDRANT_API_KEY) names, or a stand-in on loopback.

The stand-in speaks the REST calls that Clew makes, over a real socket, and answers them with qdrant-client's own
in-process mode. So requests, replies, keys, collections and aliases are those of a server; the engine behind is not.
It can also be told to fail in the ways that a server and a network fail.
"""

import json
import os
import re
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python
from qdrant_client import QdrantClient
from qdrant_client import models as m

Fault = tuple[int | str, dict[str, str]]


def given() -> str | None:
    """The server that the environment names, if any."""
    return os.environ.get("QDRANT_URL")


def key() -> str:
    """The key of the server that is used."""
    return os.environ.get("QDRANT_API_KEY", "") if given() else "a-test-key"


class StandIn:
    """A server on loopback that keeps its points in ``folder``, or in memory."""

    def __init__(self, folder: Path | None = None, *, key: str = "") -> None:
        self.key = key
        self.version = "1.20.0"
        self.seen: list[str] = []
        self.faults: list[Fault] = []
        self._place = {"path": str(folder)} if folder else {"location": ":memory:"}
        self._lock = threading.Lock()
        self._port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.client = QdrantClient(**self._place, force_disable_check_same_thread=True)  # type: ignore[arg-type]
        stand_in = self

        class Handler(_Handler):
            server_of = stand_in

        self._http = ThreadingHTTPServer(("127.0.0.1", self._port), Handler)
        self._http.daemon_threads = True
        self._port = self._http.server_address[1]
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Stop listening; what was stored in a folder is there after the next start."""
        self._http.shutdown()
        self._http.server_close()
        with self._lock:
            self.client.close()

    def fail(self, kind: int | str, times: int = 1, **headers: str) -> None:
        """Meet the next calls with a status, or ``slow`` or ``cut``."""
        self.faults += [(kind, {name.replace("_", "-"): value for name, value in headers.items()})] * times

    def answer(self, method: str, path: str, body: dict[str, Any]) -> Any:
        """What the engine says to a call; ValueError where it refuses."""
        with self._lock, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for verb, pattern, act in ROUTES:
                if verb == method and (match := re.fullmatch(pattern, path)):
                    return act(self.client, *match.groups(), body)
        raise LookupError(f"no such call: {method} {path}")


@contextmanager
def running(folder: Path | None = None, *, key: str = "") -> Iterator[StandIn]:
    """A stand-in for as long as the block runs."""
    server = StandIn(folder, key=key)
    try:
        yield server
    finally:
        server.stop()


class _Handler(BaseHTTPRequestHandler):
    server_of: StandIn
    protocol_version = "HTTP/1.1"

    def handle_any(self) -> None:
        server, path = self.server_of, self.path.partition("?")[0]
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        server.seen.append(f"{self.command} {path}")
        fault = server.faults.pop(0) if server.faults else None
        if fault is not None:
            return self._fail(*fault)
        if server.key and self.headers.get("api-key") != server.key:
            return self._reply(401, {"status": {"error": f"Invalid key {self.headers.get('api-key')}"}})
        try:
            result = server.answer(self.command, path, json.loads(raw) if raw else {})
        except ValueError as error:
            missing = "not found" in str(error)
            return self._reply(404 if missing else 409, {"status": {"error": str(error)}})
        if path == "/":
            return self._reply(200, {"title": "a stand-in", "version": server.version})
        self._reply(200, {"result": to_jsonable_python(result), "status": "ok", "time": 0.0})

    do_GET = do_PUT = do_POST = do_DELETE = do_PATCH = handle_any  # noqa: N815

    def _fail(self, kind: int | str, headers: dict[str, str]) -> None:
        if kind == "slow":
            time.sleep(3)
            self.close_connection = True
        elif kind == "cut":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b'{"result": ')
            self.close_connection = True
        elif kind == "other":
            self._reply(200, {"welcome": "This is not Qdrant."})
        else:
            self._reply(int(kind), {"status": {"error": "made to fail"}}, headers)

    def _reply(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


def _read(kind: Any, body: Any) -> Any:
    return TypeAdapter(kind).validate_python(body)


def _create(client: QdrantClient, name: str, body: dict[str, Any]) -> Any:
    made = _read(m.CreateCollection, body)
    return client.create_collection(
        name, vectors_config=made.vectors, sparse_vectors_config=made.sparse_vectors, metadata=made.metadata
    )


def _aliases(client: QdrantClient, body: dict[str, Any]) -> Any:
    return client.update_collection_aliases(_read(m.ChangeAliasesOperation, body).actions)


def _info(client: QdrantClient, name: str, body: dict[str, Any]) -> Any:
    return client.get_collection(name)


def _query(client: QdrantClient, name: str, body: dict[str, Any]) -> Any:
    asked = _read(m.QueryRequest, body)
    found = client.query_points(
        name,
        prefetch=asked.prefetch,
        query=asked.query,
        using=asked.using,
        query_filter=asked.filter,
        limit=asked.limit or 10,
        with_payload=asked.with_payload,
    )
    return {"points": found.points}


def _scroll(client: QdrantClient, name: str, body: dict[str, Any]) -> Any:
    asked = _read(m.ScrollRequest, body)
    points, offset = client.scroll(
        name, scroll_filter=asked.filter, limit=asked.limit or 10, offset=asked.offset, with_payload=asked.with_payload
    )
    return {"points": points, "next_page_offset": offset}


def _retrieve(client: QdrantClient, name: str, body: dict[str, Any]) -> Any:
    asked = _read(m.PointRequest, body)
    return client.retrieve(
        name, ids=asked.ids, with_payload=asked.with_payload or False, with_vectors=asked.with_vector or False
    )


NAME = "/collections/([^/]+)"
ROUTES: list[tuple[str, str, Callable[..., Any]]] = [
    ("GET", "/", lambda c, b: None),
    ("GET", "/readyz", lambda c, b: None),
    ("GET", "/collections", lambda c, b: c.get_collections()),
    ("POST", "/collections/aliases", _aliases),
    ("GET", "/aliases", lambda c, b: c.get_aliases()),
    ("GET", f"{NAME}/exists", lambda c, n, b: {"exists": c.collection_exists(n)}),
    ("GET", NAME, _info),
    ("PUT", NAME, _create),
    ("PATCH", NAME, lambda c, n, b: c.update_collection(n, metadata=b.get("metadata"))),
    ("DELETE", NAME, lambda c, n, b: c.delete_collection(n)),
    ("PUT", f"{NAME}/index", lambda c, n, b: {"operation_id": 0, "status": "completed"}),
    ("PUT", f"{NAME}/points", lambda c, n, b: c.upsert(n, points=_read(m.PointsList, b).points)),
    ("POST", f"{NAME}/points", _retrieve),
    ("POST", f"{NAME}/points/delete", lambda c, n, b: c.delete(n, points_selector=_read(m.PointsSelector, b))),
    ("POST", f"{NAME}/points/query", _query),
    ("POST", f"{NAME}/points/scroll", _scroll),
    ("POST", f"{NAME}/points/count", lambda c, n, b: c.count(n, exact=True)),
]  # fmt: skip
