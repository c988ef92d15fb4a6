"""Clew inside LlamaIndex: the example of the documentation, on a real index."""

from collections.abc import Generator
from pathlib import Path

import pytest
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers import get_response_synthesizer

from clew.models.scripted import Scripted
from clew.settings import Settings
from retrieve.assembly import Index, open_index
from retrieve.llamaindex import ClewQueryEngine, ClewRetriever

FOLDER = Path(__file__).parents[2] / "examples" / "first"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Generator[Index]:
    settings = Settings(threads=1, workers=1, graph=False)
    with open_index(tmp_path_factory.mktemp("index") / ".clew", settings) as opened:
        opened.ingest(FOLDER)
        yield opened


def test_the_retriever_gives_nodes_that_say_where_they_stand(index: Index) -> None:
    nodes = ClewRetriever(index.assistant, limit=3, path="passages").retrieve("Who designed the Petrel?")
    assert 0 < len(nodes) <= 3
    best = nodes[0]
    assert best.metadata["path"] == "petrel.md"
    assert best.metadata["end"] - best.metadata["start"] == len(best.text)
    assert best.node_id


def test_the_query_engine_answers_with_citations(index: Index) -> None:
    response = ClewQueryEngine(index.assistant, path="passages").query("How many cars does the Petrel carry?")
    assert "72 cars" in str(response)
    assert response.metadata is not None
    assert response.metadata["citations"][0]["path"] == "petrel.md"
    assert response.source_nodes


def test_the_retriever_fits_into_other_peoples_engines(index: Index) -> None:
    llm = Scripted(script=lambda prompt: "Lin Wanqing" if "Lin Wanqing" in prompt else "I do not know")
    engine = RetrieverQueryEngine(
        ClewRetriever(index.assistant, limit=3, path="passages"), get_response_synthesizer(llm=llm)
    )
    assert str(engine.query("Who designed the Petrel?")) == "Lin Wanqing"
