"""Make the stores anew from the manifest and the Markdown it keeps: with another embedder, chunker or extractor."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import filelock

from clew.errors import IndexBusy
from clew.ports import Embedder, FactIndex, Point, Progress, VectorStore
from clew.records import Loss, Markdown
from ingest import chunk as chunking
from ingest.manifest import Entry, Manifest
from ingest.vectors import CachedVectors

BATCH = 32  # documents


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Make this index anew, or raise IndexBusy: two at once would take each other's half-made stores away."""
    lock = filelock.FileLock(folder / "reindex.lock", timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout as error:
        raise IndexBusy(
            f"Another process is making the index {folder} anew.", "Wait until it is done; then there is a new one."
        ) from error
    try:
        yield
    finally:
        lock.release()


def reindex(
    *,
    manifest: Manifest,
    markdown: Callable[[str], Markdown | None],
    vectors: VectorStore,
    facts: FactIndex | None,
    embedder: Embedder,
    cache: CachedVectors,
    hold: Callable[[], AbstractContextManager[None]],
    versions: Callable[[str], str],
    carry: Callable[[], None],
    swap: Callable[[], None],
    progress: Progress,
) -> int:
    """Fill empty stores while the old ones go on serving, then call ``swap`` in one transaction with the manifest's
    new state; return the number of documents. What changed in the meantime is done again before the swap.

    ``versions`` gives an entry's new versions by those it had; ``carry`` brings over what the documents do not say.
    """
    made: dict[str, Entry] = {}

    def bring_up_to_date(entries: dict[str, Entry]) -> None:
        stale = [entry for id_, entry in entries.items() if made.get(id_) != entry]
        gone = [id_ for id_ in made if id_ not in entries]
        progress.start("Indexing anew", len(stale))
        _forget(gone)
        for at in range(0, len(stale), BATCH):
            _fill(stale[at : at + BATCH])
            progress.advance(len(stale[at : at + BATCH]))
        progress.finish()

    def _forget(documents: Sequence[str]) -> None:
        vectors.delete(documents)
        if facts is not None:
            facts.delete(documents)
        for id_ in documents:
            made.pop(id_, None)

    def _fill(batch: Sequence[Entry]) -> None:
        _forget([entry.document.id for entry in batch])
        cut = []
        lost: list[Loss] = []
        for entry in batch:
            text = markdown(entry.document.id)
            chunks = chunking.chunks(entry.document, text, embedder) if text is not None else []
            found = cache.embed([chunking.passage(chunk, embedder) for chunk in chunks])
            vectors.write([Point(chunk, vector) for chunk, vector in zip(chunks, found, strict=True)])
            cut.append(chunks)
        if facts is not None:
            facts.write(facts.extract(cut, lost.append))
        for entry, chunks in zip(batch, cut, strict=True):
            made[entry.document.id] = entry
            anew[entry.document.id] = replace(entry.without_facts(lost), chunks=len(chunks))

    anew: dict[str, Entry] = {}
    bring_up_to_date(manifest.entries())
    with hold():
        bring_up_to_date(manifest.entries())
        carry()
        if facts is not None:
            facts.settle(hold)
        with manifest.transaction():
            manifest.set("embedder", embedder.name)
            for id_ in made:
                manifest.update(replace(anew[id_], versions=versions(anew[id_].versions)))
            swap()
            manifest.advance()
    return len(made)
