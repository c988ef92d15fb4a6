"""An embedder behind an API: over HTTP against a stand-in that answers as OpenAI does."""

import json
import threading
import zlib
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from clew.errors import ModelError, Unreachable, UsageError
from clew.models.served import Served
from clew.ports import Passage
from clew.records import Span
from clew.settings import Settings
from retrieve.assembly import open_index
from tests.worlds import FERRY, LIGHTHOUSE

SIZE = 64


class StandIn:
    """Gives each text the sum of its words' directions; the first calls end with what ``states`` says."""

    def __init__(self) -> None:
        self.states: list[int] = []
        self.asked: list[list[str]] = []
        self.keys: list[str] = []
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                texts = json.loads(self.rfile.read(int(self.headers["content-length"])))["input"]
                texts = [texts] if isinstance(texts, str) else texts
                stand_in.asked.append(texts)
                stand_in.keys.append(self.headers["authorization"])
                state = stand_in.states.pop(0) if stand_in.states else 200
                rows = [{"object": "embedding", "index": n, "embedding": _vector(t)} for n, t in enumerate(texts)]
                body = {"object": "list", "data": rows, "model": "m", "usage": {"prompt_tokens": 1, "total_tokens": 1}}
                said = json.dumps(body if state == 200 else {"error": {"message": "no"}}).encode()
                self.send_response(state)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def settings(self, **more: Any) -> Settings:
        address = f"openai-like:http://127.0.0.1:{self.server.server_port}/v1#m"
        return Settings(embedder=address, embedder_api_key="sesame", llm_tries=2, graph=False, **more)  # type: ignore[arg-type]


def _vector(text: str) -> list[float]:
    total = np.full(SIZE, 0.01)
    for word in text.lower().split():
        total += np.random.default_rng(zlib.crc32(word.strip(".,?").encode())).normal(size=SIZE)
    return [float(x) for x in total]


@pytest.fixture
def server() -> Generator[StandIn, None, None]:
    made = StandIn()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_passages_become_unit_vectors_in_order_and_sentences_too_where_wanted(server: StandIn) -> None:
    text = "The lamp was lit. The keeper slept."
    passages = [Passage(text, (Span(0, 17), Span(18, 35)))] * 3 + [Passage("Another")]
    made = list(Served(server.settings(embedder_sentences=True)).embed_passages(passages))
    assert all(abs(np.linalg.norm(one.vector) - 1) < 1e-5 for one in made)
    assert made[0].sentences is not None
    lamp = np.array(_vector("The lamp was lit."))
    assert made[0].sentences[0] @ lamp / np.linalg.norm(lamp) / 127 > 0.99
    assert np.allclose(made[0].vector, made[2].vector)
    assert set(server.keys) == {"Bearer sesame"}
    (plain,) = Served(server.settings()).embed_passages(passages[:1])
    assert plain.sentences is None


def test_what_may_pass_is_tried_again_and_what_may_not_says_what_to_do(server: StandIn) -> None:
    embedder = Served(server.settings())
    server.states = [500]
    assert embedder.size == SIZE
    server.states = [401]
    with pytest.raises(ModelError, match="refused the key") as refused:
        embedder.embed_query("Who?")
    assert "sesame" not in str(refused.value)
    server.states = [503, 503]
    with pytest.raises(Unreachable):
        embedder.embed_query("Who?")


def test_an_index_is_made_and_asked_with_it(server: StandIn, tmp_path: Path) -> None:
    (tmp_path / "ferry.md").write_text(FERRY, "utf-8")
    (tmp_path / "light.md").write_text(LIGHTHOUSE, "utf-8")
    with open_index(tmp_path / ".clew", server.settings()) as index:
        assert index.ingest(tmp_path).documents.added == 2
        sent = len(server.asked)
        assert index.ingest(tmp_path).documents.unchanged == 2
        assert len(server.asked) == sent
        answer = index.assistant.ask("Who was the keeper of the lighthouse?", path="passages")
    assert "Tobias Renn" in answer.text
    assert {citation.chunk.document.path for citation in answer.citations} == {"light.md"}


def test_a_name_that_means_nothing_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="no embedder"):
        Served(Settings(embedder="nobody:model"))
