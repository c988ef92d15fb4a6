"""What the weights of quoted sentences are fitted and judged by."""

import numpy as np

from evals.quoting import Seen, fit, found, out_of_sample, quoted
from retrieve.weigh import OBSERVED

OWN = list(OBSERVED).index("own")


def questions(count: int, *, clear: bool) -> list[Seen]:
    """Questions of ten sentences, one of them right: by what it has of the question if that is ``clear``."""
    rng = np.random.default_rng(7)
    made = []
    for _ in range(count):
        seen = rng.random((10, len(OBSERVED))).astype(np.float32)
        right = np.arange(10) == int(seen[:, OWN].argmax() if clear else rng.integers(10))
        made.append(Seen(language="en", seen=seen, right=right, quoted=2, quoted_right=1, facts=0.5))
    return made


def test_the_observation_that_tells_gets_the_weight() -> None:
    weights = fit(questions(200, clear=True))
    assert weights.argmax() == OWN
    assert weights[OWN] > 5 * np.abs(np.delete(weights, OWN)).max()


def test_questions_are_judged_by_weights_fitted_on_others() -> None:
    told, untold = questions(160, clear=True), questions(160, clear=False)
    assert found(told, out_of_sample(told))["en"]["first 1"] > 0.9
    assert found(untold, out_of_sample(untold))["en"]["first 1"] < 0.25
    assert found(told, [-one.seen[:, OWN] for one in told])["en"] == {
        "questions": 160,
        "first 1": 0.0,
        "first 3": 0.0,
        "all": 1.0,
    }


def test_what_is_quoted_is_counted_by_sentence() -> None:
    assert quoted(questions(4, clear=True)) == {"facts quoted": 0.5, "right of those quoted": 0.5, "sentences": 2.0}
