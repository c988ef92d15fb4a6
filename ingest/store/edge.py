"""Chunks in Qdrant Edge: the Qdrant engine in this process, in one folder.

A chunk is one point: its dense vector, its BM25 terms, its sentence vectors (a multivector of bytes) and its payload
come and go in one atomic update. The folder admits one process at a time; see ``clew.lease``.
"""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import qdrant_edge as q

from clew.ports import Floats, Hit, Int8s, Point
from clew.records import ANYWHERE, Chunk, Document, Scope
from ingest.store.hits import RRF, beside, settled
from ingest.store.payload import days, from_payload, matches, to_payload
from ingest.store.words import Words, sparse

PAGE = 1000
AT_ONCE = 256  # points handed over at once: as Python's numbers one takes up to 100 kB
SHIFT = 128  # int8 sentence vectors are stored as unsigned bytes


class EdgeStore:
    """A VectorStore in a folder of its own, opened at the first use and closed by ``close``."""

    def __init__(self, folder: Path, *, size: int) -> None:
        self._folder = folder
        self._size = size
        self._words = Words()
        self._open: Any = None
        self._opening = threading.Lock()  # the engine refuses a folder that is open, in this process too

    def write(self, points: Sequence[Point]) -> None:
        for at in range(0, len(points), AT_ONCE):
            some = [self._point(point) for point in points[at : at + AT_ONCE]]
            self._shard.update(q.UpdateOperation.upsert_points(some))

    def delete(self, documents: Sequence[str]) -> None:
        if documents:
            self._shard.update(q.UpdateOperation.delete_points_by_filter(_in_documents(documents)))

    def search(
        self, question: str, vector: Floats | None, *, limit: int, scope: Scope = ANYWHERE, depth: int = 50
    ) -> list[Hit]:
        limits = _within(scope)
        terms = self._words.question(question)
        lists = [q.Prefetch(query=q.Query.Nearest(sparse(terms), using="bm25"), limit=depth, filter=limits)]
        if vector is not None:
            lists.append(q.Prefetch(query=q.Query.Nearest(vector.tolist(), using="dense"), limit=depth, filter=limits))
        found = self._shard.query(
            q.QueryRequest(prefetches=lists, query=cast(Any, q.Fusion.Rrf(RRF)), limit=limit + 1, with_payload=True)
        )
        return settled((Hit(from_payload(point.id.hex, point.payload), point.score) for point in found), limit)

    def fetch(self, chunks: Sequence[str]) -> dict[str, Chunk]:
        found = self._shard.retrieve(list(chunks), True, False)
        return {point.id.hex: from_payload(point.id.hex, point.payload) for point in found}

    def vectors(self, chunks: Sequence[str]) -> dict[str, Floats]:
        found = self._shard.retrieve(list(chunks), False, ["dense"])
        return {point.id.hex: np.asarray(point.vector["dense"], np.float32) for point in found}

    def sentence_vectors(self, chunks: Sequence[str]) -> dict[str, Int8s]:
        found = self._shard.retrieve(list(chunks), False, ["sentences"])
        return {
            point.id.hex: (np.asarray(point.vector["sentences"], np.int16) - SHIFT).astype(np.int8)
            for point in found
            if "sentences" in point.vector
        }

    def terms(self, chunks: Sequence[str]) -> dict[str, frozenset[int]]:
        found = self._shard.retrieve(list(chunks), False, ["bm25"])
        return {point.id.hex: frozenset(point.vector["bm25"].indices) for point in found}

    def of_document(self, document: str) -> list[Chunk]:
        found = self._pages(filter=_in_documents([document]))
        return sorted(found, key=lambda chunk: chunk.span.start)

    def around(self, chunk: Chunk) -> tuple[Chunk | None, Chunk | None]:
        edges: list[Any] = [
            q.FieldCondition(key="end", match=q.MatchValue(chunk.span.start)),
            q.FieldCondition(key="start", match=q.MatchValue(chunk.span.end)),
        ]
        same = q.FieldCondition(key="document", match=q.MatchValue(chunk.document.id))
        return beside(chunk, self._pages(filter=q.Filter(must=[same], should=edges)))

    def documents(self) -> list[Document]:
        return list({chunk.document.id: chunk.document for chunk in self.scroll()}.values())

    def scroll(self) -> Iterator[Chunk]:
        return self._pages()

    def count(self) -> int:
        return int(self._shard.count(q.CountRequest()))

    def close(self) -> None:
        with self._opening:
            if self._open is not None:
                self._open.close()
                self._open = None

    @property
    def _shard(self) -> Any:
        with self._opening:
            if self._open is None:
                self._open = self._load()
            return self._open

    def _load(self) -> Any:
        # A process killed while it made the shard leaves a folder without a config: nothing was in it yet.
        if (self._folder / "edge_config.json").exists():
            return q.EdgeShard.load(str(self._folder))
        if self._folder.exists():
            import shutil

            shutil.rmtree(self._folder)
        shard = q.EdgeShard.create(
            str(self._folder),
            q.EdgeConfig(
                vectors={
                    "dense": q.EdgeVectorParams(size=self._size, distance=q.Distance.Cosine),
                    "sentences": q.EdgeVectorParams(
                        size=self._size,
                        distance=q.Distance.Dot,
                        datatype=q.VectorStorageDatatype.Uint8,
                        multivector_config=q.MultiVectorConfig(q.MultiVectorComparator.MaxSim),
                        hnsw_config=q.HnswIndexConfig(m=0, ef_construct=4, full_scan_threshold=10),  # never searched
                    ),
                },
                sparse_vectors={"bm25": q.EdgeSparseVectorParams(modifier=q.Modifier.Idf)},
            ),
        )
        shard.update(q.UpdateOperation.create_field_index("document", q.PayloadSchemaType.Keyword))
        return shard

    def _point(self, point: Point) -> Any:
        vectors: dict[str, Any] = {
            "dense": point.vectors.vector,
            "bm25": sparse(self._words.document(point.chunk)),
        }
        if point.vectors.sentences is not None and len(point.vectors.sentences):
            vectors["sentences"] = (point.vectors.sentences.astype(np.int16) + SHIFT).tolist()
        return q.Point(id=point.chunk.id, vector=vectors, payload=to_payload(point.chunk))

    def _pages(self, **request: Any) -> Iterator[Chunk]:
        offset = None
        while True:
            found, offset = self._shard.scroll(q.ScrollRequest(limit=PAGE, offset=offset, with_payload=True, **request))
            yield from (from_payload(point.id.hex, point.payload) for point in found)
            if offset is None:
                return


def _in_documents(documents: Sequence[str]) -> Any:
    return q.Filter(must=[q.FieldCondition(key="document", match=q.MatchAny(list(documents)))])


def _within(scope: Scope) -> Any:
    """The scope as a filter, or None if it limits nothing."""
    must: list[Any] = [q.FieldCondition(key=key, match=q.MatchValue(value)) for key, value in matches(scope).items()]
    if (between := days(scope)) is not None:
        must.append(q.FieldCondition(key="day", range=q.RangeFloat(gte=between[0], lte=between[1])))
    return q.Filter(must=must) if must else None
