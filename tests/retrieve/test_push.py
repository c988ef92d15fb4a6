"""Local push against the ranking of the whole graph."""

import numpy as np
import pytest

from clew.ids import digest
from clew.records import Entity
from graph.view import TITLE, View
from retrieve.push import Push
from retrieve.spread import Spread
from retrieve.walkindex import WalkIndex


def random_view(chunks: int, entities: int, seed: int) -> View:
    """Chunks that name entities, few of them very often, as names are in folders."""
    rng = np.random.default_rng(seed)
    popularity = 1 / np.arange(1, entities + 1)
    each = rng.integers(2, 12, chunks)
    chunk = np.repeat(np.arange(chunks), each)
    entity = rng.choice(entities, len(chunk), p=popularity / popularity.sum())
    sentence = rng.integers(TITLE, 5, len(chunk))
    rows = np.unique(np.stack([chunk, entity, sentence]), axis=1).astype(np.int32)
    return View(
        chunks=tuple(f"{n:032x}" for n in range(chunks)),
        entities=tuple(Entity(id=digest("entity", str(n)), name=f"Name {n}", kind="name") for n in range(entities)),
        chunk=rows[0],
        entity=rows[1],
        sentence=rows[2],
    )


@pytest.mark.parametrize("seed", range(3))
def test_the_top_is_that_of_the_whole_graph(seed: int) -> None:
    index = WalkIndex(random_view(4000, 9000, seed))
    spread, push = Spread(index), Push(index)
    rng = np.random.default_rng(seed)
    shares = []
    for _ in range(20):
        chunks = dict.fromkeys(rng.integers(0, 4000, 20).tolist(), 0.015)
        entities = dict.fromkeys(rng.integers(10, 9000, 10).tolist(), 0.07)
        whole, near = spread.rank(chunks, entities), push.rank(chunks, entities)
        shares.append(len(set(np.argsort(-whole)[:10]) & set(np.argsort(-near)[:10])) / 10)
    assert np.mean(shares) >= 0.95


def test_a_chunk_named_twice_by_the_question_outranks_one_named_once() -> None:
    index = WalkIndex(random_view(50, 40, 1))
    together = {n: set(index.edges[n][0].tolist()) for n in range(50)}
    pair = next(sorted(found)[:2] for found in together.values() if len(found) > 2)
    scores = Spread(index).rank({}, dict.fromkeys(pair, 0.5))
    best = int(np.argmax(scores))
    assert together[best] & set(pair)


def test_the_mass_of_the_whole_graph_is_kept() -> None:
    index = WalkIndex(random_view(300, 500, 2))
    scores = Spread(index).rank({3: 0.5}, {7: 0.5})
    assert 0 < scores.sum() <= 1
    assert Push(index).rank({3: 0.5}, {7: 0.5}).sum() == pytest.approx(scores.sum(), rel=0.02)


def test_nothing_to_start_from_ranks_nothing() -> None:
    index = WalkIndex(random_view(30, 30, 3))
    assert not Spread(index).rank({}, {}).any()
    assert not Push(index).rank({}, {}).any()
