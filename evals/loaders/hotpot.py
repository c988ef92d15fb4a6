"""HotpotQA in the official layout (distractor setting) and HippoRAG's; 2WikiMultihopQA is laid out alike.

Layouts: https://hotpotqa.github.io, https://github.com/Alab-NII/2wikimultihop, https://github.com/OSU-NLP-Group/HippoRAG.
"""

from pathlib import Path

from pydantic import BaseModel, Field

from evals.cases import Case, Split
from evals.loaders.pool import Pool, hipporag_corpus, joined
from evals.loaders.reading import read_either, shaped
from evals.suite import Suite


class Row(BaseModel):
    """A question with its ten paragraphs; a supporting fact is (title, number of the sentence)."""

    id: str = Field(alias="_id")
    question: str
    answer: str | None = None
    type: str = ""
    supporting_facts: list[tuple[str, int]] = []
    context: list[tuple[str, list[str]]]


def load(path: Path, name: str = "", *, corpus: Path | None = None, split: Split = "dev") -> Suite:
    """The questions in ``path`` over ``corpus`` (HippoRAG's file), or over the paragraphs of all questions."""
    rows = shaped(read_either(path, "HotpotQA"), list[Row], path)
    beside = corpus or path.with_name(f"{path.stem}_corpus.json")
    ready = hipporag_corpus(beside) if corpus is not None or beside.is_file() else None
    pool = Pool(ready, by_title=True)
    return Suite(name=name or path.stem, cases=tuple(_case(row, pool, split) for row in rows), passages=pool.passages())


def _case(row: Row, pool: Pool, split: Split) -> Case:
    ids = {title: pool.add(title, joined(sentences)) for title, sentences in row.context}
    sentences = dict(row.context)
    facts = [
        sentences[title][n].strip()
        for title, n in row.supporting_facts
        if n < len(sentences.get(title, ()))  # the official files point past the end now and then
    ]
    return Case(
        id=row.id,
        question=row.question,
        split=split,
        gold_documents=tuple(dict.fromkeys(ids[title] for title, _ in row.supporting_facts if title in ids)),
        gold_facts=tuple(fact for fact in facts if fact),
        answer=row.answer,
        kind=row.type,
    )
