"""MultiHop-RAG: questions over news articles, with the facts that answer them.

Layout: https://github.com/yixuantt/MultiHop-RAG (MultiHopRAG.json, corpus.json).
"""

from pathlib import Path

from pydantic import BaseModel

from evals.cases import Case
from evals.loaders.reading import read_json, shaped
from evals.suite import Passage, Suite


class Piece(BaseModel):
    """A fact with the article it stands in."""

    fact: str
    url: str


class Row(BaseModel):
    """A question; ``null_query`` has no evidence: nothing in the corpus answers it."""

    query: str
    answer: str
    question_type: str
    evidence_list: list[Piece] = []


class Article(BaseModel):
    """An article of the corpus; its address is its id, for titles are used twice."""

    url: str
    title: str
    body: str
    source: str | None = None
    published_at: str | None = None


def load(folder: Path, name: str = "multihop-rag") -> Suite:
    """The suite in a folder with MultiHopRAG.json and corpus.json."""
    questions, corpus = folder / "MultiHopRAG.json", folder / "corpus.json"
    rows = shaped(read_json(questions, "MultiHop-RAG's questions"), list[Row], questions)
    articles = shaped(read_json(corpus, "MultiHop-RAG's corpus"), list[Article], corpus)
    return Suite(
        name=name,
        passages=tuple(Passage(id=a.url, title=a.title, text=_text(a)) for a in articles),
        cases=tuple(_case(n, row) for n, row in enumerate(rows)),
    )


def _text(article: Article) -> str:
    """Questions ask by source and date, so both stand above the body."""
    line = ", ".join(part for part in (article.source, (article.published_at or "")[:10]) if part)
    return f"{line}\n\n{article.body}" if line else article.body


def _case(n: int, row: Row) -> Case:
    return Case(
        id=f"multihop-rag-{n:04d}",
        question=row.query,
        split="test",
        gold_documents=tuple(dict.fromkeys(piece.url for piece in row.evidence_list)),
        gold_facts=tuple(dict.fromkeys(piece.fact for piece in row.evidence_list)),
        answer=row.answer,
        answerable=row.question_type != "null_query",
        kind=row.question_type,
    )
