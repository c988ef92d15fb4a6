"""LiHua-World: a year of one person's chats in a zip, with questions that name the chats by time.

Layout: https://github.com/HKUDS/MiniRAG (dataset/LiHua-World).
"""

import re
import zipfile
from pathlib import Path

from pydantic import BaseModel

from clew.errors import ClewError
from evals.cases import Case
from evals.loaders.reading import need, read_json, shaped
from evals.suite import Passage, Suite

STAMP = re.compile(r"\d{8}_\d\d:?\d\d")
LARGEST = 50 << 20


class Row(BaseModel):
    """A question. ``type`` Null: the chats do not say."""

    question: str
    answer: str
    evidence: str
    type: str


def load(folder: Path, name: str = "lihua-world") -> Suite:
    """The suite in a folder with data/LiHuaWorld.zip and qa/query_set.json."""
    path = folder / "qa" / "query_set.json"
    rows = shaped(read_json(path, "LiHua-World's questions"), dict[str, Row], path)
    return Suite(
        name=name,
        passages=tuple(_chats(need(folder / "data" / "LiHuaWorld.zip", "LiHua-World's chats"))),
        cases=tuple(_case(key, row) for key, row in rows.items()),
    )


def _chats(path: Path) -> list[Passage]:
    try:
        with zipfile.ZipFile(path) as archive:
            texts = {}
            for entry in archive.infolist():
                if entry.filename.endswith(".txt") and entry.file_size <= LARGEST:
                    stem = entry.filename.rsplit("/", 1)[-1].removesuffix(".txt")
                    texts[stem] = archive.read(entry).decode("utf-8", "replace")
    except (zipfile.BadZipFile, OSError) as bad:
        raise ClewError(f"{path} cannot be read: {bad}.", "Get the file anew.") from bad
    return [Passage(id=_stamp(stem), title=_stamp(stem), text=text) for stem, text in sorted(texts.items())]


def _stamp(stem: str) -> str:
    """20260924_2000, a file's name, as the questions write it: 20260924_20:00."""
    return f"{stem[:-2]}:{stem[-2:]}" if STAMP.fullmatch(stem) and ":" not in stem else stem


def _case(key: str, row: Row) -> Case:
    """In the official file a stamp slipped into the answer's column now and then, behind a tab."""
    answer, _, slipped = row.answer.partition("\t")
    stamps = STAMP.findall(row.evidence) or STAMP.findall(slipped)
    return Case(
        id=f"lihua-{key}",
        question=row.question,
        split="test",
        gold_documents=tuple(dict.fromkeys(map(_stamp, stamps))),
        answer=answer,
        answerable=row.type != "Null",
        kind=row.type,
    )
