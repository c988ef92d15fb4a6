"""An index folder and the servers its stores may be on: who fills them, where they are, what others need to know.

The folder that ingests owns the index of that name on the server; any other folder with the same settings joins it:
its manifest is a copy of what the owner published, and it reads only.
"""

import socket
import uuid
from dataclasses import replace
from pathlib import Path

from clew.errors import IndexIncompatible, UsageError
from clew.settings import Settings
from ingest.manifest import Manifest
from ingest.store.published import Facts
from retrieve.engines import make_published


class Shared:
    """One index folder's dealings with the server that is set; nothing happens where none is."""

    def __init__(self, settings: Settings, folder: Path, manifest: Manifest) -> None:
        self._settings = settings
        self._at = f"{socket.gethostname()}:{folder.resolve()}"
        self._manifest = manifest
        self._published = make_published(settings)
        self._found: Facts | None = None

    @property
    def joined(self) -> bool:
        """Whether another folder fills this index."""
        return bool(self._manifest.setting("joined"))

    @property
    def filled_from(self) -> str:
        """Which folder of which machine fills this index; empty where it is this one."""
        return self._found.at if self.joined and self._found is not None else ""

    @property
    def has_graph(self) -> bool:
        """Whether there is a graph to read: the owner's may lie on its own machine."""
        if not self._settings.graph:
            return False
        return not self.joined or (self._manifest.setting("graph_in") == "server" and bool(self._settings.neo4j_uri))

    @property
    def is_elsewhere(self) -> bool:
        """Whether the content is kept elsewhere than what is set."""
        if self._manifest.setting("embedder") is None or self.joined:
            return False
        kept, wanted = placed(self._manifest), places(self._settings)
        return kept[0] != wanted[0] or (self._settings.graph and kept[1] not in ("none", wanted[1]))

    def arrive(self) -> None:
        """Look what the server holds under the name, and follow it; IndexIncompatible where this folder's content is
        kept elsewhere than what is set."""
        manifest = self._manifest
        if self.joined and manifest.setting("joined") != _name(self._settings):
            self._leave()
        if self._published is not None:
            self._found = self._published.facts()
            self._follow()
        kept, wanted = placed(manifest), places(self._settings)
        if self.is_elsewhere:
            raise IndexIncompatible(
                f"The index is kept in {kept_in(kept)}; what is set is {kept_in(wanted)}.",
                "Move it to what is set: clew move. Or set CLEW_QDRANT_URL and CLEW_NEO4J_URI as they were.",
            )

    def begin(self, *, take_over: bool = False) -> None:
        """Before the stores are written: take the index of this name, if it is free or ours."""
        manifest = self._manifest
        if self._published is not None:
            ours = manifest.setting("id") or uuid.uuid4().hex
            manifest.set("id", ours)  # first: a reply that is lost must not leave us a stranger to our own index
            found = self._published.begin(Facts(owner=ours, at=self._at))
            if found.owner != ours and not take_over:
                raise UsageError(
                    f"The index {self._published.name} on the Qdrant server is filled from {found.at}.",
                    "Ingest there; or set CLEW_QDRANT_COLLECTION to another name; "
                    "or, if that machine is gone: clew ingest FOLDER --take-over.",
                )
            if found.owner != ours:  # at once: from here on the other folder writes no more
                found = replace(found, owner=ours, at=self._at)
                self._published.declare(found)
            self._found = found
            manifest.set("joined", "")

    def settle_in(self) -> None:
        """Note that the content is where the settings say."""
        passages, facts = places(self._settings)
        self._manifest.set("passages_in", passages)
        if self._settings.graph:
            self._manifest.set("graph_in", facts)

    def still_ours(self) -> None:
        """UsageError if another folder has taken the index over since we began to fill it."""
        if self._published is None:
            return
        found = self._published.facts()
        if found is not None and found.owner != (self._manifest.setting("id") or ""):
            raise UsageError(
                f"The index {self._published.name} was taken over meanwhile; it is filled from {found.at} now.",
                "Ingest there, or take it back: clew ingest FOLDER --take-over.",
            )

    def declare(self, number: int) -> None:
        """Let every reader see the stores of this number from now on, if the index is still ours."""
        self.still_ours()
        self._declare(number)

    def publish(self, number: int) -> None:
        """Bring what the server says of the documents up to date with the manifest."""
        if self._published is None:
            return
        self.still_ours()
        if self._found is None or self._found.generation != self._manifest.generation:
            self._published.keep(self._manifest.rows())
        self._declare(number)

    def close(self) -> None:
        if self._published is not None:
            self._published.close()

    def only_owner(self, doing: str) -> None:
        """UsageError if another folder fills this index."""
        if self.joined and self._found is not None:
            raise UsageError(
                f"This folder only reads the index {_name(self._settings)}; it is filled from {self._found.at}.",
                f"{doing} there, or take the index over first: clew ingest FOLDER --take-over.",
            )

    def _declare(self, number: int) -> None:
        manifest = self._manifest
        if self._published is None:
            return
        facts = Facts(
            owner=manifest.setting("id") or "",
            at=self._at,
            number=number,
            embedder=manifest.setting("embedder") or "",
            graph=manifest.setting("graph_in") or "none",
            generation=manifest.generation,
            collections=manifest.collections(),
        )
        if facts != self._found:
            self._published.declare(facts)
            self._found = facts

    def _follow(self) -> None:
        """Be what the server says we are: owner, reader, or new."""
        manifest, found = self._manifest, self._found
        if found is not None and found.number and found.owner != manifest.setting("id"):
            if manifest.setting("embedder") is not None and placed(manifest)[0] == "embedded":
                return  # an index of this folder, for which a server was set: not to be overwritten
            mark = f"{found.owner} {found.number} {found.generation}"
            if manifest.setting("mirrored") != mark:
                assert self._published is not None
                manifest.mirror(self._published.rows(), found.collections)
                manifest.set("embedder", found.embedder)
                manifest.set("stores", str(found.number))
                manifest.set("generation", str(found.generation))
                manifest.set("mirrored", mark)
            manifest.set("joined", _name(self._settings))
            self.settle_in()
            manifest.set("graph_in", found.graph)
        elif self.joined:
            self._leave()

    def _leave(self) -> None:
        """Forget a copy of what is no longer there."""
        self._manifest.mirror({}, {})
        for name in ("joined", "mirrored", "embedder", "stores", "passages_in", "graph_in"):
            self._manifest.unset(name)


def is_published(settings: Settings) -> bool:
    """Whether the server that is set holds an index of the name that is set."""
    published = make_published(settings)
    if published is None:
        return False
    try:
        found = published.facts()
        return found is not None and bool(found.number)
    finally:
        published.close()


def places(settings: Settings) -> tuple[str, str]:
    """Where the settings put passages and facts: ``embedded``, the name of the index on a server, ``none``."""
    passages = f"server {settings.qdrant_collection}" if settings.qdrant_url else "embedded"
    facts = "server" if settings.neo4j_uri else "embedded"
    return passages, facts if settings.graph else "none"


def placed(manifest: Manifest) -> tuple[str, str]:
    """Where a manifest's passages and facts are."""
    return manifest.setting("passages_in") or "embedded", manifest.setting("graph_in") or "embedded"


def kept_in(both: tuple[str, str]) -> str:
    """The places of passages and facts as people call them."""
    passages, facts = both
    return said(passages) if facts in (passages, "none") else f"{said(passages)}, its facts in {said(facts)}"


def said(place: str) -> str:
    """A place as people call it."""
    return {"embedded": "this folder", "server": "Neo4j", "none": "no place"}.get(
        place, f"Qdrant's collection {place.removeprefix('server ')}"
    )


def _name(settings: Settings) -> str:
    return settings.qdrant_collection if settings.qdrant_url else ""
