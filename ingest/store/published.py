"""What an index's manifest says, kept beside its chunks on the Qdrant server, so that other machines need no manifest.

One collection without vectors, ``NAME.documents``: a point for each document, and in the collection's metadata what is
true of the whole. The metadata change in one call, so a new set of stores takes the old one's place at once. Making
that collection is how an index folder takes the name: of two, the server lets one.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from clew.errors import ClewError
from clew.ids import digest
from ingest.store.connection import Connection

PAGE = 1000

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is true of a whole index. ``owner`` is the id of the index folder that fills it, ``at`` where that lies.

    ``number`` is that of the stores to read, 0 while none are whole; ``graph`` says where the facts are kept.
    """

    owner: str
    at: str
    number: int = 0
    embedder: str = ""
    graph: str = "none"
    generation: int = 0
    collections: Mapping[str, str] = field(default_factory=dict)


class Published:
    """The shelf of the index ``name`` on a server."""

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection = connection
        self.name = name
        self._collection = f"{name}.documents"

    def facts(self) -> Facts | None:
        """None where no index of this name was begun."""
        if not self._connection("collection_exists", collection_name=self._collection):
            return None
        info = self._connection("get_collection", collection_name=self._collection)
        metadata: dict[str, Any] = info.config.metadata or {}
        return Facts(**json.loads(metadata["clew"])) if "clew" in metadata else None

    def begin(self, facts: Facts) -> Facts:
        """Take the name if nobody has it; what is true of it now, whoever has it."""
        if not self._connection("collection_exists", collection_name=self._collection):
            try:
                self._connection(
                    "create_collection", collection_name=self._collection, vectors_config={}, metadata=_metadata(facts)
                )
            except ClewError:
                if (faster := self.facts()) is None:
                    raise
                return faster
        if (found := self.facts()) is not None:
            return found
        self.declare(facts)
        return facts

    def declare(self, facts: Facts) -> None:
        """Say what is true from now on."""
        self._connection("update_collection", collection_name=self._collection, metadata=_metadata(facts))

    def rows(self) -> dict[str, Row]:
        """The manifest's row of each document."""
        return {row["id"]: row for row in (json.loads(payload["row"]) for payload in self._payloads("row"))}

    def keep(self, rows: Mapping[str, Row]) -> None:
        """Bring the rows up to date with these."""
        from qdrant_client.models import PointIdsList, PointStruct

        known = {payload["id"]: payload["stamp"] for payload in self._payloads("id", "stamp")}
        texts = {id_: json.dumps(dict(row), ensure_ascii=True) for id_, row in rows.items()}
        stamps = {id_: digest(text) for id_, text in texts.items()}
        changed = [id_ for id_ in rows if known.get(id_) != stamps[id_]]
        for at in range(0, len(changed), PAGE):
            points = [
                PointStruct(id=id_, vector={}, payload={"id": id_, "stamp": stamps[id_], "row": texts[id_]})
                for id_ in changed[at : at + PAGE]
            ]
            self._connection("upsert", collection_name=self._collection, points=points, wait=True)
        if gone := list(known.keys() - rows.keys()):
            self._connection(
                "delete", collection_name=self._collection, points_selector=PointIdsList(points=gone), wait=True
            )

    def drop(self) -> None:
        """Give the name back."""
        self._connection("delete_collection", collection_name=self._collection)

    def close(self) -> None:
        self._connection.close()

    def _payloads(self, *keys: str) -> list[Row]:
        found: list[Row] = []
        offset = None
        while True:
            points, offset = self._connection(
                "scroll",
                collection_name=self._collection,
                limit=PAGE,
                offset=offset,
                with_payload=list(keys),
                with_vectors=False,
            )
            found += [point.payload for point in points]
            if offset is None:
                return found


def _metadata(facts: Facts) -> dict[str, str]:
    return {"clew": json.dumps(asdict(facts))}
