"""What every test may use, and two house rules: nothing connects outwards, and in CI nothing is skipped."""

import os
import signal
import socket
from collections.abc import Generator
from typing import Any

import pytest

from clew.models.llm import Model
from clew.models.minilm import MiniLM
from tests.servers import neo4j

LOOPBACK = ("127.", "::1", "localhost")


@pytest.fixture(scope="session")
def minilm() -> MiniLM:
    """The real embedder, loaded once; one thread, for tests share the machine."""
    return MiniLM(threads=1)


@pytest.fixture(scope="session")
def smollm() -> Model:
    """The real small language model, over HTTP on loopback."""
    from clew.models.providers import online
    from clew.settings import Settings

    model = online(Settings(llm="local"))
    assert model is not None
    return model


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[tuple[str, neo4j.Server | None], None, None]:
    """One Neo4j server for the whole run: its address, and the server itself if it was started here."""
    if uri := neo4j.given():
        yield uri, None
        return
    if not neo4j.possible():
        pytest.skip("no NEO4J_URI, and neither java nor mvn to start a server with")
    server = neo4j.Server(tmp_path_factory.mktemp("neo4j"))
    server.start()
    yield server.uri, server
    server.stop()


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c_is_heard() -> None:
    """Also where a shell began the run in its background: there Ctrl-C is ignored, by what is started from it too."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _no_outgoing_connections() -> Generator[None, None, None]:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(LOOPBACK):
            raise AssertionError(f"A test tried to connect to {address}")
        connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign, assignment]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and os.environ.get("CI") == "true" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped in CI, where everything must run: {report.longrepr}"
    return report
