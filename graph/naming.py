"""What one document calls by some names, before other documents are asked who that is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A sentence of a chunk, by its number; ``graph.view.TITLE`` for the chunk's title and headings."""

    chunk: str
    sentence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """All mentions in one document that mean the same, as far as that document alone can tell.

    ``id`` follows from the document and the names, so an edit elsewhere in the document keeps it. ``names`` are as
    written, the fullest first. ``roles`` are the words that say what is named ("captain", "novel"), ``years`` those
    of its sentences: with them two people of one name are told apart.
    """

    id: str
    document: str
    names: tuple[str, ...]
    kind: str
    places: tuple[Place, ...]
    roles: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
