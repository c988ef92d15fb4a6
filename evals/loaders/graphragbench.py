"""GraphRAG-Bench: questions of four levels over novels or medical guidelines.

Layout: https://github.com/GraphRAG-Bench/GraphRAG-Benchmark (Datasets/Corpus/NAME.json, Questions/NAME_questions.json).
"""

from pathlib import Path

from pydantic import BaseModel

from evals.cases import Case
from evals.loaders.reading import read_json, shaped
from evals.suite import Passage, Suite


class Book(BaseModel):
    """One text of the corpus."""

    corpus_name: str
    context: str


class Row(BaseModel):
    """A question over the text named ``source``."""

    id: str
    source: str
    question: str
    answer: str
    question_type: str
    evidence: list[str] | str = []


def load(folder: Path, name: str = "medical") -> Suite:
    """The part ``name`` (medical or novel) of a folder with Corpus/ and Questions/."""
    corpus, questions = folder / "Corpus" / f"{name}.json", folder / "Questions" / f"{name}_questions.json"
    raw = read_json(corpus, "GraphRAG-Bench's corpus")
    books = shaped(raw if isinstance(raw, list) else [raw], list[Book], corpus)
    rows = shaped(read_json(questions, "GraphRAG-Bench's questions"), list[Row], questions)
    return Suite(
        name=f"graphrag-bench-{name}",
        passages=tuple(Passage(id=b.corpus_name, title=b.corpus_name, text=b.context) for b in books),
        cases=tuple(
            Case(
                id=row.id,
                question=row.question,
                split="test",
                gold_documents=(row.source,),
                gold_facts=(row.evidence,) if isinstance(row.evidence, str) else tuple(row.evidence),
                answer=row.answer,
                kind=row.question_type,
            )
            for row in rows
        ),
    )
