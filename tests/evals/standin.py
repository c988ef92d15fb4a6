"""An assistant small enough to reason about: ranks a corpus' files by shared words and quotes whole paragraphs.

It stands in where a test is about measurement, not about answering. ``spoil`` and ``misquote`` plant regressions.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from clew.ids import chunk_id, document_id
from clew.records import Answer, Chunk, Citation, Document, Evidence, Found, Route, RoutePath, Sentence, Span
from evals.cases import Case
from evals.corpus import Corpus
from evals.suite import Passage, Suite, files
from evals.text import words

TOWNS = ("Orm", "Vask", "Ilm", "Tarn", "Esk", "Brae", "Holt", "Wyke", "Dunn", "Pell", "Ruan", "Sark")


def towns() -> Suite:
    """Two documents a town, questions for one and for both; one that nothing answers; one for no ranking."""
    passages = [
        Passage(
            id=f"{town} town", title=f"{town}", text=f"{town} has a mill.\n\nThe mill of {town} burned in {1900 + n}."
        )
        for n, town in enumerate(TOWNS)
    ] + [Passage(id=f"mayor of {town}", title=f"Mayor {town}", text=f"Ida {town} leads {town}.") for town in TOWNS]
    cases = [
        Case(
            id=f"q{n}",
            question=f"When did the mill of {town} burn, and who is mayor?",
            gold_documents=(f"{town} town", f"mayor of {town}"),
            gold_facts=(f"The mill of {town} burned in {1900 + n}.",),
            answer=str(1900 + n),
            path="graph" if n % 2 else "passages",
        )
        for n, town in enumerate(TOWNS)
    ]
    cases.append(Case(id="none", question="Zebra price?", answer="It does not say.", answerable=False))
    cases.append(Case(id="hello", question="Hello there", answer="Hello", path="direct"))
    return Suite(name="towns", cases=tuple(cases), passages=tuple(passages)).check()


@dataclass(frozen=True)
class Searched:
    """What a search gives."""

    route: Route
    found: Found
    ms: Mapping[str, float]


@dataclass
class StandIn:
    """``paths`` beyond passages rank alike, but ``graph`` prefers long documents, so that systems differ."""

    corpus: Corpus
    paths: tuple[RoutePath, ...] = ("passages", "graph")
    spoil: Callable[[str], str] = field(default=lambda text: text)
    misquote: bool = False
    stop_after: int | None = None
    asked: int = 0

    def __post_init__(self) -> None:
        self.chunks = [chunk for name, path in files(self.corpus.folder) for chunk in self._chunks(name, path)]

    def texts(self, document: str) -> list[str] | None:
        found = [c.text for c in self.chunks if self.corpus.ids[c.document.path] == document]
        return found or None

    def search(self, question: str, *, path: RoutePath | None = None, limit: int = 10) -> Searched:
        self.asked += 1
        if self.stop_after is not None and self.asked > self.stop_after:
            raise KeyboardInterrupt
        evidence = self._ranked(question, path)[:limit]
        return Searched(self._route(path), Found(evidence=tuple(evidence)), {"retrieve": 1.0, "total": 2.0})

    def ask(self, question: str, *, path: RoutePath | None = None) -> Answer:
        evidence = tuple(self._ranked(question, path)[:5])
        best = [piece for piece in evidence if piece.score >= 2][:2]
        text = " ".join(f"{piece.chunk.text.strip()} [{n}]" for n, piece in enumerate(best, 1))
        shown = evidence[2:] if self.misquote else best
        citations = tuple(
            Citation(marker=n, chunk=piece.chunk, span=piece.chunk.span, support=1.0, supported=True)
            for n, piece in enumerate(shown[: len(best)], 1)
        )
        return Answer(
            id="a",
            question=question,
            text=text,
            route=self._route(path),
            finish="complete" if best else "abstained",
            evidence=evidence,
            sentences=tuple(Sentence(span=Span(0, 1), markers=(1,), supported=True) for _ in best),
            citations=citations,
            ms={"answer": 3.0, "total": 5.0},
        )

    def _route(self, path: RoutePath | None) -> Route:
        return Route(path=path or "passages", decided_by="user" if path else "model")

    def _ranked(self, question: str, path: RoutePath | None) -> list[Evidence]:
        asked = set(words(question)) - {"the", "a", "of", "is", "in", "what", "who", "which", "did"}
        scored = []
        for chunk in self.chunks:
            shared = len(asked & set(words(f"{chunk.document.title} {chunk.text}")))
            if shared:
                bonus = len(chunk.text) / 1e3 if path == "graph" else 0.0
                scored.append(Evidence(chunk=chunk, score=shared + bonus, via="words"))
        return sorted(scored, key=lambda piece: -piece.score)

    def _chunks(self, name: str, path: Path) -> list[Chunk]:
        text = self.spoil(path.read_text("utf-8"))
        document = Document(
            id=document_id("", name), path=name, title=path.stem, media_type="text/markdown", content_hash=""
        )
        chunks, at = [], 0
        for part in text.split("\n\n"):
            span = Span(at, at + len(part))
            at = span.end + 2
            if part and not part.startswith("# "):
                chunks.append(Chunk(id=chunk_id(document.id, span, part), document=document, span=span, text=part))
        return chunks
