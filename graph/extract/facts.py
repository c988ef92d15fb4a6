"""What an extractor finds, and what it must be able to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from clew.records import Chunk, Mention, Triple


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a document's chunks say, before anyone has decided who is who.

    Mentions stand in the order of the chunks and, within one, of their sentences; none is repeated. A triple whose
    subject and object are both names of mentions of its chunk can become an edge; the others are facts to read.
    """

    mentions: tuple[Mention, ...]
    triples: tuple[Triple, ...]


class Extractor(Protocol):
    """Finds the facts of one document. ``name`` changes whenever the same chunks would give other facts."""

    @property
    def name(self) -> str: ...
    def __call__(self, chunks: Sequence[Chunk]) -> Facts: ...
