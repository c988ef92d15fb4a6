"""The same documents in both Qdrant engines, the same questions: the same hits with the same scores, in order."""

import json
import uuid
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from clew.models.minilm import MiniLM
from clew.ports import Point, VectorStore
from clew.records import Scope
from ingest.store.connection import connect
from ingest.store.edge import EdgeStore
from ingest.store.server import ServerStore
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
    for question in questions:
        vector = minilm.embed_query(question).vector
        for words, meaning in ((question, vector), (question, None), ("", vector)):
            near, far = (store.search(words, meaning, limit=LIMIT) for store in both)
            assert near or meaning is None, question
            assert [hit.chunk.id for hit in near] == [hit.chunk.id for hit in far], question
            assert [hit.score for hit in near] == pytest.approx([hit.score for hit in far], abs=1e-6), question


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


def _rows(store: VectorStore, ids: list[str]) -> dict[str, list[list[int]]]:
    return {id_: rows.tolist() for id_, rows in store.sentence_vectors(ids).items()}
