"""Chunks on a Qdrant server: the embedded store's points, vectors and queries, sent over REST.

A store is one collection, made at the first use. As in the embedded store a chunk is one point, so that it comes and
goes whole. Only its sentence vectors are kept differently: nobody searches them, and as numbers in JSON they would be
eight times as long as they are as text in the payload.
"""

import base64
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import numpy as np

from clew.errors import ClewError, IndexIncompatible
from clew.ports import Floats, Hit, Int8s, Point
from clew.records import ANYWHERE, Chunk, Document, Scope
from ingest.store.connection import Connection
from ingest.store.hits import RRF, beside, settled
from ingest.store.payload import FILTERED, OF_DOCUMENT, days, document_of, from_payload, matches, to_payload
from ingest.store.words import Words

PAGE = 500
REQUEST = 16_000_000  # bytes of one request, about; a server takes 32 MB unless set otherwise
DIGITS = 8  # of a number in a vector: more than a float32 between -1 and 1 holds
ROWS = "rows"  # the key of the sentence vectors


class ServerStore:
    """A VectorStore in a collection of its own. Threads may share it; ``close`` closes the connection.

    ``shards`` and ``replicas`` are for a collection that is made; 0 leaves them to the server.
    """

    def __init__(
        self,
        connection: Connection,
        collection: str,
        *,
        size: int,
        shards: int = 0,
        replicas: int = 0,
    ) -> None:
        self._connection = connection
        self._collection = collection
        self._size = size
        self._cluster = {"shard_number": shards or None, "replication_factor": replicas or None}
        self._words = Words()
        self._there = False
        self._holds = 0  # numbers of a vector in the collection

    def write(self, points: Sequence[Point]) -> None:
        """Add or replace. All or nothing for what goes into one request: hundreds of points."""
        if points:
            self._check_size()
        for some in _requests(points):
            self._call("upsert", points=[self._point(point) for point in some], wait=True)

    def delete(self, documents: Sequence[str]) -> None:
        from qdrant_client.models import FilterSelector

        if documents:
            self._call("delete", points_selector=FilterSelector(filter=_in_documents(documents)), wait=True)

    def search(
        self, question: str, vector: Floats | None, *, limit: int, scope: Scope = ANYWHERE, depth: int = 50
    ) -> list[Hit]:
        from qdrant_client import models as m

        limits = _within(scope)
        lists = []
        if terms := self._words.question(question):
            lists.append(m.Prefetch(query=_sparse(terms), using="bm25", limit=depth, filter=limits))
        if vector is not None:
            self._check_size()
            lists.append(m.Prefetch(query=vector.tolist(), using="dense", limit=depth, filter=limits))
        if not lists or not limit:
            return []
        found = self._call(
            "query_points", prefetch=lists, query=m.RrfQuery(rrf=m.Rrf(k=RRF)), limit=limit + 1, with_payload=_chunks()
        )
        return settled((Hit(from_payload(_id(point), point.payload), point.score) for point in found.points), limit)

    def fetch(self, chunks: Sequence[str]) -> dict[str, Chunk]:
        return {
            _id(point): from_payload(_id(point), point.payload)
            for point in self._points(chunks, with_payload=_chunks())
        }

    def vectors(self, chunks: Sequence[str]) -> dict[str, Floats]:
        return {_id(point): np.asarray(vector, np.float32) for point, vector in self._vectors_of(chunks, "dense")}

    def sentence_vectors(self, chunks: Sequence[str]) -> dict[str, Int8s]:
        found = self._points(chunks, with_payload=[ROWS])
        return {
            _id(point): np.frombuffer(base64.b64decode(point.payload[ROWS]), np.int8).reshape(-1, self._size)
            for point in found
            if point.payload and ROWS in point.payload
        }

    def terms(self, chunks: Sequence[str]) -> dict[str, frozenset[int]]:
        return {_id(point): frozenset(vector.indices) for point, vector in self._vectors_of(chunks, "bm25")}

    def of_document(self, document: str) -> list[Chunk]:
        found = self._pages(scroll_filter=_in_documents([document]))
        return sorted(found, key=lambda chunk: chunk.span.start)

    def around(self, chunk: Chunk) -> tuple[Chunk | None, Chunk | None]:
        from qdrant_client import models as m

        same = m.FieldCondition(key="document", match=m.MatchValue(value=chunk.document.id))
        edges: list[m.Condition] = [
            m.FieldCondition(key="end", match=m.MatchValue(value=chunk.span.start)),
            m.FieldCondition(key="start", match=m.MatchValue(value=chunk.span.end)),
        ]
        return beside(chunk, self._pages(scroll_filter=m.Filter(must=[same], should=edges)))

    def documents(self) -> list[Document]:
        found = (document_of(point.payload) for point in self._scroll(with_payload=list(OF_DOCUMENT)))
        return list({document.id: document for document in found}.values())

    def scroll(self) -> Iterator[Chunk]:
        return self._pages()

    def count(self) -> int:
        return int(self._call("count", exact=True).count)

    def drop(self) -> None:
        """Remove the collection, as if it had never been made."""
        self._connection("delete_collection", collection_name=self._collection)
        self._there = False

    def close(self) -> None:
        self._connection.close()

    def _call(self, method: str, **arguments: Any) -> Any:
        if not self._there:
            self._prepare()
        return self._connection(method, collection_name=self._collection, **arguments)

    def _check_size(self) -> None:
        if not self._there:
            self._prepare()
        if self._holds != self._size:
            raise IndexIncompatible(
                f"The collection {self._collection} on the Qdrant server holds vectors of another kind.",
                "Set CLEW_EMBEDDER back, or CLEW_QDRANT_COLLECTION to another name.",
            )

    def _prepare(self) -> None:
        """Make what is missing of the collection: another process may have begun it, and been killed."""
        exists = self._connection("collection_exists", collection_name=self._collection)
        if not exists:
            try:
                self._create()
            except ClewError:
                if not self._connection("collection_exists", collection_name=self._collection):
                    raise  # else somebody was faster
        info = self._connection("get_collection", collection_name=self._collection)
        dense = (info.config.params.vectors or {}).get("dense")
        self._holds = dense.size if dense is not None else 0
        for key, kind in FILTERED.items():
            if key not in info.payload_schema:
                self._connection(
                    "create_payload_index",
                    collection_name=self._collection,
                    field_name=key,
                    field_schema=kind,
                    wait=True,
                )
        self._there = True

    def _create(self) -> None:
        from qdrant_client import models as m

        self._connection(
            "create_collection",
            collection_name=self._collection,
            vectors_config={"dense": m.VectorParams(size=self._size, distance=m.Distance.COSINE)},
            sparse_vectors_config={"bm25": m.SparseVectorParams(modifier=m.Modifier.IDF)},
            **self._cluster,
        )

    def _point(self, point: Point) -> Any:
        from qdrant_client.models import PointStruct

        payload = to_payload(point.chunk)
        if point.vectors.sentences is not None and len(point.vectors.sentences):
            payload[ROWS] = base64.b64encode(point.vectors.sentences.tobytes()).decode("ascii")
        vectors: dict[str, Any] = {
            "dense": point.vectors.vector.astype(np.float64).round(DIGITS).tolist(),
            "bm25": _sparse(self._words.document(point.chunk)),
        }
        return PointStruct(id=point.chunk.id, vector=vectors, payload=payload)

    def _points(self, chunks: Sequence[str], **wanted: Any) -> Iterator[Any]:
        wanted = {"with_payload": False, "with_vectors": False, **wanted}
        for at in range(0, len(chunks), PAGE):
            yield from self._call("retrieve", ids=list(chunks[at : at + PAGE]), **wanted)

    def _vectors_of(self, chunks: Sequence[str], name: str) -> Iterator[tuple[Any, Any]]:
        """Each point that has a vector of this name, with it."""
        for point in self._points(chunks, with_vectors=[name]):
            if (vector := (point.vector or {}).get(name)) is not None:
                yield point, vector

    def _pages(self, **request: Any) -> Iterator[Chunk]:
        return (from_payload(_id(point), point.payload) for point in self._scroll(with_payload=_chunks(), **request))

    def _scroll(self, **request: Any) -> Iterator[Any]:
        offset = None
        while True:
            found, offset = self._call("scroll", limit=PAGE, offset=offset, with_vectors=False, **request)
            yield from found
            if offset is None:
                return


def _requests(points: Sequence[Point]) -> Iterator[list[Point]]:
    """The points in portions that a server takes."""
    portion: list[Point] = []
    size = 0
    for point in points:
        rows = 0 if point.vectors.sentences is None else point.vectors.sentences.nbytes
        bytes_ = 12 * len(point.vectors.vector) + 2 * rows + 20 * len(point.chunk.text) + 2000
        if portion and size + bytes_ > REQUEST:
            yield portion
            portion, size = [], 0
        portion.append(point)
        size += bytes_
    if portion:
        yield portion


def _chunks() -> Any:
    """What is read of a payload to make a chunk."""
    from qdrant_client.models import PayloadSelectorExclude

    return PayloadSelectorExclude(exclude=[ROWS])


def _id(point: Any) -> str:
    return UUID(str(point.id)).hex


def _sparse(terms: Mapping[int, float]) -> Any:
    from qdrant_client.models import SparseVector

    return SparseVector(indices=list(terms), values=list(terms.values()))


def _in_documents(documents: Sequence[str]) -> Any:
    from qdrant_client import models as m

    return m.Filter(must=[m.FieldCondition(key="document", match=m.MatchAny(any=list(documents)))])


def _within(scope: Scope) -> Any:
    """The scope as a filter, or None if it limits nothing."""
    from qdrant_client import models as m

    must: list[m.Condition] = [
        m.FieldCondition(key=key, match=m.MatchValue(value=value)) for key, value in matches(scope).items()
    ]
    if (between := days(scope)) is not None:
        must.append(m.FieldCondition(key="day", range=m.Range(gte=between[0], lte=between[1])))
    return m.Filter(must=must) if must else None
