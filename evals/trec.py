"""Rankings as TREC runs and gold as qrels, for any other tool to judge."""

import re
from collections.abc import Iterable
from pathlib import Path

from evals.result import Result

SPACE = re.compile(r"\s+")


def write_runs(result: Result, folder: Path) -> list[Path]:
    """``SYSTEM.trec`` for each system and ``gold.qrels``. Ids are the corpus' own, spaces written as ``_``.

    The score falls by one a rank: trec_eval sorts by score, and would reorder equal ones by their ids.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for system in result.systems:
        rows = [
            f"{_id(case.id)} Q0 {_id(document)} {rank} {1000 - rank} {system}"
            for case in result.of(system).values()
            if case.answerable and case.gold
            for rank, document in enumerate(case.documents, 1)
        ]
        written.append(_write(folder / f"{system}.trec", rows))
    first = next(iter(result.systems), "")
    gold = [
        f"{_id(case.id)} 0 {_id(document)} 1"
        for case in result.of(first).values()
        if case.answerable
        for document in case.gold
    ]
    return [*written, _write(folder / "gold.qrels", gold)]


def _id(name: str) -> str:
    return SPACE.sub("_", name.strip()) or "_"


def _write(path: Path, rows: Iterable[str]) -> Path:
    path.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path
