"""compose.yaml as far as it can be tried without Docker: nothing open to the network, no password in it."""

import subprocess
from pathlib import Path
from typing import Any

import yaml

from tests.servers.qdrant import running

FILE = Path(__file__).parents[1] / "compose.yaml"


def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))["services"]
    return found


def test_every_port_is_on_loopback_and_every_server_has_a_health_check() -> None:
    for name, service in services().items():
        assert all(port.startswith("127.0.0.1:") for port in service["ports"]), name
        assert service["healthcheck"]["test"], name
        assert ":" in service["image"], name


def test_passwords_come_from_the_environment_and_are_asked_for_where_they_are_missing() -> None:
    found = services()
    assert found["qdrant"]["environment"]["QDRANT__SERVICE__API_KEY"].startswith("${QDRANT_API_KEY:?")
    assert found["neo4j"]["environment"]["NEO4J_AUTH"].startswith("neo4j/${NEO4J_PASSWORD:?")


def test_qdrants_health_check_tells_a_ready_server_from_another() -> None:
    with running() as server:
        *command, script = services()["qdrant"]["healthcheck"]["test"][1:]
        here = script.replace("$$", "$").replace("/6333", f"/{server.url.rpartition(':')[2]}")

        def healthy() -> bool:
            return subprocess.run([*command, here], check=False, capture_output=True, timeout=20).returncode == 0

        assert healthy()
        server.fail(503)
        assert not healthy()
        server.stop()
        assert not healthy()
        server.start()
