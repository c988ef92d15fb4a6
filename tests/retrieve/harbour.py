"""A harbour town in small documents, to walk in: who must be joined to answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from clew.language import language_of
from clew.models.minilm import MiniLM
from clew.ports import QueryVectors
from clew.records import Chunk
from graph.extract import extract_each
from graph.pipeline import FactGraph
from graph.store.ladybug import LadybugStore
from graph.view import View
from ingest.store.edge import EdgeStore
from retrieve.walk import Walk, Walked
from retrieve.walkindex import WalkIndex
from tests.worlds import points

TOWN = {
    "Kittiwake": "The Kittiwake is a ferry. She was designed by Mirela Sandu and launched at Brackwater in 1994.",
    "Mirela Sandu": "Mirela Sandu is a naval architect. She was born in Ostrava and studied in Delft.",
    "Ostrava": "Ostrava is a city on the river Ostravice. Its mines closed in 1994.",
    "Petrel": "The Petrel is a ferry. She was designed by Joren Haak and launched at Sundhaven in 2021.",
    "Joren Haak": "Joren Haak is a naval architect from Delft. He was born in Zwolle.",
    "Zwolle": "Zwolle is a town with a star-shaped moat. Its market is held on Fridays.",
    "Gull Head": "Gull Head is a lighthouse. Its lamp was first lit in 1862.",
    "Delft": "Delft is a city of canals. Its university teaches naval architecture.",
    "Sundhaven": "Sundhaven is a port. Its yard builds ferries and trawlers.",
    "Fog signals": "Fog signals are sounded when the harbour cannot be seen. Whistles, bells and horns are used.",
}
CHINESE = {
    "海鸥号": "海鸥号是一艘渡轮,由林婉清设计,在临澜下水。",
    "林婉清": "林婉清是船舶设计师,毕业于清华大学。她喜欢下棋。",
    "清华大学": "清华大学位于北京,校园里有一片荷塘。",
    "海边茶馆": "海边茶馆每天上午九点开门,晚上十点关门。",
}
SMALL = {name: TOWN[name] for name in ("Kittiwake", "Mirela Sandu", "Ostrava", "Petrel", "Delft")} | {
    "海鸥号": CHINESE["海鸥号"]
}


@dataclass(frozen=True)
class Town:
    """Documents in both stores, real ones, and a walk over them."""

    store: EdgeStore
    view: View
    walk: Walk
    embedder: MiniLM

    def ask(self, question: str, limit: int = 10) -> Walked:
        query = self.embedder.embed_query(question) if language_of(question) == "en" else None
        return self.walk.rank(question, query, self.hybrid(question, query), limit=limit)

    def hybrid(self, question: str, query: QueryVectors | None) -> list[tuple[str, float]]:
        found = self.store.search(question, None if query is None else query.vector, limit=50)
        return [(hit.chunk.id, hit.score) for hit in found]

    def titles(self, walked: Walked) -> list[str]:
        found = self.store.fetch([step.chunk for step in walked.steps])
        return [found[step.chunk].document.title for step in walked.steps]


def settle(folder: Path, documents: Mapping[str, str], embedder: MiniLM) -> Town:
    """Write documents, titled by their keys, into fresh stores."""
    store = EdgeStore(folder / "vectors", size=embedder.size)
    facts = FactGraph(LadybugStore(folder / "graph.db"), extract_each)
    written: list[list[Chunk]] = []
    for title, text in documents.items():
        made = points(f"{title}.md", f"# {title}\n\n{text}", embedder, named=True, title=title)
        store.write(made)
        written.append([point.chunk for point in made])
    facts.write(facts.extract(written))
    facts.settle()
    view = facts.store.view()
    facts.close()
    return Town(store, view, Walk(WalkIndex(view), store), embedder)
