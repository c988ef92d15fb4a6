"""A document's chunks become facts in the graph; what spans documents follows when settled."""

import gc
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from clew.errors import ClewError, UsageError
from clew.ids import digest
from clew.ports import NO_FACTS, Embedder, Floats, Passage, PassageVectors
from clew.records import Chunk, Loss
from graph.communities import communities_of
from graph.evidence import Alike, Evidence
from graph.extract.facts import Facts
from graph.naming import Naming
from graph.ports import Community, Decision, GraphStore, Mentioned, Reading, Relation, Resolved
from graph.resolve import resolve
from graph.within import namings_of, renamed_id


class Extractor(Protocol):
    """Reads the chunks of several documents: one ``Facts`` for each, in order."""

    def __call__(self, documents: Sequence[Sequence[Chunk]]) -> Iterable[Facts]: ...


Embed = Callable[[Sequence[Passage]], Iterable[PassageVectors]]
Hold = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """What a graph holds at one of its revisions, as far as it bears on who is who."""

    revision: int
    namings: Sequence[Naming]
    decisions: Sequence[Decision]
    stamps: Mapping[str, str]
    communities: Sequence[Community]


class FactGraph:
    """The ``FactIndex`` over a graph store: extract, store, settle.

    With an embedder, roles that mean nearly the same ("writer", "author") do not part two namesakes; ``embed`` gives
    its vectors in its place, those it gave before out of a cache.
    """

    def __init__(
        self, store: GraphStore, extract: Extractor, embedder: Embedder | None = None, embed: Embed | None = None
    ) -> None:
        self.store = store
        self._extract = extract
        speaks = embedder is not None and embedder.speaks("en")
        self._evidence = Evidence(_alike(embed or embedder.embed_passages) if embedder and speaks else None)

    def extract(self, documents: Sequence[Sequence[Chunk]], lose: Callable[[Loss], None] | None = None) -> list[object]:
        """A ``Reading`` for each document that has chunks; one without facts where these cannot be read."""
        some = [chunks for chunks in documents if chunks]
        try:
            return [_reading(chunks, facts) for chunks, facts in zip(some, self._extract(some), strict=True)]
        except ClewError:
            raise
        except Exception as error:
            if lose is None:
                raise
            if len(some) > 1:
                return [reading for chunks in some for reading in self.extract([chunks], lose)]
            said = " ".join(f"{type(error).__name__}: {error}".split())[:200]
            reason = f"{NO_FACTS} ({said}); its passages are found all the same"
            path = some[0][0].document.path
            lose(Loss(path=path, kind="failed", reason=reason, remedy="Try again with: clew reindex"))
            return [_reading(some[0], Facts(mentions=(), triples=()))]

    def write(self, facts: Sequence[object]) -> None:
        self.store.write([reading for reading in facts if isinstance(reading, Reading)])

    def delete(self, documents: Sequence[str]) -> None:
        self.store.delete(documents)

    def renamed(self, documents: Mapping[str, str]) -> None:
        decided = {decision.naming: decision for decision in self.store.decisions()}
        if not decided:
            return
        moved = {
            naming.id: replace(decided[naming.id], naming=renamed_id(naming, documents[naming.document]))
            for naming in self.store.namings()
            if naming.document in documents and naming.id in decided
        }
        if moved:
            self.store.decide(list(moved.values()))
            self.store.withdraw(list(moved))

    def documents(self) -> list[str]:
        return [source.id for source in self.store.sources()]

    def settled(self) -> bool:
        return self.store.settled()

    def settle(self, hold: Hold = nullcontext) -> None:
        """Resolve who is who over all documents, find who stands together, and write what is new of both.

        ``hold`` holds the store for reading and for writing, so that others may use it in between.
        """
        with hold():
            if self.store.settled():
                return
            before = Stand(
                revision=self.store.revision(),
                namings=self.store.namings(),
                decisions=self.store.decisions(),
                stamps=self.store.stamps(),
                communities=self.store.communities(),
            )
        with _uncollected():
            resolved = resolve(before.namings, before.decisions, self._evidence)
        with hold():
            if self.store.revision() == before.revision:
                self._write(before, resolved)
            else:  # another has written meanwhile: once more, without letting go
                self.settle()

    def _write(self, before: Stand, resolved: Sequence[Resolved]) -> None:
        """Write what is new of these entities and of their communities, and remove what is not among them."""
        changed = [r for r in resolved if before.stamps.get(r.entity.id) != r.stamp]
        gone = sorted(before.stamps.keys() - {r.entity.id for r in resolved})
        by_id = {n.id: n for n in before.namings}
        relations = list(self._relations(changed, resolved, before.namings))
        self.store.resolve(gone, changed, list(_mentions(changed, by_id)), relations)
        rewritten = {r.entity.id for r in changed}  # what is written anew stands in no community yet
        known = {c.id: c for c in before.communities if rewritten.isdisjoint(c.entities)}
        communities = communities_of(self.store.view())
        fresh = [c for c in communities if known.get(c.id) != c]
        same = {c.id for c in communities} - {c.id for c in fresh}
        self.store.group(sorted({c.id for c in before.communities} - same), fresh)

    def merge(self, entities: Sequence[str], note: str = "") -> None:
        """Take these entities for one from now on, whatever is read later. Takes effect when next settled."""
        namings = [naming for entity in entities for naming in self._namings_of(entity)]
        self._pin(namings, note)

    def split(self, entity: str, documents: Sequence[str], note: str = "") -> None:
        """Take whom these documents (ids) name for someone else than the rest of the entity's documents do."""
        ours = set(self._namings_of(entity))
        apart = sorted(n.id for n in self.store.namings() if n.id in ours and n.document in set(documents))
        rest = sorted(ours.difference(apart))
        if not apart or not rest:
            raise UsageError(
                "There is nothing to part: the documents named mention all or nothing of this entity.",
                "Name some of the documents that mention it, and not all of them.",
            )
        self._pin(apart, note)
        self._pin(rest, note)

    def forget(self, entity: str) -> None:
        """Undo what was said by hand of this entity's namings."""
        self.store.withdraw(self._namings_of(entity))

    def counts(self) -> Mapping[str, int]:
        return self.store.counts()

    def close(self) -> None:
        self.store.close()

    def _namings_of(self, entity: str) -> Sequence[str]:
        around = self.store.neighbourhood(entity)
        if around is None:
            raise UsageError(f"There is no entity {entity}.", "clew graph NAME shows the ids of entities.")
        return around.namings

    def _pin(self, namings: Sequence[str], note: str) -> None:
        label = digest("pinned", *sorted(namings))
        self.store.decide([Decision(naming=naming, entity=label, note=note) for naming in sorted(namings)])

    def _relations(
        self, changed: Sequence[Resolved], resolved: Sequence[Resolved], namings: Sequence[Naming]
    ) -> Iterator[Relation]:
        """The relations that touch one of ``changed``: triples whose both ends are named in their chunk."""
        new = {r.entity.id for r in changed}
        entity_of = {naming: r.entity.id for r in resolved for naming in r.namings}
        chunks = {place.chunk for naming in namings if entity_of[naming.id] in new for place in naming.places}
        named = _names_of_chunks(namings, entity_of, chunks)
        for triple in self.store.triples(sorted(chunks)):
            names = named[triple.chunk_id]
            subject, object_ = names.get(triple.subject), names.get(triple.object)
            if subject and object_ and subject != object_ and (subject in new or object_ in new):
                yield Relation(subject=subject, object=object_, triple=triple)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the search for cycles: over and over it would look through a million objects of which none is one."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _reading(chunks: Sequence[Chunk], facts: Facts) -> Reading:
    return Reading(
        document=chunks[0].document,
        chunks=tuple(chunk.id for chunk in chunks),
        namings=tuple(namings_of(chunks, facts.mentions)),
        triples=tuple(facts.triples),
    )


def _alike(embed: Embed) -> Alike:
    @lru_cache(maxsize=1 << 14)
    def vector(role: str) -> Floats:
        [found] = embed([Passage(role)])
        return found.vector

    def alike(one: str, other: str) -> float:
        return 1.0 if one == other else float(vector(one) @ vector(other))

    return alike


def _names_of_chunks(
    namings: Iterable[Naming], entity_of: Mapping[str, str], chunks: Collection[str]
) -> dict[str, dict[str, str]]:
    """Chunk → name → entity, of some chunks. Within a document no two namings have a name in common."""
    named: dict[str, dict[str, str]] = {chunk: {} for chunk in chunks}
    for naming in namings:
        for chunk in {place.chunk for place in naming.places if place.chunk in named}:
            named[chunk].update(dict.fromkeys(naming.names, entity_of[naming.id]))
    return named


def _mentions(changed: Iterable[Resolved], namings: Mapping[str, Naming]) -> Iterator[Mentioned]:
    for resolved in changed:
        sentences: dict[str, set[int]] = defaultdict(set)
        for naming in resolved.namings:
            for place in namings[naming].places:
                sentences[place.chunk].add(place.sentence)
        for chunk, numbers in sorted(sentences.items()):
            yield Mentioned(chunk=chunk, entity=resolved.entity.id, sentences=tuple(sorted(numbers)))
