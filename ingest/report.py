"""What a run of ingest did: the counts, the losses and the time each stage took."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from clew.records import Loss, Usage


@dataclass(slots=True)
class Counts:
    """Documents by what became of them. ``seen`` is the sum of those in the folder; ``deleted`` are not in it."""

    seen: int = 0
    added: int = 0
    changed: int = 0
    renamed: int = 0
    deleted: int = 0
    unchanged: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """``chunks``, ``entities`` and ``triples`` count what the whole index holds after the run; ``excluded`` are
    files and folders that the rules of the folder's owner leave out."""

    documents: Counts
    chunks: int = 0
    entities: int = 0
    triples: int = 0
    embedded: int = 0
    losses: tuple[Loss, ...] = ()
    excluded: tuple[str, ...] = ()
    ms: Mapping[str, float] = field(default_factory=dict)
    usage: Usage = field(default_factory=Usage)
