"""A real Neo4j server for tests: the one NEO4J_URI names, or one started here out of Maven Central's artifacts.

The server is a Java program like any other: Maven fetches it once (145 MB, into ~/.cache/clew-tests), and its own
entry point starts it with a home in a temporary folder.
"""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from clew.errors import Unreachable

VERSION = "5.26.30"
CACHE = Path.home() / ".cache" / "clew-tests"
OPENED = [
    "java.base/java.nio",
    "java.base/java.io",
    "java.base/sun.nio.ch",
    "java.base/java.util.concurrent",
    "java.base/java.lang",
]
CONF = """\
server.default_listen_address=127.0.0.1
server.bolt.enabled=true
server.bolt.listen_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
dbms.security.auth_enabled={auth}
server.memory.heap.max_size=512m
server.memory.pagecache.size=128m
dbms.usage_report.enabled=false
db.tx_log.preallocate=false
"""
USER, FIRST_PASSWORD, PASSWORD = "neo4j", "neo4j", "clew-tests"


class Server:
    """One server with a home of its own, that can be killed and started again."""

    def __init__(self, home: Path, *, auth: bool = False) -> None:
        self.home = home
        self.auth = auth
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def uri(self) -> str:
        return f"bolt://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start and wait until the server answers."""
        conf = self.home / "conf"
        conf.mkdir(parents=True, exist_ok=True)
        (conf / "neo4j.conf").write_text(CONF.format(port=self.port, auth=str(self.auth).lower()))
        command = ["java", *(f"--add-opens={package}=ALL-UNNAMED" for package in OPENED)]
        command += ["-Dio.netty.tryReflectionSetAccessible=true", "-XX:+UseG1GC", "-Xmx512m", "-cp", _classpath()]
        command += ["org.neo4j.server.CommunityEntryPoint", f"--home-dir={self.home}", f"--config-dir={conf}"]
        with (self.home / "out.txt").open("ab") as out:
            self._process = subprocess.Popen(command, stdout=out, stderr=out)
        self._await()
        if self.auth:
            self._change_password()

    def kill(self) -> None:
        """SIGKILL, as a power cut or the out-of-memory killer would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(60)
            self._process = None

    def _await(self, seconds: float = 180) -> None:
        import neo4j

        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            assert self._process is not None
            if self._process.poll() is not None:
                break
            try:
                with neo4j.GraphDatabase.driver(self.uri, auth=None if not self.auth else (USER, PASSWORD)) as driver:
                    driver.verify_connectivity()
                    return
            except neo4j.exceptions.AuthError:
                return
            except (neo4j.exceptions.DriverError, neo4j.exceptions.Neo4jError):
                time.sleep(0.3)
        raise Unreachable(f"Neo4j did not start: {(self.home / 'out.txt').read_text()[-2000:]}")

    def _change_password(self) -> None:
        import neo4j

        with neo4j.GraphDatabase.driver(self.uri, auth=(USER, FIRST_PASSWORD)) as driver:
            try:
                driver.execute_query(
                    "ALTER CURRENT USER SET PASSWORD FROM $a TO $b",
                    {"a": FIRST_PASSWORD, "b": PASSWORD},
                    database_="system",
                )
            except neo4j.exceptions.AuthError:
                return  # changed before, on this home


def given() -> str | None:
    """The server that the environment names, if any."""
    return os.environ.get("NEO4J_URI")


def possible() -> bool:
    """Whether a server can be started here."""
    return shutil.which("java") is not None and (_cached().exists() or shutil.which("mvn") is not None)


def _cached() -> Path:
    return CACHE / f"neo4j-{VERSION}.classpath"


def _classpath() -> str:
    """The server's jars, fetched by Maven the first time; test processes beside this one wait for it."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _cached().exists():
            part = CACHE / f"neo4j-{os.getpid()}.part"
            pom = Path(__file__).with_name("pom.xml")
            command = ["mvn", "-q", "-B", "-f", str(pom), f"-Dmaven.repo.local={CACHE / 'm2'}"]
            command += ["dependency:build-classpath", f"-Dmdep.outputFile={part}"]
            subprocess.run(command, check=True, timeout=600)
            part.replace(_cached())
    return _cached().read_text().strip()
