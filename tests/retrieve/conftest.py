"""A small folder, and settings that lead to a Qdrant and a Neo4j server.

Neo4j is a real server; Qdrant is the one QDRANT_URL names, or the stand-in of tests/servers/qdrant.py.
"""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from clew.settings import Settings
from retrieve.engines import make_published, remove_stores
from tests.retrieve.harbour import SMALL
from tests.servers import neo4j
from tests.servers.qdrant import StandIn, given, key, running


@pytest.fixture(scope="module")
def qdrant() -> Iterator[StandIn]:
    with running(key=key()) as server:
        yield server


@pytest.fixture
def served(qdrant: StandIn, neo4j_server: tuple[str, neo4j.Server | None]) -> Iterator[Settings]:
    """Settings with a name on the servers that nobody else has."""
    settings = settings_for(qdrant, neo4j_server)
    yield settings
    clear(settings)


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "docs")


def settings_for(qdrant: StandIn, neo4j_server: tuple[str, neo4j.Server | None]) -> Settings:
    return Settings(
        qdrant_url=given() or qdrant.url,
        qdrant_api_key=SecretStr(key()),
        qdrant_collection=f"clew-test-{uuid.uuid4().hex[:12]}",
        neo4j_uri=neo4j_server[0],
        threads=1,
        workers=1,
    )


def clear(settings: Settings) -> None:
    """Leave nothing on a server that is not ours."""
    if given() or neo4j.given():
        for number in (1, 2):
            remove_stores(settings, Path(f"stores-{number}"))
        published = make_published(settings)
        assert published is not None
        published.drop()
        published.close()


def lay_out(folder: Path) -> Path:
    """A folder of a few documents."""
    folder.mkdir()
    for title, text in SMALL.items():
        (folder / f"{title}.md").write_text(f"# {title}\n\n{text}\n", encoding="utf-8")
    return folder
