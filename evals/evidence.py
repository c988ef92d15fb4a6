"""What an answer without a model is made from, for those who measure how."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from clew.ports import Int8s, QueryVectors
from clew.records import Evidence
from retrieve.assistant import POOL
from retrieve.passages import vectors_of
from retrieve.quoting import vectors_for

if TYPE_CHECKING:
    from retrieve.assembly import Index


def evidence_for(index: "Index", question: str) -> tuple[QueryVectors | None, Sequence[Evidence], Mapping[str, Int8s]]:
    """A question's vectors, its evidence by the passages path, and the sentence vectors of what is looked at."""
    query = vectors_of(question, index.embedder)
    evidence = index.assistant.search(question, path="passages", limit=POOL).found.evidence
    with index.lease.hold():
        return query, evidence, vectors_for(index.store, query, evidence)


def fitting(description: str | None) -> ArgumentParser:
    """The command line of what is fitted on cases of one index and tested on others."""
    parser = ArgumentParser(description=description, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--train", type=Path, nargs="+", required=True)
    parser.add_argument("--test", type=Path)
    return parser
