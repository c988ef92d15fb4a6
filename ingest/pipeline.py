"""Bring an index up to date with a folder: load, convert, chunk, embed, extract, store.

Only the writing holds the index, batch by batch, so that questions are answered while a folder is read. A document
counts as done when all of it is in every store; whatever a kill leaves half done is done again by the next run.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path

from clew.errors import UsageError
from clew.ids import digest, document_id
from clew.language import language_of
from clew.ports import Embedder, FactIndex, PassageVectors, Point, Progress, VectorStore
from clew.progress import Silent
from clew.records import Chunk, Document, Loss, Markdown
from ingest import chunk as chunking
from ingest.convert import VERSION as CONVERTER
from ingest.convert import Converters, media_type, ocr
from ingest.convert.draft import AS_IT_SHOULD_BE
from ingest.load import File, Scan, scan
from ingest.manifest import Entry, Manifest
from ingest.report import Counts, Report
from ingest.vectors import CachedVectors

BATCH_CHUNKS = 128
BATCH_SECONDS = 2.0
NO_PICTURES = f"convert {CONVERTER} without pictures"
OTHERWISE = "Save it in another format, or exclude it in .clewignore."
AT_ONCE = 64  # passages handed to the embedder in one call, so that long documents report progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one file may cost."""

    max_bytes: int
    seconds: float
    memory_mb: int
    workers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A document on its way in: ``points`` are its chunks with their vectors, once they have them."""

    entry: Entry
    markdown: Markdown | None = None
    chunks: Sequence[Chunk] = ()
    points: Sequence[Point] = ()


def versions(graph: bool, kept: str = "") -> str:
    """What makes a document's chunks: documents made by anything else are made again.

    ``kept`` is what had made a document whose Markdown is chunked anew: its converter is named still.
    """
    converter = kept.partition(", ")[0] or f"convert {CONVERTER}"
    return f"{converter}, chunk {chunking.VERSION}, graph {'yes' if graph else 'no'}"


class Ingest:
    """One index's way in. ``facts`` is None where no graph is wanted. ``hold`` holds the index for one unit of writing,
    and raises where its stores are no longer those given here."""

    def __init__(
        self,
        *,
        manifest: Manifest,
        vectors: VectorStore,
        facts: FactIndex | None,
        embedder: Embedder,
        cache: CachedVectors,
        hold: Callable[[], AbstractContextManager[None]],
        limits: Limits,
    ) -> None:
        self._manifest = manifest
        self._vectors = vectors
        self._facts = facts
        self._embedder = embedder
        self._cache = cache
        self._hold = hold
        self._limits = limits
        self._versions = versions(facts is not None)
        self._without_pictures = versions(facts is not None, NO_PICTURES)
        self._ms: defaultdict[str, float] = defaultdict(float)

    def run(self, folder: Path, *, collection: str = "", progress: Progress | None = None) -> Report:
        """Add what is new in ``folder``, redo what changed, remove what is gone; return what was done."""
        progress = progress or Silent()
        started = time.perf_counter()
        self._ms.clear()
        self._cache.embedded = 0
        root = self._root(folder, collection)
        seen = scan(root, max_bytes=self._limits.max_bytes)
        known = self._manifest.entries(collection)
        counts = Counts(seen=len(seen.files))
        work, gone, renamed = self._compare(seen, known, collection, counts)

        self._remove(gone, renamed)
        self._catch_up()
        progress.start("Reading", len(work))
        with ThreadPoolExecutor(1, "extract") as aside:
            for batch in self._batches(self._prepare(work, collection)):
                reading = aside.submit(self._extract, batch)
                embedded = self._embed(batch, progress)
                progress.advance(0, note="storing")
                self._write(embedded, *reading.result())
        progress.finish()
        passages = self._cache.embedded
        if self._facts is not None:
            self._settle(self._facts, progress)
        self._ms["total"] = (time.perf_counter() - started) * 1000
        return self._report(collection, counts, seen, passages)

    def _root(self, folder: Path, collection: str) -> Path:
        root = folder.resolve()
        known = self._manifest.collections().get(collection)
        if known and known != str(root) and Path(known).is_dir() and Path(known) != root:
            raise UsageError(
                f"This index holds the folder {known}; {root} is another one.",
                "Give the new folder a name of its own with --collection, or an index of its own with --index.",
            )
        if known != str(root):
            self._manifest.add_collection(collection, root)
        return root

    def _compare(
        self, seen: Scan, known: dict[str, Entry], collection: str, counts: Counts
    ) -> tuple[list[tuple[File, str]], list[str], dict[str, str]]:
        """The files to read, each with its hash; the ids of documents that are gone; and of those that came back under
        another path the new ones."""
        work = []
        missing = dict(known)
        for file in seen.files:
            entry = missing.pop(document_id(collection, file.path), None)
            content = _hash(file.absolute)
            if entry is not None and self._is_current(entry, content, file):
                counts.unchanged += 1
                continue
            work.append((file, content))
            if entry is None or entry.state == "deleting":
                counts.added += 1
            else:
                counts.changed += 1
        missing = {
            id_: entry
            for id_, entry in missing.items()
            if entry.state == "deleting" or not seen.hides(entry.document.path)
        }
        left: defaultdict[str, list[str]] = defaultdict(list)
        for id_, entry in missing.items():
            if entry.state != "deleting":
                left[entry.document.content_hash].append(id_)
        renamed = {}
        for file, content in work:
            here = document_id(collection, file.path)
            if left[content] and here not in known:
                renamed[left[content].pop(0)] = here
        counts.renamed = len(renamed)
        counts.added -= len(renamed)
        counts.deleted = sum(map(len, left.values()))
        return work, list(missing), renamed

    def _is_current(self, entry: Entry, content: str, file: File) -> bool:
        """Whether reading the file again would give the same, be it that it cannot be read."""
        return (
            entry.state in ("ready", "failed")
            and entry.document.content_hash == content
            and (
                entry.versions == self._versions
                or (entry.versions == self._without_pictures and not ocr.is_installed())
            )
            and entry.modified in (None, _modified(file))
        )

    def _made_by(self, losses: Iterable[Loss]) -> str:
        """The versions of a document with these losses: what OCR might read is read again once it is there."""
        unseen = any(loss.kind == "image" for loss in losses) and not ocr.is_installed()
        return self._without_pictures if unseen else self._versions

    def _prepare(self, work: Sequence[tuple[File, str]], collection: str) -> Iterator[Prepared]:
        limits = self._limits
        with Converters(workers=limits.workers, seconds=limits.seconds, memory_mb=limits.memory_mb) as converters:
            results = iter(converters.run(file for file, _ in work))
            while True:
                with self._timed("convert"):
                    result = next(results, None)
                if result is None:
                    return
                file, content, markdown = result
                yield self._read(file, content, markdown, collection)

    def _read(self, file: File, content: str, markdown: Markdown | Loss, collection: str) -> Prepared:
        document = Document(
            id=document_id(collection, file.path),
            collection=collection,
            path=file.path,
            title=Path(file.path).stem,
            media_type=media_type(file.absolute),
            content_hash=content,
        )
        if isinstance(markdown, Loss):
            return self._failed(document, markdown)
        document = replace(
            document,
            title=markdown.title,
            date=markdown.date,
            date_source=markdown.date_source,
            language=language_of(markdown.text),
        )
        try:
            chunks = chunking.chunks(document, markdown, self._embedder)
        except BaseException as error:
            reason = f"its text cannot be cut into passages ({_told(error)})"
            return self._failed(document, Loss(path=file.path, kind="failed", reason=reason, remedy=OTHERWISE))
        if not chunks:
            wordless = Loss(path=file.path, kind="skipped", reason="there are no words in it", remedy=AS_IT_SHOULD_BE)
            return self._failed(document, *markdown.losses, wordless)
        entry = Entry(
            document=document,
            state="writing",
            versions=self._made_by(markdown.losses),
            modified=_modified(file) if markdown.date_source == "modified" else None,
            chunks=len(chunks),
            losses=markdown.losses,
        )
        return Prepared(entry=entry, markdown=markdown, chunks=chunks)

    def _failed(self, document: Document, *losses: Loss) -> Prepared:
        return Prepared(entry=Entry(document=document, state="failed", versions=self._made_by(losses), losses=losses))

    def _embed(self, batch: Sequence[Prepared], progress: Progress) -> list[Prepared]:
        """These documents with their vectors: the passages of several go to the embedder in one call."""
        chunks = [chunk for one in batch for chunk in one.chunks]
        vectors: list[PassageVectors] = []
        ends = list(accumulate(len(one.chunks) for one in batch))
        done = 0
        for at in range(0, len(chunks), AT_ONCE):
            passages = [chunking.passage(chunk, self._embedder) for chunk in chunks[at : at + AT_ONCE]]
            with self._timed("embed"):
                vectors += self._cache.embed(passages)
            while done < len(batch) and ends[done] <= len(vectors):
                progress.advance(note=batch[done].entry.document.path)
                done += 1
            if done < len(batch):
                own = len(batch[done].chunks)
                begun = len(vectors) - (ends[done] - own)
                if begun:  # in the midst of a document: say how far it is
                    progress.advance(0, note=f"{batch[done].entry.document.path} {begun:,}/{own:,}")
        progress.advance(len(batch) - done)
        each = iter(vectors)
        return [replace(one, points=[Point(chunk, next(each)) for chunk in one.chunks]) for one in batch]

    def _batches(self, prepared: Iterable[Prepared]) -> Iterator[list[Prepared]]:
        batch: list[Prepared] = []
        since = time.monotonic()
        for document in prepared:
            batch.append(document)
            full = sum(len(one.chunks) for one in batch) >= BATCH_CHUNKS
            if full or time.monotonic() - since > BATCH_SECONDS:
                yield batch
                batch, since = [], time.monotonic()
        if batch:
            yield batch

    def _extract(self, batch: Sequence[Prepared]) -> tuple[list[object], list[Loss]]:
        """The facts of these documents, and what is lost of them; meanwhile their passages are embedded."""
        if self._facts is None:
            return [], []
        lost: list[Loss] = []
        with self._timed("graph"):
            return self._facts.extract([one.chunks for one in batch], lost.append), lost

    def _write(self, batch: Sequence[Prepared], facts: Sequence[object], lost: Sequence[Loss]) -> None:
        """Replace these documents in every store. Until the last line they are not ready, and would be redone."""
        ids = [one.entry.document.id for one in batch]
        batch = [replace(one, entry=one.entry.without_facts(lost)) for one in batch]
        with self._hold(), self._timed("store"):
            with self._manifest.transaction():
                for one in batch:
                    self._manifest.put(replace(one.entry, state="writing"), one.markdown)
            self._vectors.delete(ids)
            self._vectors.write([point for one in batch for point in one.points])
            if self._facts is not None:
                self._facts.delete([one.entry.document.id for one in batch if not one.points])
                self._facts.write(facts)
            with self._manifest.transaction():
                self._manifest.mark([one.entry.document.id for one in batch if one.markdown], "ready")
                self._manifest.mark([one.entry.document.id for one in batch if not one.markdown], "failed")
                self._manifest.advance()

    def _remove(self, documents: Sequence[str], renamed: Mapping[str, str]) -> None:
        if not documents:
            return
        with self._hold(), self._timed("store"):
            if self._facts is not None and renamed:
                self._facts.renamed(renamed)
            with self._manifest.transaction():
                self._manifest.mark(documents, "deleting")
                if self._facts is None:
                    self._manifest.set("graph_behind", "yes")
            self._vectors.delete(documents)
            if self._facts is not None:
                self._facts.delete(documents)
            with self._manifest.transaction():
                self._manifest.forget(documents)
                self._manifest.advance()

    def _catch_up(self) -> None:
        """Take out of the graph what was removed by runs that wanted none."""
        if self._facts is None or not self._manifest.setting("graph_behind"):
            return
        with self._timed("graph"), self._hold():
            known = self._manifest.entries()
            self._facts.delete([id_ for id_ in self._facts.documents() if id_ not in known])
            self._manifest.unset("graph_behind")
            self._manifest.advance()

    def _settle(self, facts: FactIndex, progress: Progress) -> None:
        with self._hold():
            if facts.settled():
                return
        progress.start("Joining names", None)
        with self._timed("graph"):
            facts.settle(self._changing)
        progress.finish()

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Hold the index for a change that a kill may leave done: what was computed from it is stale already."""
        with self._hold():
            self._manifest.advance()
            yield

    def _report(self, collection: str, counts: Counts, seen: Scan, embedded: int) -> Report:
        entries = self._manifest.entries(collection).values()
        counts.failed = sum(entry.state == "failed" for entry in entries)
        facts = {"entities": 0, "triples": 0}
        if self._facts is not None:
            with self._hold():
                facts.update(self._facts.counts())
        return Report(
            documents=counts,
            chunks=self._manifest.passages(),
            entities=facts["entities"],
            triples=facts["triples"],
            embedded=embedded,
            losses=seen.losses + tuple(loss for entry in entries for loss in entry.losses),
            excluded=seen.excluded,
            ms={stage: round(self._ms[stage], 1) for stage in ("convert", "embed", "graph", "store", "total")},
        )

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self._ms[stage] += (time.perf_counter() - started) * 1000


def _hash(file: Path) -> str:
    """The hash of a file's bytes, or of its failing to be read: the converter will say why."""
    try:
        return digest(file.read_bytes())
    except OSError as unreadable:
        return f"unreadable: {unreadable.errno}"


def _told(error: BaseException) -> str:
    """An error in a line, for it stops one file and no others; what is meant to stop all is raised again."""
    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":  # as a library in Rust ends
        raise error
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"


def _modified(file: File) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(file.mtime))
