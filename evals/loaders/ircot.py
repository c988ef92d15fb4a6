"""HotpotQA, 2WikiMultihopQA, MuSiQue and IIRC as the IRCoT paper's JSON lines lay them out.

Layout: https://github.com/StonyBrookNLP/ircot (processed_data), also used by Adaptive-RAG.
"""

from pathlib import Path

from pydantic import BaseModel

from evals.cases import Case, Split
from evals.loaders.pool import Pool
from evals.loaders.reading import read_lines, shaped
from evals.suite import Suite


class Paragraph(BaseModel):
    """A paragraph given with a question."""

    title: str
    paragraph_text: str
    is_supporting: bool = False


class Spans(BaseModel):
    """Wordings of one answer."""

    spans: list[str] = []
    number: str = ""


class Row(BaseModel):
    """A line of the file."""

    question_id: str
    question_text: str
    type: str = ""
    answers_objects: list[Spans] = []
    contexts: list[Paragraph]


def load(path: Path, name: str = "", *, split: Split = "dev") -> Suite:
    """The questions in ``path`` over the paragraphs of all of them."""
    pool = Pool(by_title=False)
    cases = []
    for row in shaped(list(read_lines(path, "The IRCoT file")), list[Row], path):
        ids = [(pool.add(p.title, p.paragraph_text), p.is_supporting) for p in row.contexts]
        wordings = [text for answer in row.answers_objects for text in (*answer.spans, answer.number) if text]
        cases.append(
            Case(
                id=row.question_id,
                question=row.question_text,
                split=split,
                gold_documents=tuple(dict.fromkeys(key for key, supporting in ids if supporting)),
                answer=wordings[0] if wordings else None,
                aliases=tuple(wordings[1:]),
                kind=row.type,
            )
        )
    return Suite(name=name or path.stem, cases=tuple(cases), passages=pool.passages())
