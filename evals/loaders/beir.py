"""The BEIR layout, the common tongue of retrieval data: corpus.jsonl, queries.jsonl, qrels/test.tsv.

Layout: https://github.com/beir-cellar/beir. Grades above zero count as gold.
"""

from pathlib import Path

from pydantic import BaseModel, Field

from clew.errors import ClewError
from evals.cases import Case, Split
from evals.loaders.reading import need, read_lines, read_text, shaped
from evals.suite import Passage, Suite


class Text(BaseModel):
    """A line of the corpus or of the queries."""

    id: str = Field(alias="_id")
    text: str
    title: str = ""


def is_beir(folder: Path) -> bool:
    """Whether a folder has this layout."""
    return (folder / "corpus.jsonl").is_file() and (folder / "queries.jsonl").is_file()


def load(folder: Path, name: str = "") -> Suite:
    """The suite in a BEIR folder: the queries that ``qrels/test.tsv`` (or dev.tsv, without it) judges."""
    split, qrels = _qrels(need(folder, "The BEIR folder"))
    gold: dict[str, list[str]] = {}
    for number, line in enumerate(read_text(qrels, "The file of judgements").splitlines(), 1):
        cells = line.split("\t")
        if (number == 1 and cells[-1].strip() == "score") or not line.strip():
            continue
        if len(cells) != 3 or not cells[2].strip().lstrip("-").isdigit():
            raise ClewError(
                f"{qrels}, line {number}: expected query-id, corpus-id and score, got {line!r}.",
                "Separate the three by tabs.",
            )
        if int(cells[2]) > 0:
            gold.setdefault(cells[0], []).append(cells[1])
    corpus = folder / "corpus.jsonl"
    queries = folder / "queries.jsonl"
    passages = shaped(list(read_lines(corpus, "The BEIR corpus")), list[Text], corpus)
    asked = shaped(list(read_lines(queries, "The BEIR queries")), list[Text], queries)
    return Suite(
        name=name or folder.resolve().name,
        passages=tuple(Passage(id=p.id, title=p.title, text=p.text) for p in passages),
        cases=tuple(
            Case(id=q.id, question=q.text, split=split, gold_documents=tuple(gold[q.id])) for q in asked if q.id in gold
        ),
    )


def _qrels(folder: Path) -> tuple[Split, Path]:
    splits: tuple[Split, ...] = ("test", "dev")
    for split in splits:
        path = folder / "qrels" / f"{split}.tsv"
        if path.is_file():
            return split, path
    return "test", need(folder / "qrels" / "test.tsv", "The file of judgements")
