"""Move an index from the embedded engines to servers, or back: copy, compare, point the index there, clear away.

Until the copy was compared and found equal the index stays where it was; a move that was interrupted is gone on with by
calling it again.
"""

import shutil
from collections.abc import Sequence
from contextlib import ExitStack, closing, nullcontext
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import graph.copy
import ingest.store.copy
from clew.errors import ClewError, IndexIncompatible, UsageError
from clew.lease import Lease
from clew.ports import Embedder, Progress, VectorStore
from clew.records import Chunk
from clew.settings import Settings
from graph.extract.facts import Facts
from graph.pipeline import FactGraph
from ingest.manifest import Manifest
from retrieve.engines import make_embedder, make_graph_store, make_published, make_vector_store, remove_passages
from retrieve.shared import Shared, placed, places

Target = Literal["servers", "embedded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Passages or facts, where they were and where they are now; ``count`` of them."""

    name: str
    source: str
    target: str
    count: int


def move(
    folder: Path, settings: Settings, *, to: Target | None = None, keep: bool = False, progress: Progress
) -> list[Part]:
    """Bring the index in ``folder`` to what is set, or to where ``to`` says; return what was moved.

    ``keep`` leaves the old stores as they are. What another folder fills is never removed.
    """
    with closing(Manifest(folder / "manifest.sqlite")) as manifest:
        mover = Mover(folder, settings, _target(settings, to), manifest)
        try:
            return mover.run(keep=keep, progress=progress)
        finally:
            mover.close()


class Mover:
    """One move. ``source`` and ``target`` are settings that lead to the old and the new stores."""

    def __init__(self, folder: Path, settings: Settings, target: Settings, manifest: Manifest) -> None:
        self._manifest = manifest
        self._source, self._target = _source(settings, manifest), target
        self._opened = ExitStack()
        self._before = Shared(self._source, folder, manifest)
        self._after = Shared(target, folder, manifest)
        self._opened.callback(self._before.close)
        self._opened.callback(self._after.close)
        self._before.arrive()
        self._embedder = _embedder(settings, manifest)
        self._number = int(manifest.setting("stores") or 1)
        self._stores = folder / f"stores-{self._number}"
        self._lease = Lease(folder, doing="move", wait_seconds=settings.wait_seconds, let_go=self._let_go)
        self._opened.callback(self._lease.release)

    def close(self) -> None:
        self._opened.close()

    def run(self, *, keep: bool, progress: Progress) -> list[Part]:
        kept, wanted = placed(self._manifest), places(self._target)
        passages = kept[0] != wanted[0]
        facts = "none" not in (kept[1], wanted[1]) and kept[1] != wanted[1]
        if not (passages or facts):
            return []
        joined = self._before.joined
        if joined and not passages:
            self._before.only_owner("Move it")
        if passages:
            self._after.begin()
        done = []
        for alone in (False, True):  # first beside those who ask and ingest; then what they changed, and the switch
            with self._lease.hold() if alone else nullcontext():
                if alone:
                    self._demand_place(kept)
                done = [
                    Part(name=name, source=kept[n], target=wanted[n], count=bring(alone, progress))
                    for n, (name, wants, bring) in enumerate(
                        (("passages", passages, self._passages), ("facts", facts, self._facts))
                    )
                    if wants
                ]
                if alone:
                    with self._manifest.transaction():
                        self._after.settle_in()
                        self._manifest.unset("joined")
                        self._after.publish(self._number)
                    self._let_go()
                    if not (keep or joined):
                        self._clear(passages=passages, facts=facts)
        return done

    def _demand_place(self, kept: tuple[str, str]) -> None:
        """IndexIncompatible if the index is no longer where it was copied from."""
        if int(self._manifest.setting("stores") or 1) != self._number or placed(self._manifest) != kept:
            raise IndexIncompatible("The index was made anew or moved while it was copied.", "Run clew move again.")

    def _passages(self, alone: bool, progress: Progress) -> int:
        source = self._old_passages
        with closing(make_vector_store(self._target, self._stores, self._embedder)) as target:
            ingest.store.copy.copy(source, target, self._lease.hold, progress)
            if alone:
                progress.start("Comparing", None)
                _demand(ingest.store.copy.difference(source, target))
                progress.finish()
            return target.count()

    def _facts(self, alone: bool, progress: Progress) -> int:
        source = self._old_facts
        with closing(FactGraph(make_graph_store(self._target, self._stores), _reads_nothing, self._embedder)) as target:
            with self._lease.hold():
                source.settle()  # an ingest may have been interrupted before its end
            graph.copy.copy(source.store, target, self._lease.hold, progress)
            if alone:
                progress.start("Comparing", None)
                _demand(graph.copy.difference(source.store, target.store))
                progress.finish()
            return target.counts()["triples"]

    def _clear(self, *, passages: bool, facts: bool) -> None:
        """Remove what was moved away."""
        if passages and not self._source.qdrant_url:
            shutil.rmtree(self._stores / "qdrant", ignore_errors=True)
        elif passages and (published := make_published(self._source)) is not None:
            with closing(published):
                remove_passages(self._source, self._stores)
                published.drop()
        if facts and not self._source.neo4j_uri:
            for file in self._stores.glob("graph.db*"):
                file.unlink()
        elif facts:
            with closing(make_graph_store(self._source, self._stores)) as store:
                store.drop()

    @cached_property
    def _old_passages(self) -> VectorStore:
        return make_vector_store(self._source, self._stores, self._embedder)

    @cached_property
    def _old_facts(self) -> FactGraph:
        return FactGraph(make_graph_store(self._source, self._stores), _reads_nothing, self._embedder)

    def _let_go(self) -> None:
        for name in ("_old_passages", "_old_facts"):
            if (opened := self.__dict__.get(name)) is not None:
                opened.close()


def _target(settings: Settings, to: Target | None) -> Settings:
    """Settings that lead to where the index is to go."""
    if to == "embedded":
        return settings.embedded
    if to == "servers" and not (settings.qdrant_url or settings.neo4j_uri):
        raise UsageError("No server is set.", "Set CLEW_QDRANT_URL, CLEW_NEO4J_URI or both: docs/servers.md")
    return settings


def _source(settings: Settings, manifest: Manifest) -> Settings:
    """Settings that lead to where the index is."""
    passages, facts = placed(manifest)
    for on_server, given, name in (
        (passages != "embedded", settings.qdrant_url, "CLEW_QDRANT_URL"),
        (facts == "server", settings.neo4j_uri, "CLEW_NEO4J_URI"),
    ):
        if on_server and not given:
            raise UsageError(f"The index is on a server, and {name} is not set.", "Set it, to move from there.")
    changes: dict[str, str] = {}
    if passages == "embedded":
        changes["qdrant_url"] = ""
    else:
        changes["qdrant_collection"] = passages.removeprefix("server ")
    if facts != "server":
        changes["neo4j_uri"] = ""
    return settings.model_copy(update=changes)


def _embedder(settings: Settings, manifest: Manifest) -> Embedder:
    embedder, made_by = make_embedder(settings), manifest.setting("embedder")
    if made_by not in (None, embedder.name):
        raise IndexIncompatible(
            f"The index was made with the embedder {made_by}; set is {embedder.name}.", "Set CLEW_EMBEDDER back."
        )
    return embedder


def _demand(difference: str) -> None:
    if difference:
        raise ClewError(
            f"The copy is not equal to the index it was made of: {difference}.",
            "The index stays where it was. Run clew move again; if that does not help, clew reindex.",
        )


def _reads_nothing(documents: Sequence[Sequence[Chunk]]) -> list[Facts]:
    return []
