"""What every graph store must do. A back end's test file subclasses this and gives the fixture ``backend``."""

from typing import Protocol

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clew.ids import document_id
from clew.records import Mention
from graph.forms import form_of
from graph.part import Part
from graph.pipeline import FactGraph
from graph.ports import Decision, GraphStore, Reading
from graph.view import TITLE, View
from graph.within import namings_of
from tests.contracts import harbour


class Backend(Protocol):
    """Where stores of one kind are kept during a test."""

    def open(self) -> GraphStore:
        """The store under test: the same content at each call."""
        ...

    def empty(self) -> GraphStore:
        """A store that was never written."""
        ...

    def killed(self, seconds: float) -> None:
        """Let another process write the town, over and over, into the store under test; SIGKILL after a while."""
        ...


steps = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.integers(0, 5), st.integers(0, 4)),
        st.tuples(st.just("delete"), st.integers(0, 5), st.just(0)),
        st.tuples(st.just("settle"), st.just(0), st.just(0)),
    ),
    max_size=14,
)


def rows(view: View) -> set[tuple[str, str, int]]:
    """Who is named where: (chunk, entity, sentence)."""
    return {
        (view.chunks[c], view.entities[e].id, int(s))
        for c, e, s in zip(view.chunk, view.entity, view.sentence, strict=True)
    }


class GraphStoreContract:
    examples = 15
    kills = 6

    def test_after_any_sequence_of_adds_changes_and_deletes_it_equals_a_fresh_build(self, backend: Backend) -> None:
        @settings(max_examples=self.examples, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
        @given(steps)
        def run(sequence: list[tuple[str, int, int]]) -> None:
            store, documents = backend.empty(), dict[int, int]()
            graph = FactGraph(store, harbour.names)
            for what, number, version in sequence:
                if what == "write":
                    harbour.add(graph, number, version)
                    documents[number] = version
                elif what == "delete":
                    graph.delete([document_id("", harbour.town(number, 0)[0])])
                    documents.pop(number, None)
                else:
                    graph.settle()
            graph.settle()
            fresh = harbour.build(backend.empty(), dict(sorted(documents.items())))
            assert harbour.content(store) == harbour.content(fresh)
            store.close()
            fresh.close()

        run()

    def test_killed_at_any_moment_and_redone_it_equals_a_fresh_build(self, backend: Backend) -> None:
        documents = {n: n % 3 for n in range(40)}
        fresh = harbour.build(backend.empty(), documents)
        expected = harbour.content(fresh)
        fresh.close()
        for kill in range(self.kills):
            backend.killed(0.05 + 0.11 * kill)
            store = backend.open()
            found = {n.document for n in store.namings()}
            assert len(found) <= 40
            harbour.build(store, documents)
            assert harbour.content(store) == expected
            store.close()

    def test_what_was_written_is_there_when_opened_again(self, backend: Backend) -> None:
        store = harbour.build(backend.open(), {1: 0, 2: 1})
        before = harbour.content(store)
        store.close()
        store = backend.open()
        assert harbour.content(store) == before
        store.close()

    def test_a_view_says_who_is_named_in_which_sentence(self, backend: Backend) -> None:
        store = harbour.build(backend.empty(), {3: 1})
        chunk = harbour.chunks_of(*harbour.town(3, 1))[0]
        view = store.view()
        named = {
            (view.entities[e].name, int(s))
            for c, e, s in zip(view.chunk, view.entity, view.sentence, strict=True)
            if view.chunks[c] == chunk.id
        }
        [facts] = harbour.names([[chunk]])
        assert {(name, s) for name, s in named if "Lusk" not in name} == {
            (m.name, m.sentence) for m in facts.mentions if "Lusk" not in m.name
        }
        assert ("File town/3.txt", TITLE) in named
        assert list(view.chunks) == sorted(view.chunks)
        assert [e.id for e in view.entities] == sorted(e.id for e in view.entities)
        assert view.chunk.dtype == np.int32
        store.close()

    def test_the_part_around_an_entity_is_the_whole_of_a_small_graph(self, backend: Backend) -> None:
        store = harbour.build(backend.empty(), dict.fromkeys(range(6), 0))
        view = store.view()
        part = store.around([next(e.id for e in view.entities if e.name == "Petrel")])
        assert set(part.chunks) <= set(view.chunks)
        every = {
            (view.chunks[c], view.entities[e].id, int(s))
            for c, e, s in zip(view.chunk, view.entity, view.sentence, strict=True)
        }
        ours = {
            (part.chunks[c], part.entities[e].id, int(s))
            for c, e, s in zip(part.chunk, part.entity, part.sentence, strict=True)
        }
        assert ours == {row for row in every if row[0] in set(part.chunks)}
        assert store.around([]).chunks == ()
        assert len(store.around([view.entities[0].id], limit=2).chunks) <= 2
        store.close()

    def test_a_part_says_of_its_chunks_what_the_whole_says(self, backend: Backend) -> None:
        store = harbour.build(backend.empty(), dict.fromkeys(range(6), 0))
        view = store.view()
        ours = list(view.chunks[1:4])
        part = Part(store, len(view.chunks))
        part.view(ours[:1])
        seen = part.view([*reversed(ours), "unknown"])
        assert seen.chunks == tuple(ours)
        assert rows(seen) == {row for row in rows(view) if row[0] in ours}
        assert [e.id for e in seen.entities] == sorted({row[1] for row in rows(seen)})
        assert seen.often is not None
        often = {(row[1], row[0]) for row in rows(view)}
        assert seen.often.tolist() == [sum(e.id == id_ for id_, _ in often) for e in seen.entities]
        assert seen.whole == len(view.chunks)
        assert part.view([]).chunks == ()
        assert store.chunks(2) == list(view.chunks[:2])
        assert store.titles() == {e.id: e.name for e in view.entities if e.name.startswith("File ")}
        store.close()

    def test_an_entity_leads_to_the_chunks_that_mention_it_those_it_is_the_title_of_first(
        self, backend: Backend
    ) -> None:
        store = harbour.build(backend.empty(), dict.fromkeys(range(6), 0))
        view = store.view()
        petrel, title = (next(e.id for e in view.entities if e.name == n) for n in ("Petrel", "File town/2.txt"))
        mention = {row[0] for row in rows(view) if row[1] == petrel}
        below = {row[0] for row in rows(view) if row[1] == title}
        assert set(store.led({petrel: 1.0}, 50)) == mention
        assert set(store.led({petrel: 1.0, title: 1.0}, 50)[: len(below)]) == below
        assert len(store.led({petrel: 1.0}, 1)) == 1
        assert store.led({}, 50) == store.led({"nobody": 1.0}, 50) == []
        store.close()

    def test_a_triple_between_two_names_becomes_a_relation_with_its_sentence(self, backend: Backend) -> None:
        store = harbour.build(backend.empty(), {3: 0})
        chunks = harbour.chunks_of(*harbour.town(3, 0))
        [facts] = harbour.names([chunks])
        [triple] = facts.triples
        assert store.triples([chunks[0].id, "unknown"]) == [triple]
        [relation] = store.relations()
        assert relation.triple == triple
        [subject] = store.find(triple.subject.upper())
        assert relation.subject == subject.id
        around = store.neighbourhood(subject.id)
        assert around is not None
        assert around.relations == (relation,)
        assert around.others[relation.object].name == triple.object
        assert {p.chunk for p in around.places} == {chunks[0].id}
        assert store.neighbourhood("nobody") is None
        store.close()

    def test_a_deleted_document_takes_its_entities_along_but_not_those_of_others(self, backend: Backend) -> None:
        store = harbour.build(backend.empty(), {0: 0, 1: 0})
        graph = FactGraph(store, harbour.names)
        graph.delete([document_id("", "town/0.txt"), "unknown"])
        names = {e.name for e in store.view().entities}
        assert "File town/0.txt" not in names
        assert "File town/1.txt" in names
        assert not store.settled()
        graph.settle()
        assert store.settled()
        store.close()

    def test_the_revision_grows_with_every_change(self, backend: Backend) -> None:
        store = backend.empty()
        graph = FactGraph(store, harbour.names)
        seen = [store.revision()]
        harbour.add(graph, 0, 0)
        seen.append(store.revision())
        graph.settle()
        seen.append(store.revision())
        graph.settle()
        assert store.revision() == seen[-1]
        store.group([community.id for community in store.communities()], [])
        seen.append(store.revision())
        graph.delete([document_id("", "town/0.txt")])
        seen.append(store.revision())
        assert seen == sorted(set(seen))
        store.close()

    def test_an_empty_store_answers_everything_with_nothing(self, backend: Backend) -> None:
        store = backend.empty()
        assert store.settled()
        assert store.view().chunks == ()
        assert store.view().chunk.shape == (0,)
        assert store.find("Ada Lusk") == []
        assert list(store.relations()) == []
        assert set(store.counts().values()) == {0}
        store.write([])
        store.delete([])
        store.close()

    def test_what_was_dropped_leaves_a_store_like_new(self, backend: Backend) -> None:
        store = harbour.build(backend.open(), {0: 0, 1: 1})
        revision = store.revision()
        store.drop()
        assert set(store.counts().values()) == {0}
        assert store.settled()
        assert store.revision() != revision
        assert store.named([form_of("Ada Lusk")]) == []
        fresh = harbour.build(backend.empty(), {0: 0})
        assert harbour.content(harbour.build(store, {0: 0})) == harbour.content(fresh)
        store.close()
        fresh.close()

    def test_decisions_are_kept_until_withdrawn(self, backend: Backend) -> None:
        store = harbour.build(backend.empty(), {0: 0})
        decision = Decision(naming="n1", entity="the father", note="père et fils")
        store.decide([decision])
        assert store.decisions() == [decision]
        assert not store.settled()
        store.withdraw(["n1", "unknown"])
        assert store.decisions() == []
        store.close()

    @pytest.mark.parametrize(
        "odd", ["quote ' and \" and \\", "a`b", "{x}", "$rows", "nul \0 byte", "lone \ud800", "𝔘𝔫𝔦"]
    )
    def test_any_name_can_be_stored(self, backend: Backend, odd: str) -> None:
        store = backend.empty()
        [chunk] = harbour.chunks_of("odd.txt", "Some text.", title=odd)
        mention = Mention(name=odd, kind="name", chunk_id=chunk.id, sentence=0)
        namings = tuple(namings_of([chunk], [mention]))
        graph = FactGraph(store, harbour.names)
        graph.write([Reading(document=chunk.document, chunks=(chunk.id,), namings=namings, triples=())])
        graph.settle()
        [entity] = store.view().entities
        assert entity.name == odd.replace("\ud800", "?")
        assert store.find(odd.replace("\ud800", "?")) == [entity]
        store.close()
