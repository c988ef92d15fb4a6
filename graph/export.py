"""The graph in formats that other programs read: GraphML for Gephi and its like, JSON-LD for the web of data."""

import json
import re
from collections.abc import Iterator
from typing import IO

from graph.ports import GraphStore, Relation
from graph.view import TITLE

GRAPHML = "http://graphml.graphdrawing.org/xmlns"
KEYS = {
    "label": ("all", "string"),
    "type": ("all", "string"),
    "name": ("node", "string"),
    "kind": ("node", "string"),
    "aliases": ("node", "string"),
    "path": ("node", "string"),
    "sentences": ("edge", "string"),
    "chunk": ("edge", "string"),
    "start": ("edge", "int"),
    "end": ("edge", "int"),
    "extractor": ("edge", "string"),
    "confidence": ("edge", "double"),
}
CONTEXT = {
    "@vocab": "https://schema.org/",
    "clew": "urn:clew:",
    "id": "@id",
    "type": "@type",
    "aliases": "alternateName",
    "mentions": {"@id": "mentions", "@type": "@id"},
    "subject": {"@id": "http://www.w3.org/1999/02/22-rdf-syntax-ns#subject", "@type": "@id"},
    "predicate": "http://www.w3.org/1999/02/22-rdf-syntax-ns#predicate",
    "object": {"@id": "http://www.w3.org/1999/02/22-rdf-syntax-ns#object", "@type": "@id"},
    "source": {"@id": "isBasedOn", "@type": "@id"},
    "chunk": "clew:chunk",
    "start": "clew:start",
    "end": "clew:end",
    "confidence": "clew:confidence",
}
TYPES = {"person": "Person", "organisation": "Organization", "place": "Place", "work": "CreativeWork", "event": "Event"}

# Control characters and lone surrogates, which XML cannot hold.
_UNFIT = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_graphml(store: GraphStore, out: IO[bytes]) -> None:
    """Write documents and entities as nodes; who is named where, and what is said of two, as edges."""
    from lxml import etree

    with etree.xmlfile(out, encoding="utf-8") as file:
        file.write_declaration()
        with file.element("graphml", nsmap={None: GRAPHML}):
            for key, (of, type_) in KEYS.items():
                file.write(etree.Element("key", {"id": key, "for": of, "attr.name": key, "attr.type": type_}))
            with file.element("graph", edgedefault="directed"):
                for tag, attributes, data in _graphml(store):
                    element = etree.Element(tag, attributes)
                    for key, value in data.items():
                        etree.SubElement(element, "data", key=key).text = _UNFIT.sub("\ufffd", str(value))
                    file.write(element)


def _graphml(store: GraphStore) -> Iterator[tuple[str, dict[str, str], dict[str, object]]]:
    document_of = {}
    for source in store.sources():
        yield "node", {"id": source.id}, {"label": source.title, "type": "Document", "path": source.path}
        document_of.update(dict.fromkeys(source.chunks, source.id))
    view = store.view()
    for e in view.entities:
        also = " | ".join(e.aliases)
        yield "node", {"id": e.id}, {"label": e.name, "type": "Entity", "name": e.name, "kind": e.kind, "aliases": also}
    for document, entity, places in _mentions(store, document_of):
        yield "edge", {"source": document, "target": entity}, {"type": "MENTIONS", "sentences": " ".join(places)}
    for relation in store.relations():
        t = relation.triple
        said: dict[str, object] = {"label": t.predicate, "type": "RELATES", "chunk": t.chunk_id}
        said |= {"start": t.span.start, "end": t.span.end, "extractor": t.extractor, "confidence": t.confidence}
        yield "edge", {"source": relation.subject, "target": relation.object}, said


def write_json_ld(store: GraphStore, out: IO[bytes]) -> None:
    """Write documents with whom they mention, entities, and each relation as a statement with its source."""
    document_of = {chunk: source.id for source in store.sources() for chunk in source.chunks}
    mentioned: dict[str, list[str]] = {}
    for document, entity, _ in _mentions(store, document_of):
        mentioned.setdefault(document, []).append(f"urn:clew:{entity}")
    graph: list[dict[str, object]] = [
        {
            "id": f"urn:clew:{source.id}",
            "type": "DigitalDocument",
            "name": source.title,
            "url": source.path,
            "mentions": mentioned.get(source.id, []),
        }
        for source in store.sources()
    ]
    graph += [
        {"id": f"urn:clew:{e.id}", "type": TYPES.get(e.kind, "Thing"), "name": e.name, "aliases": list(e.aliases)}
        for e in store.view().entities
    ]
    graph += [_statement(relation, document_of) for relation in store.relations()]
    text = json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False, indent=1)
    out.write(text.encode("utf-8", "replace"))


def _statement(relation: Relation, document_of: dict[str, str]) -> dict[str, object]:
    t = relation.triple
    return {
        "type": "http://www.w3.org/1999/02/22-rdf-syntax-ns#Statement",
        "subject": f"urn:clew:{relation.subject}",
        "predicate": t.predicate,
        "object": f"urn:clew:{relation.object}",
        "source": f"urn:clew:{document_of[t.chunk_id]}",
        "chunk": t.chunk_id,
        "start": t.span.start,
        "end": t.span.end,
        "confidence": t.confidence,
    }


def _mentions(store: GraphStore, document_of: dict[str, str]) -> Iterator[tuple[str, str, list[str]]]:
    """(document, entity, where): "2:7" for the eighth sentence of the third chunk, "2:title" for its headings."""
    place = {chunk: n for source in store.sources() for n, chunk in enumerate(source.chunks)}
    view = store.view()
    where: dict[tuple[str, str], list[str]] = {}
    for c, e, s in zip(view.chunk.tolist(), view.entity.tolist(), view.sentence.tolist(), strict=True):
        chunk = view.chunks[c]
        at = f"{place[chunk]}:{'title' if s == TITLE else s}"
        where.setdefault((document_of[chunk], view.entities[e].id), []).append(at)
    for (document, entity), places in sorted(where.items()):
        yield document, entity, places
