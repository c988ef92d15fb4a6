"""Clew as a citizen of LlamaIndex: its search as a retriever, its assistant as a query engine.

from pathlib import Path
from llama_index.core.query_engine import RetrieverQueryEngine
from clew.settings import load
from retrieve.assembly import open_index
from retrieve.llamaindex import ClewQueryEngine, ClewRetriever

with open_index(Path("notes/.clew"), load()) as index:
    nodes = ClewRetriever(index.assistant, limit=5).retrieve("Who designed the ferry?")
    print(nodes[0].metadata["path"], nodes[0].text)
    print(ClewQueryEngine(index.assistant).query("Who designed the ferry?"))
"""

from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import RESPONSE_TYPE, Response
from llama_index.core.callbacks.base import CallbackManager
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from clew.records import ANYWHERE, Evidence, RoutePath, Scope
from retrieve.assistant import Assistant


class ClewRetriever(BaseRetriever):
    """Finds evidence as Clew does, by the path that it or you choose; nodes carry where they stand."""

    def __init__(
        self, assistant: Assistant, *, limit: int = 10, path: RoutePath | None = None, scope: Scope = ANYWHERE
    ) -> None:
        super().__init__()
        self._assistant = assistant
        self._limit = limit
        self._path = path
        self._scope = scope

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        search = self._assistant.search(query_bundle.query_str, path=self._path, limit=self._limit, scope=self._scope)
        return [node(piece) for piece in search.found.evidence]


class ClewQueryEngine(BaseQueryEngine):
    """Answers as Clew does. The response's text has markers; ``source_nodes`` are the evidence in their order."""

    def __init__(self, assistant: Assistant, *, path: RoutePath | None = None, scope: Scope = ANYWHERE) -> None:
        super().__init__(callback_manager=CallbackManager())
        self._assistant = assistant
        self._path = path
        self._scope = scope

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        answer = self._assistant.ask(query_bundle.query_str, path=self._path, scope=self._scope)
        return Response(
            response=answer.text,
            source_nodes=[node(piece) for piece in answer.evidence],
            metadata={
                "id": answer.id,
                "finish": answer.finish,
                "path": answer.route.path,
                "citations": [
                    {
                        "marker": c.marker,
                        "path": c.chunk.document.path,
                        "quote": c.quote,
                        "start": c.span.start,
                        "end": c.span.end,
                        "supported": c.supported,
                    }
                    for c in answer.citations
                ],
            },
        )

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return self._query(query_bundle)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}


def node(piece: Evidence) -> NodeWithScore:
    """A piece of evidence as LlamaIndex knows it."""
    chunk = piece.chunk
    metadata: dict[str, Any] = {
        "path": chunk.document.path,
        "title": chunk.document.title,
        "document": chunk.document.id,
        "headings": list(chunk.headings),
        "start": chunk.span.start,
        "end": chunk.span.end,
        "via": piece.via,
    }
    if chunk.page is not None:
        metadata["page"] = chunk.page
    return NodeWithScore(node=TextNode(id_=chunk.id, text=chunk.text, metadata=metadata), score=piece.score)
