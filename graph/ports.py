"""What the graph room asks of a store: documents in and out, the resolved layer, and ways to read it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from clew.records import Document, Entity, Triple
from graph.naming import Naming, Place
from graph.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read out of one document: the ids of its chunks in order, whom it names, and what it states."""

    document: Document
    chunks: tuple[str, ...]
    namings: tuple[Naming, ...]
    triples: tuple[Triple, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """An entity as resolution made it: out of which namings, and why they were taken for one.

    ``stamp`` is a digest of everything the entity says; a store that holds the same stamp holds the same entity.
    """

    entity: Entity
    namings: tuple[str, ...]
    why: tuple[str, ...]
    stamp: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentioned:
    """A chunk that mentions an entity, and in which sentences."""

    chunk: str
    entity: str
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An entity, and how many chunks mention it."""

    entity: Entity
    often: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A triple whose both ends are entities: ``subject`` and ``object`` are entity ids."""

    subject: str
    object: str
    triple: Triple


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbourhood:
    """An entity with what touches it."""

    entity: Entity
    why: tuple[str, ...]
    namings: tuple[str, ...]
    places: tuple[Place, ...]
    relations: tuple[Relation, ...]
    others: Mapping[str, Entity]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document of the graph, with the ids of its chunks in order."""

    id: str
    path: str
    title: str
    chunks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """Entities that stand together. ``id`` follows from them, so that what was written about one stays good.

    ``level`` 0 are the largest; each of a higher level lies inside its ``parent``.
    """

    id: str
    level: int
    parent: str
    entities: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A person said whom a naming names: namings of one ``entity`` label are one, of different labels are not.

    Outlives the documents being read again; ``note`` says what was done, for whoever wants to undo it.
    """

    naming: str
    entity: str
    note: str = ""


class GraphStore(Protocol):
    """Facts of documents, and the entities they were resolved to.

    ``write`` and ``delete`` change what documents say; ``resolve`` then replaces the entities that follow from it.
    Each is safe to repeat after a kill at any moment: redone, the content is that of a fresh build.
    """

    @property
    def remote(self) -> bool:
        """Whether it is far away: then a question reads a ``graph.part.Part`` rather than all of ``view``."""
        ...

    def write(self, readings: Sequence[Reading]) -> None:
        """Replace all that is known of these documents, at once or not at all.

        A commit waits for the disk: many small documents are better written together.
        """
        ...

    def delete(self, documents: Sequence[str]) -> None:
        """Remove these documents and the entities that only they mention; unknown ids are ignored."""
        ...

    def namings(self) -> list[Naming]:
        """What every document names."""
        ...

    def stamps(self) -> dict[str, str]:
        """Entity id → stamp of what is stored; an entity that lost a document's mentions since has an empty one."""
        ...

    def resolve(
        self,
        gone: Sequence[str],
        entities: Sequence[Resolved],
        mentions: Sequence[Mentioned],
        relations: Sequence[Relation],
    ) -> None:
        """Remove the entities ``gone``, and write ``entities`` with their edges."""
        ...

    def settled(self) -> bool:
        """Whether the entities follow from what the documents say now."""
        ...

    def revision(self) -> int:
        """A number that grows with every change: a view taken at it stays good while it stands."""
        ...

    def view(self) -> View:
        """Who is named where, all of it."""
        ...

    def chunks(self, most: int) -> list[str]:
        """The first ids, in their order, of the chunks that name someone."""
        ...

    def named(self, forms: Sequence[str]) -> list[Entity]:
        """The entities one of whose names has one of these forms (``graph.forms.form_of``), ordered by id."""
        ...

    def around(self, entities: Sequence[str], chunks: Sequence[str] = (), *, limit: int = 400) -> View:
        """The part of the view around these entities and chunks, with ``often`` and ``whole``.

        At most ``limit`` chunks: the given ones, those that mention the given entities, then those that share the
        rarest entities with these.
        """
        ...

    def led(self, entities: Mapping[str, float], limit: int) -> list[str]:
        """The chunks that these entities lead to, at most ``limit``, best first.

        What an entity (its id) weighs is shared among the chunks that mention it, those whose title it is first.
        """
        ...

    def mentions(self, chunks: Sequence[str]) -> list[Mentioned]:
        """Whom these chunks mention."""
        ...

    def titles(self) -> dict[str, str]:
        """The entities (id → name) that are the title of a chunk."""
        ...

    def known(self, entities: Sequence[str]) -> list[Known]:
        """The entities with these ids; unknown ids are left out."""
        ...

    def triples(self, chunks: Sequence[str]) -> list[Triple]:
        """The triples that these chunks state."""
        ...

    def find(self, name: str) -> list[Entity]:
        """The entities with this id, name or alias, upper and lower case alike, those mentioned most first."""
        ...

    def neighbourhood(self, entity: str) -> Neighbourhood | None:
        """An entity with its sentences and relations; None if there is none with this id."""
        ...

    def relations(self) -> Iterator[Relation]:
        """Every relation between entities."""
        ...

    def sources(self) -> list[Source]:
        """The documents that were written, in the order of their paths."""
        ...

    def group(self, gone: Sequence[str], communities: Sequence[Community]) -> None:
        """Remove the communities ``gone``, add others, and call the graph settled."""
        ...

    def communities(self) -> list[Community]:
        """Every community, the larger levels first, those of a level in the order of their ids."""
        ...

    def decide(self, decisions: Sequence[Decision]) -> None:
        """Keep what a person decided, replacing what was decided of the same namings. Takes effect when settled."""
        ...

    def withdraw(self, namings: Sequence[str]) -> None:
        """Forget what was decided of these namings."""
        ...

    def decisions(self) -> list[Decision]: ...
    def counts(self) -> dict[str, int]:
        """``documents``, ``chunks``, ``entities``, ``mentions``, ``triples``, ``relations``, ``communities``."""
        ...

    def drop(self) -> None:
        """Remove all that is stored, as if it had never been written."""
        ...

    def close(self) -> None: ...
