"""MuSiQue: the official JSON lines, and HippoRAG's list with its corpus and GPT-3.5's entities and triples beside it.

Layouts: https://github.com/StonyBrookNLP/musique, https://github.com/OSU-NLP-Group/HippoRAG (legacy).
"""

from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel

from clew.errors import ClewError
from evals.cases import Case, Split
from evals.loaders.pool import Pool, hipporag_corpus
from evals.loaders.reading import read_either, read_json, shaped
from evals.suite import Passage, Suite


class Paragraph(BaseModel):
    """One of a question's twenty paragraphs."""

    title: str
    paragraph_text: str
    is_supporting: bool


class Row(BaseModel):
    """A question; of the full version's, those whose supporting paragraphs were taken out are not answerable."""

    id: str
    question: str
    answer: str | None = None
    answer_aliases: list[str] = []
    answerable: bool = True
    paragraphs: list[Paragraph]


class Extracted(BaseModel):
    """What a model extracted from one passage."""

    title: str
    text: str
    extracted_entities: list[str]
    extracted_triples: list[list[str]]


def load(
    path: Path, name: str = "", *, corpus: Path | None = None, openie: Path | None = None, split: Split = "dev"
) -> Suite:
    """The questions in ``path`` over ``corpus``, or over the paragraphs of all questions.

    ``openie`` adds the entities and triples that a model found in each passage. Triples that do not have three
    parts are left out.
    """
    rows = shaped(read_either(path, "MuSiQue"), list[Row], path)
    beside = corpus or path.with_name(f"{path.stem}_corpus.json")
    ready = hipporag_corpus(beside) if corpus is not None or beside.is_file() else None
    pool = Pool(ready, by_title=False)
    cases = tuple(_case(row, pool, split) for row in rows)
    passages = pool.passages()
    return Suite(
        name=name or path.stem, cases=cases, passages=passages if openie is None else with_triples(passages, openie)
    )


def with_triples(passages: tuple[Passage, ...], openie: Path) -> tuple[Passage, ...]:
    """The passages with what the file says was extracted from them."""
    docs = shaped(read_json(openie, "The extracted triples").get("docs"), list[Extracted], openie)
    found = {(doc.title, doc.text.strip()): doc for doc in docs}
    rich = []
    for passage in passages:
        doc = found.get((passage.title, passage.text))
        if doc is None:
            raise ClewError(f"{openie} has nothing for the passage {passage.title!r}.", "Use the matching file.")
        triples = tuple((t[0], t[1], t[2]) for t in doc.extracted_triples if len(t) == 3)
        rich.append(replace(passage, entities=tuple(doc.extracted_entities), triples=triples))
    return tuple(rich)


def _case(row: Row, pool: Pool, split: Split) -> Case:
    ids = [(pool.add(p.title, p.paragraph_text), p.is_supporting) for p in row.paragraphs]
    return Case(
        id=row.id,
        question=row.question,
        split=split,
        gold_documents=tuple(dict.fromkeys(key for key, supporting in ids if supporting)) if row.answerable else (),
        answer=row.answer,
        aliases=tuple(row.answer_aliases),
        answerable=row.answerable,
        kind=row.id.split("__")[0],
    )
