"""Put an index together, and keep it: its manifest, its lease, its stores, the way in and the way out."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from clew.errors import ClewError, IndexIncompatible, UsageError
from clew.lease import Lease
from clew.ports import Progress, VectorStore
from clew.progress import Silent
from clew.records import Answer, Loss, Markdown
from clew.settings import Settings
from graph.pipeline import Extractor, FactGraph
from ingest.manifest import Manifest
from ingest.report import Report
from retrieve.assistant import Assistant
from retrieve.engines import (
    make_embedder,
    make_graph_store,
    make_overview,
    make_vector_store,
    make_writer,
    remove_stores,
)
from retrieve.history import History
from retrieve.place import FOLDER, MANIFEST, accessible, demand_apart, make_room
from retrieve.route import Router
from retrieve.router import corrections
from retrieve.shared import Shared, is_published

if TYPE_CHECKING:
    from ingest.vectors import CachedVectors

VECTORS = 20_000
"""Vectors that the cache of an index may always hold (40 MB)."""
MAKE_ANEW = "Make the stores anew from the Markdown that the index keeps: clew reindex"
VECTORS_A_CHUNK = 4
"""Vectors that it may hold for each chunk of a larger one: some were embedded before their files were edited."""


def find_index(settings: Settings, start: Path) -> Path:
    """The index folder: the one that is set, else the nearest ``.clew`` from ``start`` upwards; else, where the server
    that is set holds the index, a new one in ``start``."""
    if settings.index is not None:
        with accessible(settings.index):
            there = (settings.index / MANIFEST).exists()
        if not there and not is_published(settings):
            raise UsageError(f"There is no index in {settings.index}.", "Make one: clew ingest FOLDER")
        return settings.index
    for folder in (start.resolve(), *start.resolve().parents):
        with accessible(folder / FOLDER):
            if (folder / FOLDER / MANIFEST).exists():
                return folder / FOLDER
    if is_published(settings):
        return start.resolve() / FOLDER
    raise UsageError(
        f"No index was found in {start.resolve()} or above it.",
        "Make one with: clew ingest FOLDER — or name one with --index DIR.",
    )


class Index:
    """An open index: its manifest, its stores, the way in and the way out. Engines open at their first use.

    ``extract`` finds the facts of documents in place of the extractor that the settings name.
    """

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        *,
        doing: str = "clew",
        anew: bool = False,
        extract: Extractor | None = None,
    ) -> None:
        self.folder = folder
        self.settings = settings
        self._extract = extract
        self._open = ExitStack()
        with accessible(folder):
            make_room(folder)
            self.manifest = Manifest(folder / MANIFEST)
        self._open.callback(self.manifest.close)
        self._identity = _identity(folder / MANIFEST)
        self.lease = Lease(folder, doing=doing, wait_seconds=settings.wait_seconds, let_go=self._let_go)
        self._open.callback(self.lease.release)
        self.embedder = make_embedder(settings)
        self.shared = Shared(settings, folder, self.manifest)
        self._open.callback(self.shared.close)
        try:
            with accessible(folder):
                self.shared.arrive()
                if not anew:
                    self._check()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "Index":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._open.close()

    def ingest(
        self, folder: Path, *, collection: str = "", take_over: bool = False, progress: Progress | None = None
    ) -> Report:
        """Bring the index up to date with a folder. ``take_over`` makes an index on a server this folder's to fill."""
        import os

        from ingest.pipeline import Ingest, Limits

        settings = self.settings
        with self.unit():
            self._check()
            self.shared.begin(take_over=take_over)
            self.shared.settle_in()
            self.manifest.set("embedder", self.embedder.name)
            if self._is_copied_with(folder.resolve(), collection):
                self.manifest.add_collection(collection, folder.resolve())
        done = Ingest(
            manifest=self.manifest,
            vectors=self.store,
            facts=self.facts,
            embedder=self.embedder,
            cache=self._embedded,
            hold=self._filling,
            limits=Limits(
                max_bytes=int(settings.max_file_mb * 1_000_000),
                seconds=settings.convert_seconds,
                memory_mb=settings.convert_memory_mb,
                workers=settings.workers or max(1, (os.cpu_count() or 2) - 1),
            ),
        ).run(folder, collection=collection, progress=progress)
        self.shared.publish(self._number)
        held = sum(entry.chunks for entry in self.manifest.entries().values())
        self._embedded.keep_only(max(VECTORS, VECTORS_A_CHUNK * held))
        if lacking := self.lacking():
            lost = Loss(path=str(self.folder), kind="failed", reason=lacking, remedy=MAKE_ANEW)
            done = replace(done, losses=(lost, *done.losses))
        return done

    def reindex(self, *, progress: Progress | None = None) -> int:
        """Make the stores anew with what is set now, then swap them in at once; return the number of documents."""
        from ingest.pipeline import versions
        from ingest.reindex import alone, reindex

        self.shared.only_owner("Reindex")
        with alone(self.folder):
            with self.unit():
                old, number = self._stores, self._number
            for beside in (number - 1, number + 1):  # what a kill may have left
                if beside:
                    remove_stores(self.settings, self.folder / f"stores-{beside}")
            new = self.folder / f"stores-{number + 1}"
            vectors, facts = self._vector_store(new), self._fact_graph(new)
            try:
                done = reindex(
                    manifest=self.manifest,
                    markdown=self.markdown,
                    vectors=vectors,
                    facts=facts,
                    embedder=self.embedder,
                    cache=self._embedded,
                    hold=self.unit,
                    versions=lambda before: versions(facts is not None, before),
                    carry=lambda: self._carry(facts),
                    swap=lambda: self._swap(number + 1),
                    progress=progress or Silent(),
                )
                self.shared.publish(self._number)
            finally:
                vectors.close()
                if facts is not None:
                    facts.close()
            remove_stores(self.settings, old)
            return done

    def learn(self, answer: Answer) -> None:
        """Keep the path that a person chose for an answer, to train the router on, if the router chose otherwise."""
        corrections.keep(self.folder, answer.question, answer.route)

    @property
    def is_current(self) -> bool:
        """Whether the folder holds the index that was opened, not another one, and none made anew."""
        same = self._identity == _identity(self.folder / MANIFEST)
        return same and self._stores.name == f"stores-{self._number}"

    @contextmanager
    def unit(self) -> Iterator[None]:
        """Hold the index for one unit of work, if it is still the one that was opened."""
        with self.lease.hold():
            if self._stores.name != f"stores-{self._number}" or self.shared.is_elsewhere:
                raise IndexIncompatible(
                    f"The index {self.folder} was made anew or moved while it was open here.",
                    "Ask again, or start the command again.",
                )
            yield

    def markdown(self, document: str) -> Markdown | None:
        """A document's Markdown: as it was kept, else put together from its chunks."""
        from ingest.chunk import joined

        kept = self.manifest.markdown(document)
        if kept is not None:
            return kept
        with self.unit():
            return joined(self.store.of_document(document))

    @cached_property
    def assistant(self) -> Assistant:
        from clew.models.cache import Cache
        from clew.models.providers import ledger_of
        from retrieve.reports import Shelf

        replies = self._open.enter_context(closing(Cache(self.folder / "replies.sqlite")))
        ledger = ledger_of(self.settings)
        shelf = self._open.enter_context(closing(Shelf(self.folder / "reports.sqlite")))
        return Assistant(
            store=self.store,
            graph=self.facts.store if self.facts is not None else None,
            embedder=self.embedder,
            router=Router([self.embedder]),
            history=History(self.folder / "answers"),
            unit=self.unit,
            writer=make_writer(self.settings, replies, ledger, self.embedder),
            cases=self.folder / "continued.jsonl",
            widen=self.settings.widen and self.settings.llm != "local",  # too small to know other words
            overview=make_overview(self.settings, shelf, replies, ledger, self.store, self.facts.store, self.embedder)
            if self.facts is not None
            else None,
            holds=self.manifest.holds,
        )

    def lacking(self) -> str:
        """What the stores lack of what the manifest counts as there; empty where they are whole."""
        with self.unit():
            counted = self.manifest.passages()
            if counted and self._are_gone:
                return f"{self._stores} is gone, and with it {counted} passages"
            if (held := self.store.count()) < counted:
                return f"{self._stores} holds {held} of {counted} passages"
            stated = self.manifest.passages(graph=True) if self.facts is not None else 0
            if self.facts is not None and (read := self.facts.counts()["chunks"]) < stated:
                return f"the graph knows {read} of {stated} passages"
            return ""

    @cached_property
    def store(self) -> VectorStore:
        if self._are_gone and (counted := self.manifest.passages()):
            raise ClewError(f"{self._stores} is gone, and with it {counted} passages.", MAKE_ANEW)
        return self._vector_store(self._stores)

    @cached_property
    def facts(self) -> FactGraph | None:
        """The graph, or None where the settings want none."""
        return self._fact_graph(self._stores)

    def _is_copied_with(self, root: Path, collection: str) -> bool:
        """Whether this index came here inside a copy of the folder it was made for, which has an index still."""
        known = self.manifest.collections().get(collection)
        inside = not self.settings.qdrant_url and self.folder.resolve() == root / FOLDER
        return inside and known not in (None, str(root)) and (Path(str(known)) / FOLDER / MANIFEST).exists()

    @property
    def _are_gone(self) -> bool:
        return not self.settings.qdrant_url and not self._stores.exists()

    def _vector_store(self, stores: Path) -> VectorStore:
        return make_vector_store(self.settings, stores, self.embedder)

    def _fact_graph(self, stores: Path) -> FactGraph | None:
        if not self.shared.has_graph:
            return None
        from graph.extract.nlp import extract_each

        store = make_graph_store(self.settings, stores)
        return FactGraph(store, self._extract or extract_each, self.embedder, self._embedded.embed)

    @cached_property
    def _embedded(self) -> "CachedVectors":
        from ingest.vectors import CachedVectors

        return self._open.enter_context(closing(CachedVectors(self.folder / "vectors.sqlite", self.embedder)))

    @cached_property
    def _stores(self) -> Path:
        return self.folder / f"stores-{self._number}"

    @property
    def _number(self) -> int:
        return int(self.manifest.setting("stores") or 1)

    def _swap(self, number: int) -> None:
        self.manifest.set("stores", str(number))
        self.shared.declare(number)

    @contextmanager
    def _filling(self) -> Iterator[None]:
        """A unit of writing, if this folder is still the one that fills the index."""
        with self.unit():
            self.shared.still_ours()
            yield

    def _carry(self, facts: FactGraph | None) -> None:
        """Bring into another graph what people said of who is who: it outlives the stores."""
        if facts is not None and self.facts is not None:
            facts.store.decide(self.facts.store.decisions())

    def _let_go(self) -> None:
        for name in ("store", "facts"):  # only what was used: looking at the property would make it
            if (opened := self.__dict__.get(name)) is not None:
                opened.close()

    def _check(self) -> None:
        made_by = self.manifest.setting("embedder")
        if self._are_gone and not self.manifest.passages():
            return  # nothing was made: a first ingest may have failed
        if made_by is not None and made_by != self.embedder.name:
            raise IndexIncompatible(
                f"The index {self.folder} was made with the embedder {made_by}; set is {self.embedder.name}.",
                "Set CLEW_EMBEDDER back, or make the index anew with: clew reindex",
            )


def _identity(file: Path) -> tuple[int, int] | None:
    """What tells a file from another that took its place; None where there is none."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def open_index(
    where: Path,
    settings: Settings,
    *,
    doing: str = "clew",
    folder: Path | None = None,
    extract: Extractor | None = None,
) -> Index:
    """Open or make the index in ``where``. ``doing`` is what others are told while this process holds it.

    ``folder`` is the folder of documents that it is for, if that is known: nothing is made if there is none.
    ``extract`` finds the facts of documents in place of the settings' extractor.
    """
    if folder is not None and not folder.is_dir():
        what = "is a file, not a folder" if folder.exists() else "does not exist"
        raise UsageError(f"{folder} {what}.", "Name a folder of documents.")
    if folder is not None:
        demand_apart(where, folder)
    return Index(where, settings, doing=doing, extract=extract)
