"""CRAG: questions with their types and answers, without the web pages: for routing, not for retrieval.

Layout: https://github.com/facebookresearch/CRAG (docs/dataset.md).
"""

from pathlib import Path

from pydantic import BaseModel

from evals.cases import Case
from evals.loaders.reading import read_lines, shaped
from evals.suite import Suite


class Row(BaseModel):
    """A question with its type (of eight) and how fast its answer changes (of four)."""

    interaction_id: str
    query: str
    question_type: str
    static_or_dynamic: str
    answer: str
    alt_ans: list[str | int | float] = []
    split: int = 0


def load(path: Path, name: str = "crag") -> Suite:
    """The questions in ``path``; ``kind`` holds question type and dynamism. There is no corpus to ask them of."""
    rows = shaped(list(read_lines(path, "CRAG")), list[Row], path)
    return Suite(
        name=name,
        cases=tuple(
            Case(
                id=row.interaction_id,
                question=row.query,
                split="dev" if row.split == 0 else "test",
                answer=row.answer,
                aliases=tuple(map(str, row.alt_ans)),
                answerable=row.question_type != "false_premise",
                kind=f"{row.question_type}/{row.static_or_dynamic}",
            )
            for row in rows
        ),
    )
