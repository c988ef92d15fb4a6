"""How fast: ``python -m evals.bench --data DIR --out FILE`` (``make bench DATA=DIR OUT=FILE``).

Every item is a ratio of two times taken in turns on this machine, so that a slow or busy machine changes both. What
has no counterpart is set against one millisecond.
"""

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clew.ports import Embedder, Passage, PassageVectors, QueryVectors
from clew.settings import Settings
from evals.corpus import Corpus, materialise
from evals.suite import Suite
from evals.suites import load_suite

if TYPE_CHECKING:
    from retrieve.assembly import Index

RUNS = 3
MILLISECOND = "one millisecond"
BATCHES = (8, 32)
CHECKOUT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One comparison, in medians; it passes if ``value_ms`` is at most ``limit`` × ``baseline_ms``."""

    name: str
    value_ms: float
    baseline: str
    baseline_ms: float
    limit: float
    memory_mb: float | None = None

    @property
    def ratio(self) -> float:
        return self.value_ms / self.baseline_ms

    @property
    def passes(self) -> bool:
        return self.ratio <= self.limit

    def shape(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "value_ms": round(self.value_ms, 3),
            "baseline": self.baseline,
            "baseline_ms": round(self.baseline_ms, 3),
            "ratio": round(self.ratio, 3),
            "limit": self.limit,
            "pass": self.passes,
            **({} if self.memory_mb is None else {"memory_mb": round(self.memory_mb, 1)}),
        }


class Remembering:
    """An embedder that notes every passage it is given, so that the bare embedding can be timed on the same texts."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.texts: list[str] = []

    @property
    def name(self) -> str:
        return self._embedder.name

    @property
    def size(self) -> int:
        return self._embedder.size

    @property
    def window(self) -> int:
        return self._embedder.window

    def speaks(self, language: str) -> bool:
        return self._embedder.speaks(language)

    def count(self, text: str) -> int:
        return self._embedder.count(text)

    def embed_passages(self, passages: Iterable[Passage]) -> Iterator[PassageVectors]:
        given = list(passages)
        self.texts += [passage.text for passage in given]
        return self._embedder.embed_passages(given)

    def embed_query(self, question: str) -> QueryVectors:
        return self._embedder.embed_query(question)


def ingest(suite: Suite, corpus: Corpus, settings: Settings) -> list[Item]:
    """Ingest against the bare embedding of the same texts, and ingest with the graph against without."""
    plain: list[float] = []
    bare: list[float] = []
    graph: list[float] = []
    for _ in range(RUNS):
        took, texts, embedder = _ingested(corpus, settings.model_copy(update={"graph": False}))
        plain.append(took)
        bare.append(min(_bare(embedder, texts), *(_batched(embedder, texts, size) for size in BATCHES)))
        if settings.graph:
            graph.append(_ingested(corpus, settings)[0])
    name = f"ingest {suite.name}"
    items = [_item(f"{name} without graph", plain, "bare embedding of the same texts", bare, 1.4)]
    if graph:
        items.append(_item(f"{name} with graph", graph, "ingest without graph", plain, 1.7))
    return items


def questions(suite: Suite, corpus: Corpus, settings: Settings, walk_ms: float) -> list[Item]:
    """A passages query against embedding its question; finding a question's names and the walk on their own."""
    from retrieve.assembly import open_index

    with tempfile.TemporaryDirectory() as home, open_index(Path(home), settings, doing="bench") as index:
        index.ingest(corpus.folder)
        return [*_query(suite, index), *(_walk(suite, index, walk_ms) if index.facts is not None else [])]


def _query(suite: Suite, index: "Index") -> list[Item]:
    index.assistant.search(suite.cases[0].question, path="passages")
    whole: list[float] = []
    alone: list[float] = []
    for _ in range(RUNS):
        for case in suite.cases:
            alone.append(_timed(partial(index.embedder.embed_query, case.question)))
            whole.append(_timed(partial(index.assistant.search, case.question, path="passages")))
    return [_item(f"a passages query on {suite.name}", whole, "embedding the question", alone, 2.0)]


def _walk(suite: Suite, index: "Index", limit: float) -> list[Item]:
    """Milliseconds of the walk with the question embedded and its names found, and of finding these."""
    from retrieve.passages import passages, vectors_of
    from retrieve.walk import Walk
    from retrieve.walkindex import WalkIndex

    assert index.facts is not None
    naming: list[float] = []
    walking: list[float] = []
    with index.lease.hold():
        walk = Walk(WalkIndex(index.facts.store.view()), index.store)
        for n in range(RUNS + 1):
            for case in suite.cases:
                query = vectors_of(case.question, index.embedder)
                first = [(e.chunk.id, e.score) for e in passages(case.question, query, index.store, limit=50)]
                took = _timed(partial(walk.seeds, case.question, query))
                seeds = walk.seeds(case.question, query)
                walked = _timed(partial(walk.rank, case.question, query, first, limit=10, seeds=seeds))
                if n > 0:  # the first round loads what later questions find loaded
                    naming.append(took)
                    walking.append(walked)
    return [
        _item(f"the names of a question on {suite.name}", naming, MILLISECOND, [1.0], 10.0),
        _item(f"the walk on {suite.name}", walking, MILLISECOND, [1.0], limit),
    ]


def decisions(n: int = 200) -> list[Item]:
    """One decision of the router, with the question read and embedded."""
    from retrieve.route import Router
    from retrieve.router.labelled import GIVEN, read_labels
    from retrieve.router.reading import read

    router = Router()
    took: list[float] = []
    for label in read_labels(GIVEN)[:n]:
        reading = read(label.query)
        vectors = router.vectors(reading)
        took.append(_timed(partial(router.judge, reading, vectors)))
    return [_item("one decision of the router", took, MILLISECOND, [1.0], 2.0)]


def far_walk(passages: int = 100_000, count: int = 60) -> list[Item]:
    """The walk over a graph that was made up: each question once, with nothing of it seen before."""
    import psutil

    from evals.synthetic import Synthetic
    from retrieve.walk import Walk
    from retrieve.walkindex import WalkIndex

    process = psutil.Process()
    before = process.memory_info().rss
    made = Synthetic(passages)
    walk = Walk(WalkIndex(made.view), made)
    asked = made.questions(count + 1)
    walk.rank(asked[0].text, asked[0].query, asked[0].first, limit=10)  # what the first question loads for all
    took = [_timed(partial(walk.rank, one.text, one.query, one.first, limit=10)) for one in asked[1:]]
    memory = (process.memory_info().rss - before) / 2**20
    item = _item(f"the walk on {passages:,} synthetic passages", took, MILLISECOND, [1.0], 25.0)
    return [replace(item, memory_mb=memory)]


def start_up() -> list[Item]:
    """``clew --help`` against an interpreter that does nothing."""
    arguments = ([sys.executable, "-m", "ui.cli", "--help"], [sys.executable, "-c", "pass"])
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(2 * RUNS + 1):
        ours.append(_timed(lambda: _call(arguments[0])))
        theirs.append(_timed(lambda: _call(arguments[1])))
    return [_item("clew --help", ours, "python -c pass", theirs, 8.0)]


def items(data: Path, cache: Path, settings: Settings) -> Iterator[Item]:
    """Every item, as soon as it is measured."""
    small, large = (load_suite(name, data) for name in ("2wiki-780", "2wiki-6119"))
    corpus = materialise(small, cache)
    yield from start_up()
    yield from decisions()
    yield from questions(small, corpus, settings, walk_ms=3.0)
    yield from questions(large, materialise(large, cache), settings, walk_ms=10.0)[1:]
    yield from far_walk()
    yield from ingest(small, corpus, settings)


def body(measured: Sequence[Item], settings: Settings) -> dict[str, Any]:
    """What is written: the items, with the machine they were measured on."""
    return {
        "schema": "clew.bench/1",
        "machine": {
            "system": platform.platform(),
            "processor": _processor(),
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "threads": settings.threads or os.cpu_count(),
        },
        "runs": RUNS,
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "items": [item.shape() for item in measured],
    }


def _ingested(corpus: Corpus, settings: Settings) -> tuple[float, list[str], Any]:
    """Milliseconds to ingest into a new index with the model loaded, the texts embedded, and the embedder."""
    from retrieve.assembly import open_index

    with tempfile.TemporaryDirectory() as home, open_index(Path(home), settings, doing="bench") as index:
        list(index.embedder.embed_passages([Passage("warm up")]))
        remembering = Remembering(index.embedder)
        embedder, index.embedder = index.embedder, remembering
        took = _timed(lambda: index.ingest(corpus.folder))
        return took, remembering.texts, embedder


def _bare(embedder: Embedder, texts: Sequence[str]) -> float:
    return _timed(lambda: list(embedder.embed_passages(Passage(text) for text in texts)))


def _batched(embedder: Any, texts: Sequence[str], size: int) -> float:
    """The same session on texts sorted by length and padded within a batch: what batching could win at best."""

    def run() -> None:
        encoded = sorted(embedder._tokenizer.encode_batch(list(texts)), key=lambda one: len(one.ids))
        for at in range(0, len(encoded), size):
            for states in embedder._states([one.ids for one in encoded[at : at + size]]):
                states.mean(0)

    return _timed(run)


def _item(name: str, values: Sequence[float], baseline: str, baselines: Sequence[float], limit: float) -> Item:
    return Item(
        name=name,
        value_ms=statistics.median(values),
        baseline=baseline,
        baseline_ms=statistics.median(baselines),
        limit=limit,
    )


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _call(arguments: Sequence[str]) -> None:
    subprocess.run(arguments, cwd=CHECKOUT, stdout=subprocess.DEVNULL, check=True)  # noqa: S603


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")


@click.command()
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), envvar="CLEW_DATA", required=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default=Path("out/bench.json"))
def main(data: Path, out: Path) -> None:
    """Time ingest, questions and start-up in some minutes; exit with 1 if an item is over its limit."""
    from clew.settings import load

    settings = load().embedded
    measured: list[Item] = []
    with tempfile.TemporaryDirectory() as cache:
        for item in items(data, Path(cache), settings):
            measured.append(item)
            click.echo(
                f"{'ok  ' if item.passes else 'OVER'} {item.name}: {item.value_ms:.1f} ms, {item.ratio:.2f} × "
                f"{item.baseline} ({item.baseline_ms:.1f} ms), limit {item.limit}"
            )
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(body(measured, settings), indent=1) + "\n", encoding="utf-8")
    sys.exit(0 if all(item.passes for item in measured) else 1)


if __name__ == "__main__":
    main()
