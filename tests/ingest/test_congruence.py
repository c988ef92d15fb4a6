"""The same documents in both Qdrant engines, the same questions: the same hits with the same scores, in order.

Where chunks have equal scores either engine puts them in any order, the embedded one not even always the same. So
lists are the same if each chunk has the same score in both; and lists made from ranks are compared where no two chunks
of the lists they are made from are tied.
"""

import json
import uuid
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import qdrant_edge as qe

from clew.models.minilm import MiniLM
from clew.ports import Hit, Point, VectorStore
from clew.records import Scope
from ingest.store.connection import connect
from ingest.store.edge import EdgeStore
from ingest.store.server import ServerStore, _id, _sparse
from ingest.store.words import sparse
from tests.servers.qdrant import given, key, running
from tests.worlds import points

EXAMPLES = Path(__file__).parents[2] / "examples"
LIMIT = 20


@pytest.fixture(scope="module")
def written(minilm: MiniLM) -> list[Point]:
    """The sample folder's sources that are Markdown, in both languages."""
    root = EXAMPLES / "sources"
    found = sorted(root.rglob("*.md"))[::3]
    return [
        point
        for path in found
        for point in points(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"), minilm)
    ]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, written: list[Point]) -> Iterator[tuple[EdgeStore, ServerStore]]:
    edge = EdgeStore(tmp_path_factory.mktemp("edge") / "qdrant", size=384)
    with running(key=key()) as stand_in:
        server = ServerStore(connect(given() or stand_in.url, key=key()), f"clew-test-{uuid.uuid4().hex}", size=384)
        for store in (edge, server):
            store.write(written)
        yield edge, server
        server.drop()
        server.close()
    edge.close()


@pytest.fixture(scope="module")
def questions() -> list[str]:
    lines = (EXAMPLES / "harbour.cases.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines][::3]


def test_every_question_of_the_sample_finds_the_same_in_both_engines(
    both: tuple[EdgeStore, ServerStore], minilm: MiniLM, questions: list[str]
) -> None:
    edge, server = both
    untied = 0
    for question in questions:
        vector = minilm.embed_query(question).vector
        by_meaning = [store.search("", vector, limit=LIMIT) for store in both]
        assert _same(*map(_scores, by_meaning)), question
        terms = edge._words.question(question)
        near = edge._shard.query(qe.QueryRequest(query=qe.Query.Nearest(sparse(terms), using="bm25"), limit=50))
        far = server._call("query_points", query=_sparse(terms), using="bm25", limit=50).points
        by_words = [{_id(point): point.score for point in points} for points in (near, far)]
        assert _same(*by_words), question
        if _untied(by_words[0]):
            untied += 1
            fused = [store.search(question, vector, limit=LIMIT) for store in both]
            assert _same(*map(_scores, fused)), question
    assert untied > len(questions) / 4


@pytest.mark.parametrize("scope", [Scope(folder="minutes"), Scope(folder="zh"), Scope(folder="nowhere")])
def test_a_scope_leaves_the_same_in_both_engines(
    both: tuple[EdgeStore, ServerStore], minilm: MiniLM, scope: Scope
) -> None:
    question = "What did the board decide about the Petrel?"
    vector = minilm.embed_query(question).vector
    one, other = (store.search(question, vector, limit=LIMIT, scope=scope) for store in both)
    assert [hit.score for hit in one] == pytest.approx([hit.score for hit in other], abs=1e-6)
    assert bool(one) == (scope.folder != "nowhere")


def test_vectors_sentences_and_words_are_the_same_in_both_engines(
    both: tuple[EdgeStore, ServerStore], written: list[Point]
) -> None:
    ids = [point.chunk.id for point in written]
    edge, server = both
    assert edge.count() == server.count() == len(ids)
    assert edge.fetch(ids) == server.fetch(ids)
    assert edge.terms(ids) == server.terms(ids)
    assert _rows(edge, ids) == _rows(server, ids)
    one, other = edge.vectors(ids), server.vectors(ids)
    np.testing.assert_allclose([one[id_] for id_ in ids], [other[id_] for id_ in ids], atol=1e-6)


def _scores(hits: list[Hit]) -> dict[str, float]:
    return {hit.chunk.id: hit.score for hit in hits}


def _same(one: dict[str, float], other: dict[str, float]) -> bool:
    """Whether each chunk has the same score in both; tied with the last, a chunk may be in one of them only."""
    last = min(one.values(), default=0.0)
    return len(one) == len(other) and all(
        abs(one.get(id_, last) - other.get(id_, last)) < 1e-5 for id_ in one.keys() | other.keys()
    )


def _untied(scores: dict[str, float]) -> bool:
    return all(a - b > 1e-5 for a, b in pairwise(scores.values()))


def _rows(store: VectorStore, ids: list[str]) -> dict[str, list[list[int]]]:
    return {id_: rows.tolist() for id_, rows in store.sentence_vectors(ids).items()}
