"""What every VectorStore promises. Each back end's test file gives a fixture ``store`` and inherits this suite."""

import datetime
from dataclasses import replace

import numpy as np
import pytest

from clew.models.minilm import MiniLM
from clew.ports import Point, VectorStore
from clew.records import Scope
from retrieve.terms import terms
from tests.worlds import FERRY, LIGHTHOUSE, TEAHOUSE, points


class VectorStoreContract:
    @pytest.fixture
    def filled(self, store: VectorStore, minilm: MiniLM) -> VectorStore:
        for path, text in (("boats/ferry.md", FERRY), ("lighthouse.md", LIGHTHOUSE), ("茶馆.md", TEAHOUSE)):
            store.write(points(path, text, minilm))
        return store

    def test_what_is_written_comes_back_as_it_was(self, store: VectorStore, minilm: MiniLM) -> None:
        written = points("ferry.md", FERRY, minilm)
        store.write(written)
        chunks = [point.chunk for point in written]
        assert store.of_document(chunks[0].document.id) == chunks
        assert store.fetch([chunk.id for chunk in chunks] + ["0" * 32]) == {chunk.id: chunk for chunk in chunks}
        assert sorted(store.scroll(), key=lambda chunk: chunk.span) == chunks
        assert store.documents() == [chunks[0].document]

    def test_vectors_come_back_as_they_were(self, store: VectorStore, minilm: MiniLM) -> None:
        written = points("ferry.md", FERRY, minilm)
        store.write(written)
        ids = [point.chunk.id for point in written]
        near, rows = store.vectors(ids), store.sentence_vectors(ids)
        for point in written:
            np.testing.assert_allclose(near[point.chunk.id], point.vectors.vector, atol=1e-6)
            assert point.vectors.sentences is not None
            np.testing.assert_array_equal(rows[point.chunk.id], point.vectors.sentences)

    def test_the_terms_of_a_chunk_are_those_that_questions_are_compared_with(self, filled: VectorStore) -> None:
        ids = [chunk.id for chunk in filled.scroll() if chunk.document.path == "boats/ferry.md"]
        held = filled.terms([*ids, "0" * 32])
        assert set(held) == set(ids)
        words = frozenset[int]().union(*held.values())
        assert terms("Aurelia passengers crossing") <= words
        assert not terms("lighthouse") & words

    def test_writing_twice_is_writing_once(self, store: VectorStore, minilm: MiniLM) -> None:
        written = points("ferry.md", FERRY, minilm)
        store.write(written)
        store.write(written)
        assert store.count() == len(written)

    def test_a_deleted_document_is_gone_and_unknown_ids_are_ignored(self, filled: VectorStore) -> None:
        ferry = next(one for one in filled.documents() if one.path == "boats/ferry.md")
        filled.delete([ferry.id, "f" * 32])
        assert filled.of_document(ferry.id) == []
        assert not any(hit.chunk.document.id == ferry.id for hit in filled.search("Aurelia", None, limit=10))
        assert {one.path for one in filled.documents()} == {"lighthouse.md", "茶馆.md"}

    def test_words_find_their_passage(self, filled: VectorStore) -> None:
        assert filled.search("keeper's green ledger", None, limit=1)[0].chunk.document.path == "lighthouse.md"

    def test_equal_scores_come_in_the_order_of_ids(self, filled: VectorStore, minilm: MiniLM) -> None:
        tea = minilm.embed_query("Where can one drink tea?").vector
        both = filled.search("keeper's green ledger", tea, limit=2, depth=1)  # the first by words, that by meaning
        assert both[0].score == both[1].score
        assert both[0].chunk.id < both[1].chunk.id
        assert filled.search("keeper's green ledger", tea, limit=1, depth=1) == both[:1]

    def test_chunks_of_the_same_words_come_in_one_order_however_they_were_written(
        self, store: VectorStore, minilm: MiniLM
    ) -> None:
        alike = [point for n in range(20) for point in points(f"row-{n}.md", "The fare to Osk is ten crowns.", minilm)]
        orders = []
        for written in (alike, alike[::-1], alike[7:] + alike[:7]):
            store.delete([point.chunk.document.id for point in alike])
            store.write(written)
            orders.append([hit.chunk.id for hit in store.search("fare crowns", None, limit=20)])
        assert len(orders[0]) == len(alike)
        assert orders[0] == orders[1] == orders[2]

    def test_numbers_find_their_passage(self, filled: VectorStore) -> None:
        assert filled.search("1987", None, limit=1)[0].chunk.document.path == "boats/ferry.md"

    def test_chinese_words_find_their_passage(self, filled: VectorStore) -> None:
        assert filled.search("茶馆几点关门", None, limit=1)[0].chunk.document.path == "茶馆.md"

    def test_meaning_finds_what_no_word_does(self, filled: VectorStore, minilm: MiniLM) -> None:
        question = "skipper"
        assert filled.search(question, None, limit=3) == []
        found = filled.search(question, minilm.embed_query(question).vector, limit=1)
        assert found[0].chunk.document.path == "boats/ferry.md"

    def test_scores_fall_and_the_limit_holds(self, filled: VectorStore, minilm: MiniLM) -> None:
        question = "Who commands the ferry Aurelia?"
        hits = filled.search(question, minilm.embed_query(question).vector, limit=3)
        assert len(hits) == 3
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)

    def test_a_question_of_stop_words_finds_nothing_by_words(self, filled: VectorStore) -> None:
        assert filled.search("what is it", None, limit=5) == []

    @pytest.mark.parametrize(
        ("scope", "expected"),
        [
            (Scope(folder="boats"), {"boats/ferry.md"}),
            (Scope(folder="boats/"), {"boats/ferry.md"}),
            (Scope(folder=""), {"boats/ferry.md", "lighthouse.md", "茶馆.md"}),
            (Scope(folder="boat"), set()),
            (Scope(media_type="text/html"), set()),
            (Scope(collection="other"), set()),
            (Scope(collection=""), {"boats/ferry.md", "lighthouse.md", "茶馆.md"}),
        ],
    )
    def test_a_scope_limits_where_is_looked(
        self, filled: VectorStore, minilm: MiniLM, scope: Scope, expected: set[str]
    ) -> None:
        hits = filled.search("lamp", minilm.embed_query("lamp").vector, limit=20, scope=scope)
        assert {hit.chunk.document.path for hit in hits} == expected
        assert {chunk.document.path for chunk in filled.scroll() if scope.admits(chunk.document)} == expected

    def test_a_span_of_dates_limits_where_is_looked(self, store: VectorStore, minilm: MiniLM) -> None:
        for year in (2019, 2021, 2023):
            dated = [
                Point(
                    replace(one.chunk, document=replace(one.chunk.document, date=datetime.date(year, 5, 1))),
                    one.vectors,
                )
                for one in points(f"log-{year}.md", f"# Log\n\nThe harbour froze in the winter of {year}.", minilm)
            ]
            store.write(dated)
        store.write(points("undated.md", "# Log\n\nThe harbour froze long ago.", minilm))
        scope = Scope(since=datetime.date(2020, 1, 1), until=datetime.date(2022, 1, 1))
        assert {hit.chunk.document.path for hit in store.search("harbour froze", None, limit=9, scope=scope)} == {
            "log-2021.md"
        }

    def test_the_neighbours_of_a_chunk_stand_right_before_and_behind_it(
        self, store: VectorStore, minilm: MiniLM
    ) -> None:
        long = "\n\n".join(f"## Part {i}\n\n" + f"The {i}. boat left the harbour at dawn. " * 15 for i in range(4))
        written = [point.chunk for point in points("long.md", long, minilm)]
        store.write(points("long.md", long, minilm))
        assert len(written) >= 3
        assert store.around(written[1]) == (written[0], written[2])
        assert store.around(written[0])[0] is None
        assert store.around(written[-1])[1] is None

    def test_a_chunk_without_sentences_can_be_stored_and_found(self, store: VectorStore, minilm: MiniLM) -> None:
        written = points("h.md", "# Harbour regulations\n", minilm)
        assert not written[0].chunk.sentences
        store.write(written)
        assert store.search("regulations", None, limit=1)[0].chunk == written[0].chunk
        assert store.sentence_vectors([written[0].chunk.id]).get(written[0].chunk.id) is None

    def test_empty_calls_do_nothing(self, store: VectorStore) -> None:
        store.write([])
        store.delete([])
        assert store.count() == 0
        assert store.fetch([]) == {}
        assert list(store.scroll()) == []

    def test_closing_loses_nothing(self, filled: VectorStore) -> None:
        before = sorted(filled.scroll(), key=lambda chunk: chunk.id)
        filled.close()
        assert sorted(filled.scroll(), key=lambda chunk: chunk.id) == before
