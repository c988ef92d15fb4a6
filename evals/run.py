"""Run a suite through the assistant that people use. The one place of this room that opens an index."""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from clew.errors import ClewError, UsageError
from clew.ids import digest, document_id
from clew.ports import Progress
from clew.progress import Silent
from clew.settings import Settings
from evals.cases import Case
from evals.corpus import Corpus, materialise
from evals.journal import Journal
from evals.observe import Asked, Observation, observe
from evals.result import Ingested, Result
from evals.suite import Suite
from evals.summary import Texts, summarise
from evals.systems import DEFAULT, FORCED, ORACLE, PATHS, chosen
from evals.version import code_sha256, commit

if TYPE_CHECKING:
    from graph.pipeline import Extractor
    from retrieve.assembly import Index

KS = (2, 5, 8, 10)
INDEX_ROOMS = ("clew", "ingest", "graph")
ASKING = ("retrieve", "evals/observe.py", "evals/text.py")
KEEP_INDEXES = 3
NOT_RECORDED = frozenset({"index", "wait_seconds", "workers"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to run. ``systems`` None: every one that the assistant has. ``fresh`` asks finished cases again."""

    systems: tuple[str, ...] | None = None
    ks: tuple[int, ...] = KS
    limit: int | None = None
    answers: bool = True
    fresh: bool = False

    @property
    def depth(self) -> int:
        """How many distinct documents of each ranking are kept."""
        return max(10, *self.ks)


def run(suite: Suite, plan: Plan, *, settings: Settings, cache: Path, progress: Progress | None = None) -> Result:
    """Index the suite's corpus (or find it indexed), ask every case of every system, and sum up.

    Corpora, indexes and finished cases are kept below ``cache``; servers that the settings name are left alone, for a
    suite's corpus has no place in anyone's collection. Raises ClewError where the suite cannot be asked;
    any error of the assistant ends the run, and the next one goes on from there.
    """
    from retrieve.assembly import open_index

    progress = progress or Silent()
    settings = settings.embedded
    if suite.folder is None and not suite.passages:
        raise ClewError(f"{suite.name} has questions but no corpus.", "It serves the router; run another suite.")
    if not suite.cases:
        raise ClewError(f"{suite.name} has no question to ask.", "Check that its judgements name its questions.")
    if plan.systems is not None:
        chosen(plan.systems)  # before the corpus is indexed
    corpus = materialise(suite, cache)
    recorded = recorded_settings(settings)
    extract, found = _extractor(suite, corpus)
    made_with = repr(sorted(recorded.items())) + found + str(corpus.folder)
    home = _index_home(cache, corpus, made_with)
    with open_index(home, settings, doing=f"clew eval run {suite.name}", extract=extract) as index:
        started = time.perf_counter()
        report = index.ingest(corpus.folder, progress=progress)
        took = (time.perf_counter() - started) * 1000
        ingested = Ingested(
            documents=report.documents.seen,
            added=report.documents.added,
            chunks=report.chunks,
            characters=_characters(index),
            losses=len(report.losses),
            ms=round(took, 1),
        )
        paths = {name: path for path, name in corpus.ids.items()}

        def texts(document: str) -> list[str] | None:
            with index.lease.hold():
                return [chunk.text for chunk in index.store.of_document(document_id("", paths[document]))] or None

        return measure(
            suite,
            plan,
            assistant=index.assistant,
            texts=texts,
            corpus=corpus,
            journal=Journal(_journal_path(cache, suite, corpus, plan, repr(sorted(recorded.items())) + found)),
            recorded=recorded,
            ingested=ingested,
            progress=progress,
        )


def measure(
    suite: Suite,
    plan: Plan,
    *,
    assistant: Asked,
    texts: Texts,
    corpus: Corpus,
    journal: Journal,
    recorded: dict[str, Any],
    ingested: Ingested | None = None,
    progress: Progress | None = None,
) -> Result:
    """Ask an assistant that has the corpus indexed; finished cases come from the journal."""
    progress = progress or Silent()
    cases = suite.cases[: plan.limit]
    systems, left_out = _systems(plan, assistant)
    if plan.fresh:
        journal.forget()
    asked = [system for system in systems if system != ORACLE]
    runs: dict[str, list[Observation]] = {}
    progress.start(f"asking {suite.name}", len(cases) * len(asked))
    if cases and any(journal.get(case, system) is None for case in cases for system in asked):
        assistant.search(cases[0].question)  # models load before the first time is taken
    for system in asked:
        runs[system] = []
        for case in cases:
            runs[system].append(_observed(case, system, plan, assistant, corpus, journal))
            progress.advance(note=system)
    progress.finish()
    measured, differences, rows = summarise(cases, runs, systems=systems, ks=plan.ks, texts=texts)
    return Result(
        suite=suite.name,
        corpus_sha256=corpus.sha256,
        commit=commit(),
        code_sha256=code_sha256(*INDEX_ROOMS, "retrieve", "evals"),
        settings=recorded,
        k=plan.ks,
        n=len(cases),
        answers=plan.answers,
        left_out=left_out,
        ingest=ingested,
        systems=measured,
        differences=differences,
        cases=rows,
    )


def default_cache() -> Path:
    """Where corpora, indexes and finished cases are kept unless a run says otherwise."""
    return Path.home() / ".cache" / "clew" / "evals"


def recorded_settings(settings: Settings) -> dict[str, Any]:
    """The settings that can change a figure, without keys."""
    dumped = settings.model_dump(mode="json")
    secret = {name for name in dumped if isinstance(getattr(settings, name), SecretStr)}
    return {name: value for name, value in dumped.items() if name not in secret | NOT_RECORDED}


def _characters(index: "Index") -> int:
    with index.lease.hold():
        return sum(len("".join(chunk.text.split())) for chunk in index.store.scroll())


def _observed(case: Case, system: str, plan: Plan, assistant: Asked, corpus: Corpus, journal: Journal) -> Observation:
    kept = journal.get(case, system)
    if kept is not None:
        return kept
    seen = observe(
        assistant,
        case,
        system=system,
        path=PATHS[system],
        depth=plan.depth,
        ids=corpus.ids,
        answers=plan.answers,
    )
    journal.add(case, seen)
    return seen


def _systems(plan: Plan, assistant: Asked) -> tuple[tuple[str, ...], dict[str, str]]:
    """The systems to run, and why the others are not. One that was asked for by name is never left out."""
    lacking = {
        name: f"This assistant has no {name} path (it has: {', '.join(assistant.paths)})."
        for name in FORCED
        if name not in assistant.paths
    }
    if plan.systems is not None:
        names = chosen(plan.systems)
        for name in names:
            if name in lacking:
                raise UsageError(lacking[name], "Leave it out of --system, or index with the graph switched on.")
        return names, {}
    return tuple(name for name in DEFAULT if name not in lacking), {
        name: reason for name, reason in lacking.items() if name in DEFAULT
    }


def _extractor(suite: Suite, corpus: Corpus) -> "tuple[Extractor | None, str]":
    """An extractor that gives what the data set says was found in each passage, with a hash of it; none and the
    empty string for a suite that brings nothing."""
    if not any(passage.triples or passage.entities for passage in suite.passages):
        return None, ""
    from graph.extract.given import Given, GivenExtractor

    by_id = {passage.id: Given(passage.entities, passage.triples) for passage in suite.passages}
    given = GivenExtractor({path: by_id[name] for path, name in corpus.ids.items()})
    found = digest(*(repr((passage.entities, passage.triples)) for passage in suite.passages))
    return given, found


def _index_home(cache: Path, corpus: Corpus, made_with: str) -> Path:
    """The folder of the index for this corpus, made by this code under these settings.

    A new version of the code begins a new index, but takes the embeddings of the last one along.
    """
    shelf = cache / "indexes" / corpus.sha256[:20]
    home = shelf / digest(code_sha256(*INDEX_ROOMS), made_with)[:12]
    if not home.is_dir():
        others = sorted(shelf.glob("*/"), key=lambda path: path.stat().st_mtime) if shelf.is_dir() else []
        for old in others[: -KEEP_INDEXES or None]:
            shutil.rmtree(old, ignore_errors=True)
        home.mkdir(parents=True)
        vectors = [old / "vectors.sqlite" for old in others if (old / "vectors.sqlite").is_file()]
        if vectors:
            shutil.copy2(vectors[-1], home / "vectors.sqlite")
    return home


def _journal_path(cache: Path, suite: Suite, corpus: Corpus, plan: Plan, made_with: str) -> Path:
    key = digest(
        corpus.sha256,
        made_with,
        code_sha256(*INDEX_ROOMS, *ASKING),
        f"{plan.depth} {plan.answers}",
    )
    safe = "".join(c if c.isalnum() else "-" for c in suite.name)[:40]
    return cache / "journals" / f"{safe}-{key[:16]}.jsonl"
