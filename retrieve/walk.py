"""The graph path: from the question's entities over sentences to the chunks that must be joined.

Ideas from HippoRAG 2 (arXiv 2502.14802: PageRank with passage nodes) and LinearRAG (arXiv 2510.10114: entities
bridged by sentences, no language model); what each step brings is measured in docs/decisions/0006-the-walk.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from clew.ports import Int8s, QueryVectors
from graph.naming import Place
from retrieve.asked import Asked, asked
from retrieve.bridges import Reached, bridge, residual
from retrieve.cover import Cover, cover
from retrieve.entities import Near, Seed, entities_of
from retrieve.kept import Kept
from retrieve.kin import Kin
from retrieve.links import links
from retrieve.places import Places, Shelf
from retrieve.push import Push
from retrieve.rarity import Rarity
from retrieve.sentences import Ints, Sentences
from retrieve.spread import DAMPING, Spread
from retrieve.terms import terms
from retrieve.walkindex import Doubles, WalkIndex
from retrieve.wording import Texts, Wording

CHUNKS_OF_ALL = 20_000
"""Above this many chunks rank by local push."""

HYBRID = 0.15  # restart mass of the hybrid ranking, by reciprocal rank; the entities' is 1
CREDIT = 0.15  # of the chunks credited by a sentence
CANDIDATES = 40  # that the cover chooses from
LEADS = 300  # entities that tell where to look on
FACTS = 3  # sentences shown for a chunk


class Reader(Texts, Protocol):
    """What the walk reads of the vector store."""

    def sentence_vectors(self, chunks: Sequence[str]) -> Mapping[str, Int8s]: ...
    def terms(self, chunks: Sequence[str]) -> Mapping[str, frozenset[int]]: ...


@dataclass(frozen=True, slots=True)
class Step:
    """A chunk the walk came to: ``facts`` are the sentences that led there, the bridge first."""

    chunk: str
    score: float
    facts: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Walked:
    """A ranking, the entity ids it started from, and the question's words of which its top says nothing."""

    steps: tuple[Step, ...]
    seeds: tuple[str, ...]
    uncovered: tuple[str, ...]


class Walk:
    """Walks over one view; keep it while the view stands. ``near`` finds entities by vector where none is named.

    ``rarity`` and ``kin`` are those of the whole, where the view is of a part.
    """

    def __init__(
        self,
        index: WalkIndex,
        reader: Reader,
        *,
        near: Near | None = None,
        rarity: Rarity | None = None,
        kin: Kin | None = None,
    ) -> None:
        self.index = index
        self._reader = reader
        self._near = near
        self._rarity = rarity
        self._titles = kin
        self._vectors = Sentences(index.chunks, reader.sentence_vectors)
        self._terms = Kept(reader.terms)

    def rank(
        self,
        question: str,
        query: QueryVectors | None,
        hybrid: Sequence[tuple[str, float]],
        *,
        limit: int,
        seeds: Sequence[Seed] | None = None,
    ) -> Walked:
        """The chunks that bear on a question, best first.

        ``query`` is None where the embedder lacks the question's language: then sentences are compared by their
        words. ``hybrid`` is the passages path's ranking as (chunk id, score), best first; its ranks count. ``seeds``
        are the question's entities where they are known already.
        """
        about = asked(question, query, self.rarity)
        seeds = self.seeds(question, query) if seeds is None else seeds
        mass = self._mass(hybrid)
        reached = self._reach(about, seeds, _named(mass))
        chunks, entities = self._restart(mass, reached)
        scores = self._spread.rank({n: share for n, share in chunks.items() if n >= 0}, entities)
        top = _top(scores, max(limit, CANDIDATES)).tolist()
        found = [(self.index.chunks[n], float(scores[n])) for n in top]
        found += [(hybrid[-1 - n][0], (1 - DAMPING) * chunks[n]) for n in mass if n < 0]
        found.sort(key=lambda one: -one[1])
        first, rest = found[:CANDIDATES], found[CANDIDATES:]
        ids = [id_ for id_, _ in first]
        chosen = self._cover(about, seeds, ids, np.log(np.maximum([score for _, score in first], 1e-12)))
        order = [ids[n] for n in chosen.order] + [id_ for id_, _ in rest]
        worth = [*chosen.worth, *(min(0.0, *chosen.worth) for _ in rest)]
        return Walked(
            steps=tuple(
                Step(id_, score, self._facts(id_, seeds, reached))
                for id_, score in zip(order[:limit], worth, strict=False)
            ),
            seeds=tuple(id_ for seed in seeds for id_ in self.index.ids[seed.entity]),
            uncovered=chosen.uncovered,
        )

    def leads(self, question: str, query: QueryVectors | None, hybrid: Sequence[tuple[str, float]]) -> dict[int, float]:
        """The nodes that a walk passes most, with their share: where to look on, if the view is a part."""
        about = asked(question, query, self.rarity)
        mass = {n: share for n, share in self._mass(hybrid).items() if n >= 0}
        reached = self._reach(about, self.seeds(question, query), _named(mass))
        flow = Spread(self.index).through(*self._restart(mass, reached))
        return {n: float(flow[n]) for n in _top(flow, LEADS).tolist()}

    def order(
        self,
        question: str,
        query: QueryVectors | None,
        ranked: Sequence[tuple[str, float]],
        *,
        seeds: Sequence[Seed] | None = None,
    ) -> tuple[list[tuple[str, float]], tuple[str, ...]]:
        """Put another path's ranking of (chunk id, score) in the order of the cover: that ranking, and the question's
        words of which its top says nothing. The new scores never rise.

        Those behind the first forty stand last, as they stood.
        """
        about = asked(question, query, self.rarity)
        ids = [id_ for id_, _ in ranked[:CANDIDATES]]
        scores = np.array([score for _, score in ranked[:CANDIDATES]])
        chosen = self._cover(about, self.seeds(question, query) if seeds is None else seeds, ids, scores)
        ordered = {ids[n]: worth for n, worth in zip(chosen.order, chosen.worth, strict=True)}
        last = min(0.0, *ordered.values()) if ordered else 0.0
        rest = {id_: last for id_, _ in ranked if id_ not in ordered}
        return [*ordered.items(), *rest.items()], chosen.uncovered

    def seeds(self, question: str, query: QueryVectors | None) -> tuple[Seed, ...]:
        """The entities of a question."""
        vector = None if query is None else query.vector
        return entities_of(question, self.index, self.rarity, vector=vector, near=self._near)

    def named(self, question: str, query: QueryVectors | None, seeds: Sequence[Seed]) -> float:
        """The share of a question's words, rare ones first, that name the entities it starts from."""
        about = asked(question, query, self.rarity)
        names = self._names(seeds)
        return sum(
            float(weight) for weight, own in zip(about.weights, about.numbers, strict=True) if own <= names
        ) / max(float(about.weights.sum()), 1e-9)

    @cached_property
    def rarity(self) -> Rarity:
        return self._rarity or Rarity.of(self.index.chunks, self._reader.terms)

    @cached_property
    def _kin(self) -> Kin:
        return self._titles or Kin.within(self.index)

    @cached_property
    def _spread(self) -> Spread | Push:
        return Spread(self.index) if self.index.size <= CHUNKS_OF_ALL else Push(self.index)

    def _reach(self, about: Asked, seeds: Sequence[Seed], first: Sequence[int]) -> Reached:
        shelf: Shelf = Wording(self.index.chunks, self._reader, about)
        sentences = self._sentences()
        by_vector = about.vector is not None and _has_vectors(sentences, np.array(first, np.int64))
        if about.vector is not None and by_vector:
            shelf = sentences.compared(about.vector)
        places = Places(self.index, shelf, first)
        reached = bridge(seeds, places, shelf)
        self._kin.extend(reached, self.index, frozenset(seed.entity for seed in seeds))
        if by_vector:
            residual(about, self._names(seeds), places, sentences, reached)
        return reached

    def _names(self, seeds: Sequence[Seed]) -> frozenset[int]:
        """The terms of the entities' names."""
        return frozenset().union(*(terms(self.index.names[seed.entity]) for seed in seeds))

    def _cover(self, about: Asked, seeds: Sequence[Seed], ids: Sequence[str], scores: Doubles) -> Cover:
        words = self._terms.of(ids)
        inside = [n for n, id_ in enumerate(ids) if id_ in self.index.position]
        places = np.array([self.index.position[ids[n]] for n in inside], np.int64)
        vectors = self._sentences()
        vectors.load(places)
        rows = self._reader.sentence_vectors([id_ for id_ in ids if id_ not in self.index.position])
        rows = {**rows, **{ids[n]: vectors.of(place) for n, place in zip(inside, places.tolist(), strict=True)}}
        tied = np.zeros((len(ids), len(ids)), np.float32)
        tied[np.ix_(inside, inside)] = links(places, self.index, (seed.entity for seed in seeds))
        held = [words.get(id_, frozenset()) for id_ in ids]
        return cover(about, scores.astype(np.float32), held, [rows.get(id_) for id_ in ids], tied)

    def _sentences(self) -> Sentences:
        """The sentence vectors to go on with; a question that runs keeps those it began with."""
        if self._vectors.full:
            self._vectors = Sentences(self.index.chunks, self._reader.sentence_vectors)
        return self._vectors

    def _mass(self, hybrid: Sequence[tuple[str, float]]) -> dict[int, float]:
        """Each chunk of a ranking by reciprocal rank. What names nobody is -1 minus its rank: it has no edge, so what
        it starts with stays with it."""
        position = self.index.position
        return {position.get(id_, -1 - rank): 1 / (1 + rank) for rank, (id_, _) in enumerate(hybrid)}

    def _restart(self, hybrid: Mapping[int, float], reached: Reached) -> tuple[dict[int, float], dict[int, float]]:
        """Where PageRank starts from: (chunks, entities), together 1."""
        entities = {e: worth * float(self.index.rarity[e]) for e, worth in reached.active.items()}
        shares = (_share(hybrid, HYBRID), _share(reached.credit, CREDIT), _share(entities, 1.0))
        whole = sum(map(sum, (share.values() for share in shares))) or 1.0
        chunks = {n: (shares[0].get(n, 0.0) + shares[1].get(n, 0.0)) / whole for n in {**shares[0], **shares[1]}}
        return chunks, {e: share / whole for e, share in shares[2].items()}

    def _facts(self, id_: str, seeds: Sequence[Seed], reached: Reached) -> tuple[Place, ...]:
        """The sentences that led to a chunk: the bridges to it or to an entity of it, then its own best sentence."""
        chunk = self.index.position.get(id_)
        if chunk is None:
            return ()
        own = {seed.entity for seed in seeds}
        entities, _ = self.index.edges[chunk]
        active = sorted(
            (e for e in entities.tolist() if e in reached.by and e not in own), key=lambda e: -reached.active[e]
        )
        found = [reached.through[chunk]] if chunk in reached.through else []
        found += [reached.by[e] for e in active[:FACTS] if reached.by[e][0] != chunk]
        found = found[: FACTS - 1]
        if chunk in reached.within:
            found.append((chunk, reached.within[chunk]))
        return tuple(Place(self.index.chunks[c], s) for c, s in dict.fromkeys(found))


def _has_vectors(sentences: Sentences, chunks: Ints) -> bool:
    """Whether the embedder gave sentence vectors, by a few chunks."""
    sentences.load(chunks)
    return bool(sentences.counts(chunks).any())


def _named(mass: Mapping[int, float]) -> tuple[int, ...]:
    return tuple(n for n in mass if n >= 0)


def _top(scores: Doubles, most: int) -> Ints:
    """Where the highest scores above zero stand, best first; equal ones in the order of the chunks' ids."""
    found = np.flatnonzero(scores > 0)
    if len(found) > most:
        found = found[scores[found] >= np.partition(scores[found], -most)[-most]]
    top: Ints = found[np.argsort(-scores[found], kind="stable")][:most]
    return top


def _share(values: Mapping[int, float], whole: float) -> dict[int, float]:
    """Values scaled to sum up to ``whole``."""
    total = sum(values.values())
    return {key: whole * value / total for key, value in values.items()} if total > 0 else {}
