"""A trained router as plain arrays: one matrix of weights over sparse features and vectors, and what weighs its parts.

The file is an npz without pickle, written so that the same arrays give the same bytes. scikit-learn makes it
(``retrieve.router.train``); nothing here needs scikit-learn.
"""

import hashlib
import json
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from clew.errors import IndexIncompatible
from clew.ports import Floats

FORMAT = 3
NO_SUPPORT: Floats = np.zeros((0, 0), np.float32)
PATHS = ("direct", "global", "graph", "passages")
HEADS = (*PATHS, "compute", "fresh")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dense:
    """A vector's part: which embedder gives it, for which languages, its mean by language and its weights.

    With a ``width`` the kernel is radial: what is weighed is not the vector but its nearness to each of ``support``.
    """

    embedder: str
    languages: tuple[str, ...]
    means: Floats  # (languages, size)
    weights: Floats  # (size, heads), or (questions, heads)
    width: float = 0.0
    support: Floats = field(default_factory=lambda: NO_SUPPORT)  # (questions, size): unit length, steps of 1/127

    def margins(self, vector: Floats, language: str) -> NDArray[np.floating]:
        """This part's share in the margins."""
        moved = vector - self.means[self.languages.index(language)]
        unit = moved / max(float(np.linalg.norm(moved)), 1e-9)
        if self.width:
            unit = np.exp(2 * self.width * (self.support @ unit - 1))
        found: NDArray[np.floating] = unit @ self.weights
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Weights of the six SVMs (four paths, compute, fresh) and what turns their margins into probabilities.

    ``vocabulary`` maps block + tab + feature to its row. ``blocks`` are scaled to unit length each. ``slope`` and
    ``offset`` are logistic regressions on ``signs``: one of the four paths, and one each for compute and fresh.
    """

    blocks: tuple[str, ...]
    vocabulary: Mapping[str, int]
    idf: Floats  # (features,)
    weights: Floats  # (features, heads)
    bias: NDArray[np.float64]  # (heads,)
    dense: tuple[Dense, ...]
    slope: NDArray[np.float64]  # (signs, heads)
    offset: NDArray[np.float64]  # (heads,)
    about: Mapping[str, str]
    sha256: str = ""

    def judge(
        self, features: Mapping[str, Sequence[str]], language: str, vectors: Mapping[str, Floats]
    ) -> tuple[NDArray[np.float64], float, float]:
        """Calibrated probabilities: of each path (summing to one), of compute, of fresh.

        ``vectors`` holds the question's vector by embedder name, for the embedders in ``needs(language)``.
        """
        shares = self.shares(features, language, vectors)[None]
        seen = signs(shares, shares.sum(1) + self.bias, np.array([language == "zh"]))[0]
        logits = seen @ self.slope + self.offset
        paths = np.exp(logits[: len(PATHS)] - logits[: len(PATHS)].max())
        compute, fresh = 1 / (1 + np.exp(-logits[len(PATHS) :]))
        return paths / paths.sum(), float(compute), float(fresh)

    def shares(
        self, features: Mapping[str, Sequence[str]], language: str, vectors: Mapping[str, Floats]
    ) -> NDArray[np.float64]:
        """What each block and each vector adds to the margin of each SVM: (parts, heads).

        Their sum and the bias say how far the question lies on the yes side.
        """
        shares = np.zeros((len(self.blocks) + len(self.dense), len(HEADS)))
        for share, block in zip(shares, self.blocks, strict=False):
            rows, values = self.row(block, features[block])
            if len(rows):
                share[:] = values @ self.weights[rows]
        for share, part in zip(shares[len(self.blocks) :], self.dense, strict=True):
            if language in part.languages:
                share[:] = part.margins(vectors[part.embedder], language)
        return shares

    def row(self, block: str, features: Sequence[str]) -> tuple[list[int], Floats]:
        """A block's features as (rows, tf-idf values of unit length); unknown ones are left out."""
        counts = Counter(at for f in features if (at := self.vocabulary.get(f"{block}\t{f}")) is not None)
        rows = list(counts)
        values = (1 + np.log(np.fromiter(counts.values(), np.float32, len(rows)))) * self.idf[rows]
        return rows, (values / max(float(np.linalg.norm(values)), 1e-9)).astype(np.float32)

    def needs(self, language: str) -> tuple[str, ...]:
        """Names of the embedders whose vector of a question in this language is wanted."""
        return tuple(d.embedder for d in self.dense if language in d.languages)


def signs(shares: NDArray[np.float64], margins: NDArray[np.float64], chinese: NDArray[np.bool_]) -> NDArray[np.float64]:
    """What the probabilities are made of: each part's share in each margin, the margins, and their products by two.

    ``shares`` is (questions, parts, heads), ``margins`` (questions, heads). Chinese counts as a seventh margin, for
    there fewer parts speak.
    """
    whole = np.concatenate([margins, chinese[:, None]], 1)
    first, second = np.triu_indices(whole.shape[1])
    return np.concatenate([shares.reshape(len(shares), -1), whole, whole[:, first] * whole[:, second]], 1)


def save(model: Model, path: Path) -> None:
    """Write the model; equal models give equal bytes."""
    arrays: dict[str, NDArray[np.generic]] = {
        "idf": model.idf,
        "weights": model.weights,
        "bias": model.bias,
        "slope": model.slope,
        "offset": model.offset,
        "vocabulary": np.frombuffer("\n".join(model.vocabulary).encode(), np.uint8),
    }
    for i, part in enumerate(model.dense):
        support = np.rint(part.support * 127).astype(np.int8)
        arrays |= {f"means{i}": part.means, f"dense{i}": part.weights, f"support{i}": support}
    about = {
        "format": FORMAT,
        "blocks": model.blocks,
        "heads": HEADS,
        "dense": [{"embedder": d.embedder, "languages": d.languages, "width": d.width} for d in model.dense],
        "about": dict(model.about),
    }
    arrays["about"] = np.frombuffer(json.dumps(about, ensure_ascii=False, sort_keys=True).encode(), np.uint8)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name, array in sorted(arrays.items()):
            buffer = BytesIO()
            np.lib.format.write_array(buffer, np.ascontiguousarray(array), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy")  # dated 1980, so that the time of writing leaves no trace
            entry.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(entry, buffer.getvalue(), compresslevel=9)


def load(path: Path) -> Model:
    """Read a model; raises IndexIncompatible if the file is none of ours or of another version."""
    remedy = "Make it again: clew router train --out FILE"
    try:
        raw = path.read_bytes()
        with zipfile.ZipFile(BytesIO(raw)) as file:
            arrays = {
                name.removesuffix(".npy"): np.lib.format.read_array(BytesIO(file.read(name)), allow_pickle=False)
                for name in file.namelist()
            }
        about = json.loads(arrays["about"].tobytes())
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as problem:
        raise IndexIncompatible(f"{path} cannot be read as a router: {problem}", remedy) from problem
    if about.get("format") != FORMAT or tuple(about["heads"]) != HEADS:
        raise IndexIncompatible(f"{path} is a router of format {about.get('format')}, not {FORMAT}.", remedy)
    terms = arrays["vocabulary"].tobytes().decode().split("\n")
    return Model(
        blocks=tuple(about["blocks"]),
        vocabulary={term: i for i, term in enumerate(terms)},
        idf=arrays["idf"].astype(np.float32),
        weights=arrays["weights"].astype(np.float32),
        bias=arrays["bias"],
        dense=tuple(
            Dense(
                embedder=d["embedder"],
                languages=tuple(d["languages"]),
                means=arrays[f"means{i}"],
                weights=arrays[f"dense{i}"],
                width=d["width"],
                support=arrays[f"support{i}"].astype(np.float32) / np.float32(127),
            )
            for i, d in enumerate(about["dense"])
        ),
        slope=arrays["slope"],
        offset=arrays["offset"],
        about=about["about"],
        sha256=hashlib.sha256(raw).hexdigest(),
    )
