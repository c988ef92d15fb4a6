"""Facts from one graph store into another, whatever is there already; and whether two stores hold the same."""

from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager

from clew.ports import Progress
from clew.records import Document
from graph.naming import Naming
from graph.pipeline import FactGraph
from graph.ports import GraphStore, Reading

BATCH = 32  # documents

Hold = Callable[[], AbstractContextManager[None]]


def copy(source: GraphStore, target: FactGraph, hold: Hold, progress: Progress) -> None:
    """Make ``target`` hold what ``source`` does: what documents say and people decided is copied, and the entities
    follow from it. What is there already, from a copy that was interrupted, stays."""
    store = target.store
    with hold():
        wanted = {document.id: document for document in source.sources()}
        namings = defaultdict[str, list[Naming]](list)
        for naming in source.namings():
            namings[naming.document].append(naming)
        decisions = source.decisions()
    have = {document.id: document for document in store.sources()}
    store.delete([id_ for id_ in have if id_ not in wanted])
    missing = [document for id_, document in wanted.items() if have.get(id_) != document]
    progress.start("Moving facts", len(missing))
    for at in range(0, len(missing), BATCH):
        readings = []
        for document in missing[at : at + BATCH]:
            with hold():
                triples = source.triples(document.chunks)
            named = Document(
                id=document.id, path=document.path, title=document.title, media_type="", content_hash=""
            )  # a graph keeps no more of a document
            readings.append(
                Reading(
                    document=named,
                    chunks=document.chunks,
                    namings=tuple(namings[document.id]),
                    triples=tuple(triples),
                )
            )
        store.write(readings)
        progress.advance(len(readings))
    progress.finish()
    known = store.decisions()
    if known != decisions:
        store.withdraw([decision.naming for decision in known])
        store.decide(decisions)
    progress.start("Joining names", None)
    target.settle()
    progress.finish()


def difference(one: GraphStore, other: GraphStore) -> str:
    """What differs first between two stores, in a few words; empty if they hold the same."""
    if one.counts() != other.counts():
        return f"{one.counts()} against {other.counts()}"
    for what, read in _READ.items():
        if read(one) != read(other):
            return what
    return ""


def _view(store: GraphStore) -> object:
    view = store.view()
    return view.chunks, view.entities, view.chunk.tolist(), view.entity.tolist(), view.sentence.tolist()


_READ: dict[str, Callable[[GraphStore], object]] = {
    "the documents": lambda store: store.sources(),
    "who is named where": _view,
    "what documents name": lambda store: sorted(store.namings(), key=lambda naming: naming.id),
    "what passages state": lambda store: sorted(
        map(repr, store.triples([id_ for source in store.sources() for id_ in source.chunks]))
    ),
    "the relations": lambda store: list(store.relations()),
    "the communities": lambda store: store.communities(),
    "what people decided": lambda store: store.decisions(),
    "the entities": lambda store: store.stamps(),
}
