"""A document's chunks become facts in the graph; what spans documents follows when settled."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from clew.records import Chunk, Mention, Triple
from graph.forms import form_of
from graph.naming import Naming
from graph.ports import GraphStore, Mentioned, Reading, Relation, Resolved
from graph.resolve import resolve
from graph.within import namings_of


class Facts(Protocol):
    """What an extractor finds in a document."""

    @property
    def mentions(self) -> Sequence[Mention]: ...
    @property
    def triples(self) -> Sequence[Triple]: ...


class Extractor(Protocol):
    """Reads the chunks of several documents: one ``Facts`` for each, in order."""

    def __call__(self, documents: Sequence[Sequence[Chunk]]) -> Iterable[Facts]: ...


class FactGraph:
    """The ``FactIndex`` over a graph store: extract, store, settle."""

    def __init__(self, store: GraphStore, extract: Extractor) -> None:
        self.store = store
        self._extract = extract

    def extract(self, documents: Sequence[Sequence[Chunk]]) -> list[object]:
        """A ``Reading`` for each document that has chunks."""
        some = [chunks for chunks in documents if chunks]
        return [_reading(chunks, facts) for chunks, facts in zip(some, self._extract(some), strict=True)]

    def write(self, facts: Sequence[object]) -> None:
        self.store.write([reading for reading in facts if isinstance(reading, Reading)])

    def delete(self, documents: Sequence[str]) -> None:
        self.store.delete(documents)

    def settle(self) -> None:
        """Resolve who is who over all documents, and write what is new about anyone."""
        if self.store.settled():
            return
        namings = self.store.namings()
        resolved = resolve(namings, self.store.decisions())
        stamps = self.store.stamps()
        changed = [r for r in resolved if stamps.get(r.entity.id) != r.stamp]
        gone = sorted(stamps.keys() - {r.entity.id for r in resolved})
        by_id = {n.id: n for n in namings}
        self.store.resolve(
            gone, changed, list(_mentions(changed, by_id)), list(self._relations(changed, resolved, namings))
        )

    def counts(self) -> Mapping[str, int]:
        return self.store.counts()

    def close(self) -> None:
        self.store.close()

    def _relations(
        self, changed: Sequence[Resolved], resolved: Sequence[Resolved], namings: Sequence[Naming]
    ) -> Iterator[Relation]:
        """The relations that touch one of ``changed``: triples whose both ends are named in their chunk."""
        new = {r.entity.id for r in changed}
        entity_of = {naming: r.entity.id for r in resolved for naming in r.namings}
        named = _names_of_chunks(namings, entity_of)
        chunks = sorted(chunk for chunk, names in named.items() if not new.isdisjoint(names.values()))
        for triple in self.store.triples(chunks):
            names = named[triple.chunk_id]
            subject, object_ = names.get(form_of(triple.subject)), names.get(form_of(triple.object))
            if subject and object_ and subject != object_ and (subject in new or object_ in new):
                yield Relation(subject=subject, object=object_, triple=triple)


def _reading(chunks: Sequence[Chunk], facts: Facts) -> Reading:
    return Reading(
        document=chunks[0].document,
        chunks=tuple(chunk.id for chunk in chunks),
        namings=tuple(namings_of(chunks, facts.mentions)),
        triples=tuple(facts.triples),
    )


def _names_of_chunks(namings: Iterable[Naming], entity_of: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Chunk → name (as compared) → entity."""
    named: dict[str, dict[str, str]] = defaultdict(dict)
    for naming in namings:
        entity = entity_of[naming.id]
        for name in {form_of(name) for name in naming.names}:
            for place in naming.places:
                named[place.chunk][name] = entity
    return named


def _mentions(changed: Iterable[Resolved], namings: Mapping[str, Naming]) -> Iterator[Mentioned]:
    for resolved in changed:
        sentences: dict[str, set[int]] = defaultdict(set)
        for naming in resolved.namings:
            for place in namings[naming].places:
                sentences[place.chunk].add(place.sentence)
        for chunk, numbers in sorted(sentences.items()):
            yield Mentioned(chunk=chunk, entity=resolved.entity.id, sentences=tuple(sorted(numbers)))
