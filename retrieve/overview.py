"""The global path: the documents that a question about the whole folder is about, each by its best sentence.

Passages are found by few words of one place; such a question wants all places. So documents are judged, not passages:
by words and names in either language, by meaning, by the folders and communities of those that fit best.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_array

from clew.language import HAN
from clew.ports import Embedder, Floats, Hit, QueryVectors, VectorStore
from clew.records import ANYWHERE, Chunk, Evidence, Fact, Found, Scope, Span
from graph.ports import Community, GraphStore
from graph.view import View
from ingest.blocks import plain
from retrieve.asking import ABOUT, ABOUT_HAN, Asking, asking
from retrieve.bearing import Bearing, Held, bearing
from retrieve.content import terms
from retrieve.cosines import Cosines
from retrieve.crossing import Names
from retrieve.groups import Bags, Group, bag, left_open, share
from retrieve.reports import Report, Reports
from retrieve.topic import off_topic

WIDE = 500  # passages from each search that are looked at
SMALL = 2_000  # passages of a folder that is looked at as a whole where nothing in particular is asked
MANY_THEMES = 40  # communities whose sentences stand for a larger one
THEMES = 8  # communities that an answer is told by
TOLD = 3  # of which a model is told what they are about
SPOKEN = 30  # passages that show whether what is asked is spoken of: more than elsewhere, it stands in many places
NEAR = 1.0  # worth of a sentence that is the question, beside one that has all its words
FEW = 6  # terms below which a sentence says little on its own
ENDS = tuple('.!?。！？”’"»)）;；:：')  # what a whole sentence ends in; a row, a heading or a signature mostly does not
PAUSE = re.compile("[,;(，、；（]")
MANY = 7  # of these in a sentence: it lists who was there
SHORT = 0.4  # taken off where it is not whole, says little or only lists
MENTIONS = 200_000  # in a graph of more, names are not looked for by their sound


@dataclass(frozen=True, slots=True)
class _Graph:
    """What is known of the graph at a revision."""

    revision: int
    names: Names
    communities: tuple[Community, ...]
    reports: dict[int, Report] = field(default_factory=dict)
    themes: dict[tuple[str, ...], Floats] = field(default_factory=dict)


class Overview:
    """Finds for questions about everything that a store and its graph hold. The caller holds the index."""

    def __init__(self, store: VectorStore, graph: GraphStore, embedder: Embedder, reports: Reports) -> None:
        self._store = store
        self._graph = graph
        self._embedder = embedder
        self._reports = reports
        self._known: _Graph | None = None
        self._bags = Bags()
        self._cosines = Cosines(store, embedder)

    def find(
        self, question: str, query: QueryVectors | None, *, limit: int, scope: Scope = ANYWHERE, said: str = ""
    ) -> Found:
        """The best passage of each document, the likeliest document first, then the second of each, and so on.

        A piece's score is how likely its document is wanted, its fact the sentence that speaks for it, its theme the
        title of the community by which it is told. ``said`` is the question with other words for its own behind it.
        """
        known = self._graph_now()
        asked = asking(question, known.names, also=said.removeprefix(question))
        vector = query.vector if query is not None else self._carried(asked)
        hits = self._search(question, None if query is None else vector, scope)
        further = self._search(asked.carried_words, vector, scope) if asked.carried or query is None else []
        chunks = [hit.chunk for hit in (*hits, *further)]
        held = self._held([*chunks, *self._everything(known, scope)] if asked.general else chunks)
        if not held:
            return Found(evidence=(), uncovered=_left_open(question, (), asked))
        rows = {} if asked.general else self._cosines.of((chunk for one in held for chunk in one.chunks), vector)
        near = [max((float(rows[c.id].max()) for c in one.chunks if c.id in rows), default=math.nan) for one in held]
        if asked.general:  # nothing to be near to: what is long tells of much
            near = [math.log(1 + sum(own.total() for own in one.bags)) for one in held]
        order = {id_: n for n, id_ in enumerate(dict.fromkeys(hit.chunk.document.id for hit in hits))}
        ids = tuple(chunk.id for one in held for chunk in one.chunks)
        themes = known.themes.get(ids)
        if themes is None:
            themes = self._themes(held, known)
            known.themes.clear()  # another question may look at the same time
            known.themes[ids] = themes
        judged = bearing(asked, held, np.array(near, np.float32), [order.get(one.document.id) for one in held], themes)
        reports = self._reports_of(known, themes, judged.likely)
        central = {told.chunk: told.span for report in reports.values() for told in reversed(report.sentences)}
        numbers = list(reports)
        pieces = []
        for n, chunk in _ordered(asked, held, judged, rows, central)[:limit]:
            groups, weights = asked.groups(chunk.document.language), judged.weights[chunk.document.language]
            span = _best_sentence(chunk, groups, weights, rows.get(chunk.id), central.get(chunk.id))
            spoken = themes[numbers, n] if numbers else np.zeros(1)
            pieces.append(
                Evidence(
                    chunk=chunk,
                    score=float(judged.likely[n]),
                    via="global",
                    facts=() if span is None else (_fact(chunk, span),),
                    theme=reports[numbers[int(spoken.argmax())]].title if spoken.max() > 0 else "",
                )
            )
        first = [piece.chunk for piece in pieces[:SPOKEN]]
        nearest = max((float(rows[one.id].max()) for one in first if one.id in rows), default=None)
        return Found(
            evidence=tuple(pieces),
            uncovered=_left_open(question, (one.chunk for one in pieces), asked),
            unsaid=off_topic(question, first, asked.carried, None if query is None else nearest),
        )

    def names(self) -> Names:
        """The names of the folder, to find those of a question in the other language by."""
        return self._graph_now().names

    def about(self, found: Found) -> str:
        """What a model says of the themes of the likeliest documents; empty where none is set. Needs no store."""
        if self._known is None:
            return ""
        titles = list(dict.fromkeys(piece.theme for piece in found.evidence if piece.theme))[:TOLD]
        by_title = {report.title: report for report in self._known.reports.values()}
        told = [self._reports.summed_up(by_title[title]) for title in titles if title in by_title]
        return "\n".join(f"{report.title}: {report.text}" for report in told if report.text)

    def _graph_now(self) -> _Graph:
        revision = self._graph.revision()
        if self._known is None or self._known.revision != revision:
            few = self._graph.counts()["mentions"] <= MENTIONS
            entities = self._graph.view().entities if few else ()
            names = Names(name for entity in entities for name in (entity.name, *entity.aliases))
            self._known = _Graph(revision, names, tuple(self._graph.communities()))
        return self._known

    def _carried(self, asked: Asking) -> Floats | None:
        """The vector of what could be carried of a question in a language that the embedder does not know."""
        return self._embedder.embed_query(asked.english).vector if asked.english else None

    def _search(self, text: str, vector: Floats | None, scope: Scope) -> list[Hit]:
        return self._store.search(text, vector, limit=WIDE, scope=scope, depth=WIDE)

    def _everything(self, known: _Graph, scope: Scope) -> list[Chunk]:
        """Every passage of a small folder; of a large one those with the sentences of its largest communities."""
        if self._store.count() <= SMALL:
            return [chunk for chunk in self._store.scroll() if scope.admits(chunk.document)]
        large = sorted((c for c in known.communities if c.level == 0), key=lambda c: -len(c.entities))
        told = [told.chunk for community in large[:MANY_THEMES] for told in self._reports.of(community).sentences]
        return [chunk for chunk in self._store.fetch(told).values() if scope.admits(chunk.document)]

    def _held(self, found: Sequence[Chunk]) -> list[Held]:
        """The documents of some passages, each with those of its passages, in the order of their paths."""
        chunks = {chunk.id: chunk for chunk in found}
        by_document: dict[str, list[Chunk]] = defaultdict(list)
        for chunk in chunks.values():
            by_document[chunk.document.id].append(chunk)
        held = []
        for own in by_document.values():
            own.sort(key=lambda chunk: chunk.span.start)
            held.append(Held(own[0].document, tuple(own), tuple(map(self._bags.of, own))))
        return sorted(held, key=lambda one: (one.document.path, one.document.id))

    def _themes(self, held: Sequence[Held], known: _Graph) -> Floats:
        """(communities, documents): the share of each community in whom a document speaks of, rare names first.

        A name in the other language counts as the one it sounds like.
        """
        communities = known.communities
        chunks = {chunk.id: n for n, one in enumerate(held) for chunk in one.chunks}
        view = self._graph.around((), list(chunks), limit=len(chunks))
        spoken: Counter[tuple[int, int]] = Counter()
        meant = _sounding(view, known.names)
        for chunk, entity in zip(view.chunk.tolist(), view.entity.tolist(), strict=True):
            if (document := chunks.get(view.chunks[chunk])) is not None:
                spoken[(document, meant.get(entity, entity))] += 1
        if not spoken or not communities:
            return np.zeros((len(communities), len(held)), np.float32)
        at = np.array(list(spoken))
        among = np.bincount(at[:, 1], minlength=len(view.entities))
        weight = (1 + np.log(np.array(list(spoken.values())))) * np.log(len(held) / among[at[:, 1]])
        whole = np.sqrt(np.bincount(at[:, 0], weight**2, minlength=len(held)))
        speech = csr_array((weight / np.maximum(whole[at[:, 0]], 1e-9), (at[:, 0], at[:, 1])), (len(held), len(among)))
        entity = {one.id: n for n, one in enumerate(view.entities)}
        pairs = [(n, entity[id_]) for n, one in enumerate(communities) for id_ in one.entities if id_ in entity]
        rows, columns = np.array(pairs, np.int64).reshape(-1, 2).T
        members = csr_array((np.ones(len(rows)), (rows, columns)), (len(communities), len(among)))
        found: Floats = (members @ speech.T).toarray().astype(np.float32)
        return found

    def _reports_of(self, known: _Graph, themes: Floats, likely: Floats) -> dict[int, Report]:
        """The reports of the large communities that the likely documents speak of most."""
        large = [n for n, community in enumerate(known.communities) if community.level == 0]
        spoken = themes @ (likely**2)
        chosen = [n for n in sorted(large, key=lambda n: -float(spoken[n]))[:THEMES] if spoken[n] > 0]
        for n in chosen:
            if n not in known.reports:
                known.reports[n] = self._reports.of(known.communities[n])
        return {n: known.reports[n] for n in chosen}


def _sounding(view: View, names: Names) -> dict[int, int]:
    """From entities with a Chinese name to the most mentioned one of the English name that it sounds like."""
    often = Counter(view.entity.tolist())
    bearing_it: dict[str, int] = {}
    for n, entity in sorted(enumerate(view.entities), key=lambda one: often[one[0]]):
        for name in (*entity.aliases, entity.name):
            bearing_it |= dict.fromkeys((name, *name.split()), n)
    found = {}
    for n, entity in enumerate(view.entities):
        if HAN.match(entity.name):
            alike = [bearing_it[name] for _, ways in names.across(entity.name) for name in ways if name in bearing_it]
            if alike:
                found[n] = alike[0]
    return found


def _left_open(question: str, chunks: Iterable[Chunk], asked: Asking) -> tuple[str, ...]:
    """The words of a question about the whole folder that none of the passages has; not those that speak of it."""
    told = ABOUT_HAN.sub(lambda found: "，" * len(found[0]), question)
    return tuple(word for word in left_open(told, chunks, asked.carried) if not terms(word) or terms(word) - ABOUT)


def _fact(chunk: Chunk, span: Span) -> Fact:
    return Fact(text=chunk.quote(span), document=chunk.document, chunk_id=chunk.id, span=span)


def _ordered(
    asked: Asking, held: Sequence[Held], judged: Bearing, rows: Mapping[str, Floats], central: Mapping[str, Span]
) -> list[tuple[int, Chunk]]:
    """Every passage with its document's number: each document's best, the likeliest document first, then the second.

    Where nothing in particular is asked, those with a sentence of a report are the best.
    """
    placed = []
    for n, one in enumerate(held):
        groups, weights = asked.groups(one.document.language), judged.weights[one.document.language]
        worth = [
            share(groups, weights, whole) + NEAR * float(rows[chunk.id].max() if chunk.id in rows else 0.0)
            for chunk, whole in zip(one.chunks, one.bags, strict=True)
        ]
        if asked.general:
            worth = [float(chunk.id in central) for chunk in one.chunks]
        best = sorted(range(len(worth)), key=lambda at: -worth[at])
        placed += [(turn, -float(judged.likely[n]), n, one.chunks[at]) for turn, at in enumerate(best)]
    return [(n, chunk) for *_, n, chunk in sorted(placed, key=lambda one: one[:3])]


def _best_sentence(
    chunk: Chunk, groups: Sequence[Group], weights: Sequence[float], near: Floats | None, central: Span | None
) -> Span | None:
    """The sentence of a passage that says most of what is asked; where nothing is, the ``central`` one."""
    graded = []
    for nth, span in enumerate(chunk.sentences):
        text = plain(chunk.quote(span))
        own = bag(text)
        worth = share(groups, weights, own) if groups else float(span == central)
        if near is not None and nth < len(near):
            worth += NEAR * float(near[nth])
        if len(own) < FEW or not text.endswith(ENDS) or len(PAUSE.findall(text)) > MANY:
            worth -= SHORT
        graded.append((worth, -nth, span))
    return max(graded)[2] if graded else None
