"""A document's chunks become facts in the graph; what spans documents follows when settled."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Protocol

from clew.errors import UsageError
from clew.ids import digest
from clew.ports import Embedder, Floats
from clew.records import Chunk
from graph.communities import communities_of
from graph.evidence import Alike, Evidence
from graph.extract.facts import Facts
from graph.naming import Naming
from graph.ports import Decision, GraphStore, Mentioned, Reading, Relation, Resolved
from graph.resolve import resolve
from graph.within import namings_of, renamed_id


class Extractor(Protocol):
    """Reads the chunks of several documents: one ``Facts`` for each, in order."""

    def __call__(self, documents: Sequence[Sequence[Chunk]]) -> Iterable[Facts]: ...


class FactGraph:
    """The ``FactIndex`` over a graph store: extract, store, settle.

    With an embedder, roles that mean nearly the same ("writer", "author") do not part two namesakes.
    """

    def __init__(self, store: GraphStore, extract: Extractor, embedder: Embedder | None = None) -> None:
        self.store = store
        self._extract = extract
        self._evidence = Evidence(_alike(embedder) if embedder is not None and embedder.speaks("en") else None)

    def extract(self, documents: Sequence[Sequence[Chunk]]) -> list[object]:
        """A ``Reading`` for each document that has chunks."""
        some = [chunks for chunks in documents if chunks]
        return [_reading(chunks, facts) for chunks, facts in zip(some, self._extract(some), strict=True)]

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

    def settle(self) -> None:
        """Resolve who is who over all documents, find who stands together, and write what is new of both."""
        if self.store.settled():
            return
        namings = self.store.namings()
        resolved = resolve(namings, self.store.decisions(), self._evidence)
        stamps = self.store.stamps()
        changed = [r for r in resolved if stamps.get(r.entity.id) != r.stamp]
        gone = sorted(stamps.keys() - {r.entity.id for r in resolved})
        by_id = {n.id: n for n in namings}
        relations = list(self._relations(changed, resolved, namings))
        self.store.resolve(gone, changed, list(_mentions(changed, by_id)), relations)
        known = {c.id: c for c in self.store.communities()}
        found = {c.id: c for c in communities_of(self.store.view())}
        same = {id_ for id_, community in found.items() if known.get(id_) == community}
        self.store.group(sorted(known.keys() - same), [c for id_, c in found.items() if id_ not in same])

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
        named = _names_of_chunks(namings, {naming: r.entity.id for r in resolved for naming in r.namings})
        chunks = sorted(chunk for chunk, names in named.items() if not new.isdisjoint(names.values()))
        for triple in self.store.triples(chunks):
            names = named[triple.chunk_id]
            subject, object_ = names.get(triple.subject), names.get(triple.object)
            if subject and object_ and subject != object_ and (subject in new or object_ in new):
                yield Relation(subject=subject, object=object_, triple=triple)


def _reading(chunks: Sequence[Chunk], facts: Facts) -> Reading:
    return Reading(
        document=chunks[0].document,
        chunks=tuple(chunk.id for chunk in chunks),
        namings=tuple(namings_of(chunks, facts.mentions)),
        triples=tuple(facts.triples),
    )


def _alike(embedder: Embedder) -> Alike:
    @lru_cache(maxsize=1 << 14)
    def vector(role: str) -> Floats:
        return embedder.embed_query(role).vector

    def alike(one: str, other: str) -> float:
        return 1.0 if one == other else float(vector(one) @ vector(other))

    return alike


def _names_of_chunks(namings: Iterable[Naming], entity_of: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Chunk → name → entity. Within a document no two namings have a name in common."""
    named: dict[str, dict[str, str]] = defaultdict(dict)
    for naming in namings:
        entity = entity_of[naming.id]
        for chunk in {place.chunk for place in naming.places}:
            named[chunk].update(dict.fromkeys(naming.names, entity))
    return named


def _mentions(changed: Iterable[Resolved], namings: Mapping[str, Naming]) -> Iterator[Mentioned]:
    for resolved in changed:
        sentences: dict[str, set[int]] = defaultdict(set)
        for naming in resolved.namings:
            for place in namings[naming].places:
                sentences[place.chunk].add(place.sentence)
        for chunk, numbers in sorted(sentences.items()):
            yield Mentioned(chunk=chunk, entity=resolved.entity.id, sentences=tuple(sorted(numbers)))
