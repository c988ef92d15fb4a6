"""What an extractor finds."""

from dataclasses import dataclass

from clew.records import Mention, Triple


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a document's chunks say, before anyone has decided who is who.

    Mentions stand in the order of the chunks and, within one, of their sentences; none is repeated. A triple whose
    subject and object are both names of mentions of its chunk can become an edge; the others are facts to read.
    """

    mentions: tuple[Mention, ...]
    triples: tuple[Triple, ...]
