"""A small town of documents that tests write into graph stores, and a reader simple enough to foresee."""

import re
from collections.abc import Sequence

from clew.ids import chunk_id, document_id
from clew.records import Chunk, Document, Mention, Span, Triple
from graph.extract.facts import Facts
from graph.pipeline import FactGraph
from graph.ports import GraphStore, Neighbourhood, Relation
from graph.view import TITLE

PEOPLE = ("Ada Lusk", "Ada M Lusk", "Captain Lusk", "Nils Hagaman", "Maud Perrin")
SHIPS = ("Petrel", "Kittiwake", "Marigold")
PLACES = ("Averstrand", "Pellhythe", "Hask", "望潮船厂")
VERBS = ("met", "left", "painted")
TRADES = ("baker", "astronomer", "pilot")


def chunks_of(path: str, text: str, title: str = "") -> list[Chunk]:
    """A document with a chunk for each line and a sentence for each stretch up to a full stop."""
    document = Document(
        id=document_id("", path), path=path, title=title or path, media_type="text/plain", content_hash=text
    )
    chunks = []
    for line in re.finditer(r"[^\n]+\n?", text):
        span = Span(line.start(), line.end())
        sentences = tuple(
            Span(span.start + m.start(), span.start + m.end()) for m in re.finditer(r"[^.\n]+\.", line[0])
        )
        id_ = chunk_id(document.id, span, line[0])
        chunks.append(Chunk(id=id_, document=document, span=span, text=line[0], sentences=sentences))
    return chunks


def town(number: int, version: int) -> tuple[str, str]:
    """Path and text of a document of the town, different in each version; some name what others name."""
    lines = []
    for line in range(1 + (number + version) % 3):
        k = number * 7 + version * 3 + line
        person, other = PEOPLE[k % 5], PEOPLE[(k * 2 + 1) % 5]
        place = PLACES[(k + version) % 4]
        lines.append(
            f"{person} {VERBS[k % 3]} {other}. The {SHIPS[k % 3]} lay at {place}. "
            f"{person} was a {TRADES[(k + version) % 3]}."
        )
    return f"town/{number}.txt", "\n".join(lines)


def names(documents: Sequence[Sequence[Chunk]]) -> list[Facts]:
    """Finds the town's names, and who met, left or painted whom."""
    return [_names(chunks) for chunks in documents]


def _names(chunks: Sequence[Chunk]) -> Facts:
    mentions, triples = [], []
    known = [(n, "person") for n in PEOPLE] + [(n, "product") for n in SHIPS] + [(n, "place") for n in PLACES]
    for chunk in chunks:
        mentions.append(Mention(name=f"File {chunk.document.path}", kind="title", chunk_id=chunk.id, sentence=TITLE))
        for number, span in enumerate(chunk.sentences):
            text = chunk.quote(span)
            mentions += [Mention(name=n, kind=k, chunk_id=chunk.id, sentence=number) for n, k in known if n in text]
            if m := re.match(rf"\s*({'|'.join(PEOPLE)}) (\w+) ({'|'.join(PEOPLE)})\.", text):
                triple = Triple(
                    subject=m[1], predicate=m[2], object=m[3], chunk_id=chunk.id, span=span, extractor="town"
                )
                triples.append(triple)
    return Facts(mentions=tuple(mentions), triples=tuple(triples))


def build(store: GraphStore, documents: dict[int, int]) -> GraphStore:
    """Write these documents (number → version) into a store and settle it."""
    graph = FactGraph(store, names)
    for number, version in documents.items():
        add(graph, number, version)
    graph.settle()
    return store


def add(graph: FactGraph, number: int, version: int) -> None:
    chunks = chunks_of(*town(number, version))
    graph.write(graph.extract([chunks]))


def content(store: GraphStore) -> tuple[object, ...]:
    """Everything a store says, in an order of its own, to compare two of them."""
    view = store.view()
    relations: list[Relation] = list(store.relations())
    around: list[Neighbourhood | None] = [store.neighbourhood(e.id) for e in view.entities]
    return (
        view.chunks,
        view.entities,
        view.chunk.tolist(),
        view.entity.tolist(),
        view.sentence.tolist(),
        relations,
        around,
        sorted(store.namings(), key=lambda n: n.id),
        store.stamps(),
        sorted(map(repr, store.triples(view.chunks))),
        store.counts(),
        store.decisions(),
        store.communities(),
        store.sources(),
    )
