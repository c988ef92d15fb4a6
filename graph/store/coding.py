"""The room's records as rows and properties of a graph database, and back."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from clew.records import Entity, Span, Triple
from graph.naming import Naming, Place
from graph.ports import Reading, Relation


def namings_to_text(namings: Iterable[Naming]) -> str:
    """Write down a document's namings."""
    return _text(
        [
            n.id,
            n.names,
            n.kind,
            [(p.chunk, p.sentence) for p in n.places],
            n.roles,
            n.years,
        ]
        for n in namings
    )


def namings_of(document: str, text: str) -> list[Naming]:
    """Read what ``namings_to_text`` wrote."""
    return [
        Naming(
            id=id_,
            document=document,
            names=tuple(names),
            kind=kind,
            places=tuple(Place(chunk, sentence) for chunk, sentence in places),
            roles=tuple(roles),
            years=tuple(years),
        )
        for id_, names, kind, places, roles, years in json.loads(text)
    ]


def triples_to_text(triples: Iterable[Triple]) -> str:
    """Write down a chunk's triples."""
    return _text(
        [t.subject, t.predicate, t.object, t.span.start, t.span.end, t.extractor, t.confidence] for t in triples
    )


def triples_of(chunk: str, text: str) -> list[Triple]:
    """Read what ``triples_to_text`` wrote."""
    return [
        Triple(
            subject=subject,
            predicate=predicate,
            object=object_,
            chunk_id=chunk,
            span=Span(start, end),
            extractor=extractor,
            confidence=confidence,
        )
        for subject, predicate, object_, start, end, extractor, confidence in json.loads(text)
    ]


def chunk_rows(reading: Reading) -> Iterator[dict[str, object]]:
    """A row for each chunk, with the triples it states."""
    stated: dict[str, list[Triple]] = {}
    for triple in reading.triples:
        stated.setdefault(triple.chunk_id, []).append(triple)
    for place, chunk in enumerate(reading.chunks):
        ours = stated.get(chunk, [])
        yield {"d": reading.document.id, "id": chunk, "place": place, "t": triples_to_text(ours), "n": len(ours)}


def entity_of(row: Sequence[Any]) -> Entity:
    """Read an entity from id, name, kind and aliases."""
    id_, name, kind, aliases = row
    return Entity(id=id_, name=name, kind=kind, aliases=tuple(aliases))


def relation_row(relation: Relation) -> dict[str, object]:
    """Write a relation as the row that makes its edge."""
    t = relation.triple
    return {
        "s": relation.subject,
        "o": relation.object,
        "sub": sound(t.subject),
        "pred": sound(t.predicate),
        "obj": sound(t.object),
        "c": t.chunk_id,
        "f": t.span.start,
        "l": t.span.end,
        "x": t.extractor,
        "w": t.confidence,
    }


def relation_of(row: Sequence[Any]) -> Relation:
    """Read a relation from its ends' ids and its edge's properties."""
    a, b, subject, predicate, object_, chunk, start, end, extractor, confidence = row
    triple = Triple(
        subject=subject,
        predicate=predicate,
        object=object_,
        chunk_id=chunk,
        span=Span(start, end),
        extractor=extractor,
        confidence=confidence,
    )
    return Relation(subject=a, object=b, triple=triple)


def relation_order(relation: Relation) -> tuple[object, ...]:
    """Sort key: as the documents state them."""
    t = relation.triple
    return t.chunk_id, t.span, t.subject, t.predicate, t.object, relation.subject, relation.object


def sound(text: str) -> str:
    """Text that any database takes: a lone surrogate out of a broken file becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _text(rows: Iterable[object]) -> str:
    # ASCII: a lone surrogate out of a broken file cannot be stored as itself
    return json.dumps(list(rows), ensure_ascii=True, separators=(",", ":"))
