"""Questions in several threads share what was read of sentence vectors."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from clew.ports import Int8s
from retrieve import sentences as module
from retrieve.sentences import Sentences

MANY = 3000
EACH = 5


@pytest.fixture(autouse=True)
def _hasty_threads() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def read(chunks: Sequence[str]) -> Mapping[str, Int8s]:
    return {id_: np.full((EACH, 8), int(id_) % 120, np.int8) for id_ in chunks}


@pytest.mark.parametrize("trial", range(5))
def test_each_chunk_keeps_its_own_vectors_whoever_else_loads(trial: int) -> None:
    shared = Sentences([str(n) for n in range(MANY)], read)

    def question(seed: int) -> bool:
        random = np.random.default_rng(seed)
        loaded = []
        for _ in range(60):
            chunks = np.unique(random.integers(0, MANY, 80))
            shared.load(chunks)
            loaded.append(bool((shared.counts(chunks) == EACH).all()))
        return all(loaded)

    with ThreadPoolExecutor(6) as threads:
        assert all(threads.map(question, range(6 * trial, 6 * trial + 6)))
    shared.load(np.arange(MANY))
    for chunk in range(MANY):
        assert np.array_equal(shared.of(chunk), np.full((EACH, 8), chunk % 120))


def test_when_there_are_many_it_is_time_to_start_anew_and_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", EACH)
    shared = Sentences(["1", "2"], read)
    shared.load(np.array([0]))
    assert not shared.full
    shared.load(np.array([1]))
    assert shared.full
    assert shared.of(0).shape == (EACH, 8)
