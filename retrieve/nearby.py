"""The walk that a question takes: over the whole graph where that is at hand, else over the part around it.

A graph on a server is not fetched for a question. What lies around the question's names and its passages is, and is
ranked by the same code; what is rare is for the whole to say.
"""

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from clew.ports import QueryVectors
from graph.forms import form_of
from graph.part import Part
from graph.ports import GraphStore
from retrieve.entities import LONGEST, candidates, known_names
from retrieve.kept import Kept
from retrieve.kin import LIKELY, Kin
from retrieve.rarity import SAMPLE, Rarity
from retrieve.walk import Reader, Walk
from retrieve.walkindex import WalkIndex

WHOLE = SAMPLE
"""A graph on a server with at most so many chunks is fetched whole, once for each state of it."""
PARTS = (250, 700)
"""Chunks of a part at first, and after looking on from where the walk over it leads: docs/decisions/0013-servers.md."""
LIKELY_FIRST = 100
"""Of the names that a walk passes most, those whose kin is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Far:
    """A graph that is too large to be fetched: what was read of it and of its chunks, how rare its words are, and its
    titles: their forms, and the ids of those who bear them."""

    part: Part
    reader: Reader
    rarity: Rarity
    kin: Kin
    titles: Mapping[str, Sequence[str]]


class Nearby:
    """Gives each question its walk, and keeps what the next question can use. The caller holds the index."""

    def __init__(self, graph: GraphStore, reader: Reader) -> None:
        self._graph = graph
        self._reader = reader
        self._seen: tuple[int, Walk | Far] | None = None

    def walk(
        self,
        question: str,
        query: QueryVectors | None,
        hybrid: Sequence[tuple[str, float]],
        *,
        deep: bool = True,
    ) -> Walk:
        """A walk on which the question's names and the passages path's ranking (chunk id, score) stand.

        Not ``deep``: only to put the ranking in order.
        """
        revision = self._graph.revision()
        if self._seen is None or self._seen[0] != revision:
            self._seen = (revision, self._look())
        seen = self._seen[1]
        if isinstance(seen, Walk):
            return seen
        names = self._named(question)
        seeds = self._graph.led({id_: 1.0 for ids in names.values() for id_ in ids}, PARTS[0])
        chunks = list(dict.fromkeys([*(id_ for id_, _ in hybrid), *seeds]))[: PARTS[0]]
        walk = self._over(chunks, names, seen)
        for limit in PARTS[1:] if deep else ():
            flow = walk.leads(question, query, hybrid)
            on = self._graph.led(_leads(walk.index, flow, seen), limit)
            chunks = list(dict.fromkeys([*chunks, *on]))[:limit]
            walk = self._over(chunks, names, seen)
        return walk

    def _over(self, chunks: Sequence[str], names: Mapping[str, Sequence[str]], far: Far) -> Walk:
        index = WalkIndex(far.part.view(chunks), names)
        return Walk(index, far.reader, rarity=far.rarity, kin=far.kin)

    def _look(self) -> Walk | Far:
        """The walk over the whole graph, or what is to be known of one that is too large."""
        if self._graph.remote:
            first = self._graph.chunks(max(WHOLE + 1, SAMPLE))
            if len(first) > WHOLE:
                part = Part(self._graph, self._graph.counts()["chunks"])
                part.read(first)  # a question's part then has fewer chunks that nobody has read yet
                titles: dict[str, list[str]] = defaultdict(list)
                for id_, name in self._graph.titles().items():
                    titles[form_of(name)].append(id_)
                return Far(
                    part=part,
                    reader=Remembering(self._reader),
                    rarity=Rarity.of(first, self._reader.terms),
                    kin=Kin(titles),
                    titles=titles,
                )
        return Walk(WalkIndex(self._graph.view()), self._reader)

    def _named(self, question: str) -> dict[str, list[str]]:
        """The names that the question names someone by, with the ids of all who bear them."""
        bearers: dict[str, list[str]] = defaultdict(list)
        for entity in self._graph.named(candidates(question)):
            for form in {form_of(name) for name in (entity.name, *entity.aliases)}:
                bearers[form].append(entity.id)
        return {name: bearers[name] for name, _ in known_names(question, Names(by_name=bearers))}


def _leads(index: WalkIndex, flow: Mapping[int, float], far: Far) -> dict[str, float]:
    """Where to look on, by entity: what flows through it, and through the names that may stand for its title."""
    found = {id_: share for node, share in flow.items() for id_ in index.ids[node]}
    for node in list(flow)[:LIKELY_FIRST]:
        for title in far.kin.of(index.forms[node]):
            for id_ in far.titles[title]:
                found[id_] = max(found.get(id_, 0.0), LIKELY * flow[node])
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names that are known, in the form names are compared in."""

    by_name: Container[str]
    longest: int = LONGEST


class Remembering:
    """A reader that keeps what it read for the walks of further questions."""

    def __init__(self, reader: Reader) -> None:
        self.fetch = reader.fetch
        self.terms = Kept(reader.terms).of
        self.sentence_vectors = Kept(reader.sentence_vectors).of
