"""A small folder, and settings that lead to a Qdrant and a Neo4j server.

Neo4j is a real server; Qdrant is the one QDRANT_URL names, or the stand-in of tests/servers/qdrant.py.
"""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from clew.settings import Settings
from tests.retrieve.harbour import SMALL
from tests.servers import neo4j
from tests.servers.qdrant import StandIn, given, running

numbers = itertools.count()


@pytest.fixture(scope="module")
def qdrant() -> Iterator[StandIn]:
    with running(key="a-test-key") as server:
        yield server


@pytest.fixture
def served(qdrant: StandIn, neo4j_server: tuple[str, neo4j.Server | None]) -> Settings:
    """Settings with a name on the servers that nobody else has."""
    return settings_for(qdrant, neo4j_server)


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "docs")


def settings_for(qdrant: StandIn, neo4j_server: tuple[str, neo4j.Server | None]) -> Settings:
    number = next(numbers)
    return Settings(
        qdrant_url=given() or qdrant.url,
        qdrant_api_key="a-test-key",  # type: ignore[arg-type]
        qdrant_collection=f"clew-shared-{number}",
        neo4j_uri=neo4j_server[0],
        neo4j_prefix=f"Shared{number}",
        threads=1,
        workers=1,
    )


def lay_out(folder: Path) -> Path:
    """A folder of a few documents."""
    folder.mkdir()
    for title, text in SMALL.items():
        (folder / f"{title}.md").write_text(f"# {title}\n\n{text}\n", encoding="utf-8")
    return folder
