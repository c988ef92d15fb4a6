"""Measure answers about the whole folder: what their citations cover, beside passages quoted at the same length.

``python -m evals.whole_folder INDEX [--cases FILE] [--split dev|test]`` asks the cases of the path ``global``. INDEX is
an index of the folder that the cases are about. Beside the answer stand those of the passages path: its own; the best
sentence of each passage in the order of the ranking until the text is as long; the same until as many are quoted.
"""

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from clew.records import Answer, Citation
from clew.settings import load
from evals.cases import Case, read_cases
from evals.intervals import Bootstrap
from evals.suites import EXAMPLES
from retrieve import quote, survey
from retrieve.passages import vectors_of
from retrieve.quoting import vectors_for
from retrieve.weigh import sentences

if TYPE_CHECKING:
    from retrieve.assembly import Index

DEEP = 400  # passages that the longer answers may draw on


@dataclass(frozen=True, slots=True)
class Cited:
    """What an answer cites, the gold documents in it, and how long it is."""

    documents: int
    recall: float
    precision: float
    characters: int


def main() -> None:
    """Ask, and print a line for each kind of answer."""
    from retrieve.assembly import open_index

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("--cases", type=Path, default=EXAMPLES / "harbour.cases.jsonl")
    parser.add_argument("--split", choices=("dev", "test"), default="dev")
    parser.add_argument("--each", action="store_true", help="one line for each case too")
    given = parser.parse_args()
    cases = [case for case in read_cases(given.cases) if case.path == "global" and case.split == given.split]
    with open_index(given.index, load(llm="none"), doing="measuring") as index:
        rows = [measured(index, case) for case in cases]
    if given.each:
        for case, row in zip(cases, rows, strict=True):
            print(case.id, *(f"{cited.recall:.2f} of {cited.documents}" for cited in row.values()), sep="  ")
    bootstrap = Bootstrap(len(cases))
    for name in rows[0]:
        of = [row[name] for row in rows]
        recall = np.array([cited.recall for cited in of])
        mean = bootstrap.estimate(recall)
        print(
            f"{name:32} recall {mean.mean:.3f} ({mean.low:.2f}–{mean.high:.2f})  "
            f"precision {np.mean([cited.precision for cited in of]):.3f}  "
            f"documents {np.mean([cited.documents for cited in of]):.1f}  "
            f"characters {np.mean([cited.characters for cited in of]):.0f}"
        )
    for language in sorted({case.lang for case in cases}):
        ours = [row["global"].recall for case, row in zip(cases, rows, strict=True) if case.lang == language]
        print(f"global, {language}: {np.mean(ours):.3f} of {len(ours)} questions")


def measured(index: "Index", case: Case) -> dict[str, Cited]:
    """The answer and those beside it."""
    answer = index.assistant.ask(case.question, path="global")
    short = index.assistant.ask(case.question, path="passages")
    texts, citations = _passages(index, case.question)
    length = np.cumsum([0, *(len(text) + 2 for text in texts)])  # of the first n
    as_long = int(np.searchsorted(length, len(answer.text), side="right")) - 1
    as_many = min(len(answer.citations), len(texts))
    first = _quoted_first(answer)
    return {
        "global": _cited(case, answer.citations, len(answer.text)),
        f"  its first {survey.QUOTED} documents": _cited(case, first, len(answer.text)),
        "passages, its own answer": _cited(case, short.citations, len(short.text)),
        "passages, as many characters": _cited(case, citations[:as_long], int(length[as_long])),
        "passages, as many sentences": _cited(case, citations[:as_many], int(length[as_many])),
    }


def _quoted_first(answer: Answer) -> list[Citation]:
    """The citations of the documents that are told first, whatever their place in the text."""
    order = list(dict.fromkeys(piece.chunk.document.id for piece in answer.evidence))[: survey.QUOTED]
    return [citation for citation in answer.citations if citation.chunk.document.id in order]


def _passages(index: "Index", question: str) -> tuple[list[str], list[Citation]]:
    """The best sentence of each passage, in the order of the passages path."""
    query = vectors_of(question, index.embedder)
    evidence = index.assistant.search(question, path="passages", limit=DEEP).found.evidence
    texts, citations = [], []
    for piece in evidence:
        with index.lease.hold():
            vectors = vectors_for(index.store, query, [piece])
        _, quotes = sentences(question, query, [piece], vectors)
        text, _, made = quote.compose(quotes[:1])
        texts.append(text)
        citations += made or [Citation(marker=0, chunk=piece.chunk, span=piece.chunk.span, support=0.0, supported=True)]
    return texts, citations


def _cited(case: Case, citations: Iterable[Citation], characters: int) -> Cited:
    found = {citation.chunk.document.path for citation in citations}
    gold: Sequence[str] = case.gold_documents
    hits = len(found.intersection(gold))
    return Cited(len(found), hits / len(gold), hits / len(found) if found else 0.0, characters)


if __name__ == "__main__":
    main()
