"""The graph store in Cypher that both back ends run as it stands; each brings a session of its own.

A document keeps what was read out of it as JSON on its own nodes: namings on Document, triples on Chunk. Entities,
MENTIONS and RELATES follow from that and can be made again at any time. An entity's stamp is set after its edges
are written and emptied before one of them goes, so an empty stamp says: write me again.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from clew.records import Entity, Triple
from graph.forms import form_of
from graph.naming import Naming, Place
from graph.ports import Community, Decision, Known, Mentioned, Neighbourhood, Reading, Relation, Resolved, Source
from graph.store import coding
from graph.view import View, view_of

Rows = Sequence[Mapping[str, object]]
Step = tuple[str, Rows]

CONTENT = ("Document", "Chunk", "Entity", "Community", "Decision")
ENTITY = "e.id, e.name, e.kind, e.aliases"
RELATION = "r.subject, r.predicate, r.object, r.chunk, r.span_start, r.span_end, r.extractor, r.confidence"


TITLED = 6.0  # how much more an entity leads to a chunk whose title it is: as in the walk
CROWD = 1000  # an entity that more chunks mention leads to none of them

_LABEL = re.compile(r":(Document|Chunk|Entity|Community|Decision|Name|Clew)\b")


class Session(Protocol):
    """How one engine runs a statement."""

    def read(self, statement: str, **parameters: object) -> list[list[Any]]: ...

    def write(self, steps: Sequence[Step]) -> None:
        """Run each statement over its rows, ``UNWIND $rows AS r`` set in front; a step without rows is left out.

        All or nothing as far as the engine can hold it; where it cannot, in the order given.
        """
        ...

    def close(self) -> None: ...


class CypherStore:
    """A ``GraphStore`` over a session. ``prefix`` stands before each label, so that indexes can share a server."""

    remote = False

    def __init__(self, session: Session, prefix: str = "") -> None:
        self._session = session
        self._prefix = prefix

    def write(self, readings: Sequence[Reading]) -> None:
        if not readings:
            return
        known = self._known([r.document.id for r in readings])
        self._session.write(
            [
                self._change(),
                *(self._removal(known) if known else ()),
                (
                    self._t("MERGE (d:Document {id: r.id}) SET d.path = r.path, d.title = r.title, d.namings = r.n"),
                    [
                        {
                            "id": r.document.id,
                            "path": coding.sound(r.document.path),
                            "title": coding.sound(r.document.title),
                            "n": coding.namings_to_text(r.namings),
                        }
                        for r in readings
                    ],
                ),
                (
                    self._t(
                        "MATCH (d:Document {id: r.d}) MERGE (c:Chunk {id: r.id}) "
                        "SET c.triples = r.t, c.stated = r.n MERGE (d)-[h:HAS]->(c) SET h.place = r.place"
                    ),
                    [row for r in readings for row in coding.chunk_rows(r)],
                ),
                self._changed(),
            ]
        )

    def delete(self, documents: Sequence[str]) -> None:
        known = self._known(documents)
        if known:
            self._session.write([self._change(), *self._removal(known), self._changed()])

    def namings(self) -> list[Naming]:
        rows = self._session.read(self._t("MATCH (d:Document) RETURN d.id, d.namings"))
        return [naming for document, text in rows for naming in coding.namings_of(document, text)]

    def stamps(self) -> dict[str, str]:
        return dict(self._session.read(self._t("MATCH (e:Entity) RETURN e.id, e.stamp")))

    def resolve(
        self,
        gone: Sequence[str],
        entities: Sequence[Resolved],
        mentions: Sequence[Mentioned],
        relations: Sequence[Relation],
    ) -> None:
        t = self._t
        often = Counter(m.entity for m in mentions)
        away = [{"id": id_} for id_ in dict.fromkeys([*gone, *(e.entity.id for e in entities)])]
        self._session.write(
            [
                self._change(),
                (t("MATCH (e:Entity {id: r.id}) DETACH DELETE e"), away),
                (
                    t(
                        "MERGE (e:Entity {id: r.id}) SET e.name = r.name, e.kind = r.kind, e.aliases = r.aliases, "
                        "e.forms = r.forms, e.often = r.often, e.why = r.why, e.namings = r.namings, e.stamp = ''"
                    ),
                    [
                        {
                            "id": e.entity.id,
                            "name": coding.sound(e.entity.name),
                            "kind": e.entity.kind,
                            "aliases": [coding.sound(a) for a in e.entity.aliases],
                            "forms": forms_of(e.entity),
                            "often": often[e.entity.id],
                            "why": [coding.sound(w) for w in e.why],
                            "namings": list(e.namings),
                        }
                        for e in entities
                    ],
                ),
                (
                    t(
                        "MATCH (c:Chunk {id: r.c}) MATCH (e:Entity {id: r.e}) "
                        "MERGE (c)-[m:MENTIONS]->(e) SET m.sentences = r.s"
                    ),
                    [{"c": m.chunk, "e": m.entity, "s": list(m.sentences)} for m in mentions],
                ),
                (
                    t(
                        "MATCH (a:Entity {id: r.s}) MATCH (b:Entity {id: r.o}) "
                        "MERGE (a)-[x:RELATES {subject: r.sub, predicate: r.pred, object: r.obj, chunk: r.c, "
                        "span_start: r.f, span_end: r.l, extractor: r.x}]->(b) SET x.confidence = r.w"
                    ),
                    [coding.relation_row(r) for r in relations],
                ),
                *self._names(entities),
                (
                    t("MATCH (e:Entity {id: r.id}) SET e.stamp = r.stamp"),
                    [{"id": e.entity.id, "stamp": e.stamp} for e in entities],
                ),
                self._changed(),
            ]
        )

    def settled(self) -> bool:
        return all(settled for (settled,) in self._session.read(self._t("MATCH (m:Clew) RETURN m.settled")))

    def revision(self) -> int:
        return sum(n for (n,) in self._session.read(self._t("MATCH (m:Clew) RETURN m.revision")))

    def view(self) -> View:
        rows = self._session.read(self._t("MATCH (c:Chunk)-[m:MENTIONS]->(e:Entity) RETURN c.id, e.id, m.sentences"))
        entities = self._session.read(self._t(f"MATCH (e:Entity) RETURN {ENTITY} ORDER BY e.id"))
        return view_of([coding.entity_of(fields) for fields in entities], ((c, e, n) for c, e, s in rows for n in s))

    def chunks(self, most: int) -> list[str]:
        naming = "MATCH (c:Chunk) WHERE EXISTS { MATCH (c)-[:MENTIONS]->(:Entity) } RETURN c.id ORDER BY c.id LIMIT $n"
        return [id_ for (id_,) in self._session.read(self._t(naming), n=most)]

    def named(self, forms: Sequence[str]) -> list[Entity]:
        return self._entities(self._bearers(list(dict.fromkeys(forms))))

    def around(self, entities: Sequence[str], chunks: Sequence[str] = (), *, limit: int = 400) -> View:
        near = dict.fromkeys(chunks)
        first = self._by_ids(
            "MATCH (e:Entity {id: i})<-[:MENTIONS]-(c:Chunk) "
            "RETURN c.id, sum(1.0 / e.often) AS n ORDER BY n DESC, c.id LIMIT $limit",
            list(dict.fromkeys(entities)),
            limit=limit,
        )
        near.update(dict.fromkeys(id_ for id_, _ in first))
        second = self._by_ids(
            "MATCH (n:Chunk {id: i})-[:MENTIONS]->(e:Entity) WHERE e.often <= $crowd WITH e, count(*) AS k "
            "MATCH (e)<-[m:MENTIONS]-(c:Chunk) "
            "RETURN c.id, sum(CASE WHEN -1 IN m.sentences THEN $titled ELSE 1.0 END * k / e.often) AS n "
            "ORDER BY n DESC, c.id LIMIT $limit",
            list(near)[:limit],
            limit=limit,
            crowd=CROWD,
            titled=TITLED,
        )
        near.update(dict.fromkeys(id_ for id_, _ in second))
        namings = [(m.chunk, m.entity, n) for m in self.mentions(list(near)[:limit]) for n in m.sentences]
        ids = sorted({e for _, e, _ in namings})
        named = self._by_ids(f"MATCH (e:Entity {{id: i}}) RETURN e.often, {ENTITY} ORDER BY e.id", ids)
        part = view_of([coding.entity_of(fields) for _, *fields in named], namings)
        [[whole]] = self._session.read(self._t("MATCH (c:Chunk) RETURN count(*)"))
        return replace(part, often=np.array([often for often, *_ in named], np.int32), whole=whole)

    def led(self, entities: Mapping[str, float], limit: int) -> list[str]:
        rows = self._led(entities, limit, "RETURN id, n ORDER BY n DESC, id LIMIT $limit")
        return [id_ for id_, _ in rows]

    def _led(self, entities: Mapping[str, float], limit: int, ending: str) -> list[list[Any]]:
        """``ending`` is given the chunks' ``id`` and how far each is led to, ``n``."""
        return self._by_ids(
            "MATCH (e:Entity {id: i.id})<-[m:MENTIONS]-(c:Chunk) WHERE e.often <= $crowd "
            "WITH c.id AS id, sum(CASE WHEN -1 IN m.sentences THEN $titled ELSE 1.0 END * i.weight / e.often) AS n "
            + ending,
            [{"id": id_, "weight": weight} for id_, weight in entities.items()],
            crowd=CROWD,
            titled=TITLED,
            limit=limit,
        )

    def mentions(self, chunks: Sequence[str]) -> list[Mentioned]:
        rows = self._by_ids(
            "MATCH (c:Chunk {id: i})-[m:MENTIONS]->(e:Entity) "
            "WITH c.id AS id, collect(e.id) AS entities, collect(m.sentences) AS sentences "
            "RETURN collect(id), collect(entities), collect(sentences)",
            chunks,
        )
        return [
            Mentioned(chunk=chunk, entity=entity, sentences=tuple(sentences))
            for columns in rows
            for chunk, entities, places in zip(*columns, strict=True)
            for entity, sentences in zip(entities, places, strict=True)
        ]

    def titles(self) -> dict[str, str]:
        titled = "MATCH (c:Chunk)-[m:MENTIONS]->(e:Entity) WHERE -1 IN m.sentences RETURN DISTINCT e.id, e.name"
        return dict(self._session.read(self._t(titled)))

    def known(self, entities: Sequence[str]) -> list[Known]:
        rows = self._by_ids(f"MATCH (e:Entity {{id: i}}) RETURN collect([e.often, {ENTITY}])", entities)
        return [Known(entity=coding.entity_of(fields), often=often) for (found,) in rows for often, *fields in found]

    def triples(self, chunks: Sequence[str]) -> list[Triple]:
        texts = self._by_ids("MATCH (c:Chunk {id: i}) RETURN c.id, c.triples", list(dict.fromkeys(chunks)))
        return [triple for id_, text in texts for triple in coding.triples_of(id_, text)]

    def find(self, name: str) -> list[Entity]:
        ids = self._bearers([form_of(name)])
        rows = self._by_ids(f"MATCH (e:Entity {{id: i}}) RETURN {ENTITY} ORDER BY e.often DESC, e.id", [name, *ids])
        return [coding.entity_of(fields) for fields in rows]

    def neighbourhood(self, entity: str) -> Neighbourhood | None:
        read, t = self._session.read, self._t
        found = read(t(f"MATCH (e:Entity {{id: $id}}) RETURN {ENTITY}, e.why, e.namings"), id=entity)
        if not found:
            return None
        *fields, why, namings = found[0]
        places = read(t("MATCH (c:Chunk)-[m:MENTIONS]->(e:Entity {id: $id}) RETURN c.id, m.sentences"), id=entity)
        touching = read(
            t(f"MATCH (a:Entity {{id: $id}})-[r:RELATES]->(b:Entity) RETURN a.id, b.id, {RELATION}"), id=entity
        ) + read(
            t(f"MATCH (a:Entity)-[r:RELATES]->(b:Entity {{id: $id}}) WHERE a.id <> $id RETURN a.id, b.id, {RELATION}"),
            id=entity,
        )
        relations = sorted((coding.relation_of(row) for row in touching), key=coding.relation_order)
        others = {end for r in relations for end in (r.subject, r.object)} - {entity}
        return Neighbourhood(
            entity=coding.entity_of(fields),
            why=tuple(why),
            namings=tuple(namings),
            places=tuple(sorted(Place(chunk, s) for chunk, sentences in places for s in sentences)),
            relations=tuple(relations),
            others={e.id: e for e in self._entities(sorted(others))},
        )

    def relations(self) -> Iterator[Relation]:
        rows = self._session.read(self._t(f"MATCH (a:Entity)-[r:RELATES]->(b:Entity) RETURN a.id, b.id, {RELATION}"))
        yield from sorted((coding.relation_of(row) for row in rows), key=coding.relation_order)

    def sources(self) -> list[Source]:
        rows = self._session.read(
            self._t(
                "MATCH (d:Document) OPTIONAL MATCH (d)-[h:HAS]->(c:Chunk) "
                "RETURN d.id, d.path, d.title, c.id ORDER BY d.path, d.id, h.place"
            )
        )
        chunks: dict[tuple[str, str, str], list[str]] = {}
        for id_, path, title, chunk in rows:
            chunks.setdefault((id_, path, title), []).extend([chunk] if chunk else [])
        return [
            Source(id=id_, path=path, title=title, chunks=tuple(found)) for (id_, path, title), found in chunks.items()
        ]

    def group(self, gone: Sequence[str], communities: Sequence[Community]) -> None:
        self._session.write(
            [
                (self._t("MATCH (g:Community {id: r.id}) DETACH DELETE g"), [{"id": id_} for id_ in gone]),
                (
                    self._t("MERGE (g:Community {id: r.id}) SET g.level = r.level, g.parent = r.parent"),
                    [{"id": c.id, "level": c.level, "parent": c.parent} for c in communities],
                ),
                (
                    self._t("MATCH (e:Entity {id: r.e}) MATCH (g:Community {id: r.g}) MERGE (e)-[:IN_COMMUNITY]->(g)"),
                    [{"e": entity, "g": c.id} for c in communities for entity in c.entities],
                ),
                (self._t("MATCH (m:Clew {id: r.id}) SET m.settled = true"), [{"id": "clew"}]),
                self._changed(),
            ]
        )

    def communities(self) -> list[Community]:
        rows = self._session.read(
            self._t(
                "MATCH (g:Community) OPTIONAL MATCH (e:Entity)-[:IN_COMMUNITY]->(g) "
                "RETURN g.id, g.level, g.parent, collect(e.id) ORDER BY g.level, g.id"
            )
        )
        return [
            Community(id=id_, level=level, parent=parent, entities=tuple(sorted(entities)))
            for id_, level, parent, entities in rows
        ]

    def decide(self, decisions: Sequence[Decision]) -> None:
        rows = [{"id": d.naming, "entity": d.entity, "note": coding.sound(d.note)} for d in decisions]
        statement = "MERGE (d:Decision {id: r.id}) SET d.entity = r.entity, d.note = r.note"
        self._session.write([self._change(), (self._t(statement), rows)])

    def withdraw(self, namings: Sequence[str]) -> None:
        rows = [{"id": id_} for id_ in namings]
        self._session.write([self._change(), (self._t("MATCH (d:Decision {id: r.id}) DETACH DELETE d"), rows)])

    def decisions(self) -> list[Decision]:
        rows = self._session.read(self._t("MATCH (d:Decision) RETURN d.id, d.entity, d.note ORDER BY d.id"))
        return [Decision(naming=naming, entity=entity, note=note) for naming, entity, note in rows]

    def counts(self) -> dict[str, int]:
        counting = {
            "documents": "MATCH (d:Document) RETURN count(*)",
            "chunks": "MATCH (c:Chunk) RETURN count(*)",
            "entities": "MATCH (e:Entity) RETURN count(*)",
            "mentions": "MATCH (:Chunk)-[m:MENTIONS]->(:Entity) RETURN count(*)",
            "triples": "MATCH (c:Chunk) RETURN sum(c.stated)",
            "relations": "MATCH (:Entity)-[r:RELATES]->(:Entity) RETURN count(*)",
            "communities": "MATCH (c:Community) RETURN count(*)",
        }
        return {what: int(self._session.read(self._t(text))[0][0] or 0) for what, text in counting.items()}

    def drop(self) -> None:
        every = [{"id": "clew"}]
        self._session.write(
            [
                *((self._t(f"MATCH (n:{label}) DETACH DELETE n"), every) for label in CONTENT),
                (self._t("MATCH (m:Clew {id: r.id}) SET m.revision = m.revision + 1, m.settled = true"), every),
            ]
        )

    def close(self) -> None:
        self._session.close()

    def _t(self, statement: str) -> str:
        """The statement with the labels of this index."""
        return _LABEL.sub(rf":{self._prefix}\1", statement) if self._prefix else statement

    def _by_ids(self, statement: str, ids: Sequence[object], **parameters: object) -> list[list[Any]]:
        """Rows of a statement for each ``i`` of ``ids``, found through the key's index."""
        return self._session.read(self._t(f"UNWIND $ids AS i {statement}"), ids=list(ids), **parameters) if ids else []

    def _known(self, documents: Sequence[str]) -> list[str]:
        found = self._by_ids("MATCH (d:Document {id: i}) RETURN d.id", list(dict.fromkeys(documents)))
        return [id_ for (id_,) in found]

    def _names(self, entities: Sequence[Resolved]) -> list[Step]:
        """More steps that a back end needs to find entities by name."""
        return []

    def _bearers(self, forms: Sequence[str]) -> list[str]:
        """The ids of the entities that have a name of one of these forms, in order."""
        rows = self._by_ids("MATCH (e:Entity) WHERE i IN e.forms RETURN DISTINCT e.id", forms)
        return sorted({id_ for (id_,) in rows})

    def _entities(self, ids: Sequence[str]) -> list[Entity]:
        """These entities, in the order of their ids."""
        rows = self._by_ids(f"MATCH (e:Entity {{id: i}}) RETURN {ENTITY} ORDER BY e.id", ids)
        return [coding.entity_of(fields) for fields in rows]

    def _change(self) -> Step:
        """The content changes: views taken before are old, and the entities are to be made again."""
        return self._t("MATCH (m:Clew {id: r.id}) SET m.revision = m.revision + 1, m.settled = false"), [{"id": "clew"}]

    def _changed(self) -> Step:
        """The content has changed: what was read in the meantime is old too, where others could read it."""
        return self._t("MATCH (m:Clew {id: r.id}) SET m.revision = m.revision + 1"), [{"id": "clew"}]

    def _removal(self, documents: Sequence[str]) -> list[Step]:
        """Steps that take documents away, with the entities nobody else mentions."""
        mentioned = self._by_ids(
            "MATCH (d:Document {id: i})-[:HAS]->(c:Chunk)-[:MENTIONS]->(e:Entity) RETURN DISTINCT e.id", documents
        )
        rows = [{"id": id_} for id_ in documents]
        entities = [{"id": id_} for id_ in dict.fromkeys(id_ for (id_,) in mentioned)]
        return [
            (self._t("MATCH (e:Entity {id: r.id}) SET e.stamp = ''"), entities),
            (
                self._t(
                    "MATCH (d:Document {id: r.id})-[:HAS]->(c:Chunk)-[:MENTIONS]->(a:Entity)-[x:RELATES]->(b:Entity) "
                    "WHERE x.chunk = c.id DELETE x"
                ),
                rows,
            ),
            (self._t("MATCH (d:Document {id: r.id})-[:HAS]->(c:Chunk) DETACH DELETE c"), rows),
            (self._t("MATCH (d:Document {id: r.id}) DETACH DELETE d"), rows),
            (
                self._t(
                    "MATCH (e:Entity {id: r.id}) WHERE NOT EXISTS { MATCH (:Chunk)-[:MENTIONS]->(e) } DETACH DELETE e"
                ),
                entities,
            ),
        ]


def forms_of(entity: Entity) -> list[str]:
    """The forms of all names of an entity."""
    return sorted({form_of(coding.sound(name)) for name in (entity.name, *entity.aliases)})
