"""2WikiMultihopQA as fast-graphrag's benchmark asks it: 101 questions over the start of HippoRAG's corpus.

Layout: https://github.com/circlemind-ai/fast-graphrag (benchmarks/results). The questions carry gold titles and no
answers.
"""

from pathlib import Path

from pydantic import BaseModel

from evals.cases import Case
from evals.loaders.pool import hipporag_corpus
from evals.loaders.reading import read_json, shaped
from evals.suite import Passage, Suite


class Row(BaseModel):
    """A question with the titles that answer it."""

    question: str
    ground_truth: list[str]


def load(questions: Path, corpus: Path, name: str = "2wiki", *, first: int | None = None) -> Suite:
    """The questions over the ``first`` passages of the corpus (780: what the published figures ran on), or all."""
    rows = shaped(read_json(questions, "The questions with gold titles"), list[Row], questions)
    passages = hipporag_corpus(corpus)[:first]
    return Suite(
        name=name,
        passages=tuple(Passage(id=title, title=title, text=text) for title, text in passages),
        cases=tuple(
            Case(id=f"2wiki-{n:03d}", question=row.question, split="dev", gold_documents=tuple(row.ground_truth))
            for n, row in enumerate(rows)
        ),
    )
