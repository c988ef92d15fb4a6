"""Labelled questions: the committed ones, and files of the same shape."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from clew.errors import UsageError
from clew.language import language_of
from retrieve.router.model import PATHS

T = TypeVar("T")
FOLDER = Path(__file__).parent / "labels"
GIVEN = FOLDER / "queries.jsonl"
ADDED = FOLDER / "added.jsonl"
OWN = (GIVEN, ADDED)  # what the packaged router is trained on


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A question, the way it should go, and who wrote it (questions by one writer resemble each other)."""

    id: str
    query: str
    language: str
    writer: str
    path: str
    compute: bool
    fresh: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A question to decide, under the id that its file gives it."""

    id: str | int
    query: str


def questions(path: Path) -> list[Question]:
    """Read JSON lines with ``query`` and, if they like, ``id`` (else the line's number)."""
    found = []
    for number, row in rows(path):
        if not str(row.get("query", "")).strip():
            raise UsageError(f"{path}, line {number}: no query.", "Each line is an object with id and query.")
        given = row.get("id", number)
        found.append(Question(given if isinstance(given, int) else str(given), str(row["query"])))
    return found


def read_labels(path: Path) -> list[Label]:
    """Read JSON lines shaped as the committed labels; ``lang`` and ``writer`` may be missing."""
    labels = []
    for number, row in rows(path):
        try:
            labels.append(
                Label(
                    id=str(row.get("id", number)),
                    query=str(row["query"]),
                    language=str(row.get("lang") or language_of(str(row["query"]))),
                    writer=str(row.get("writer", "")),
                    path=_one_of(row["path"], PATHS),
                    compute=bool(_one_of(row["compute"], (True, False))),
                    fresh=bool(_one_of(row["fresh"], (True, False))),
                )
            )
        except KeyError as missing:
            raise UsageError(
                f"{path}, line {number}: no {missing}.", "A label has query, path, compute, fresh."
            ) from None
        except ValueError as wrong:
            raise UsageError(f"{path}, line {number}: {wrong}", "Correct it, or leave the line out.") from None
    return labels


def _one_of(value: object, known: Sequence[T]) -> T:
    """The value as the one of the known ones that it is; ValueError if it is none."""
    for one in known:
        if value == one and isinstance(value, type(one)):
            return one
    raise ValueError(f"{json.dumps(value)} is none of {', '.join(json.dumps(one) for one in known)}.")


def rows(path: Path) -> Iterable[tuple[int, dict[str, object]]]:
    """The objects of a JSON lines file with their line numbers; empty lines are skipped."""
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as problem:
        raise UsageError(f"{path} cannot be read: {problem}", "Give a file of JSON lines.") from problem
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                row = json.loads(line)
            except ValueError as problem:
                raise UsageError(f"{path}, line {number}: {problem}", "Each line is one JSON object.") from problem
            if not isinstance(row, dict):
                raise UsageError(f"{path}, line {number}: no object.", "Each line is one JSON object.")
            yield number, row
