"""A data set's passages as a folder of Markdown files, so that they come in by the front door like anyone's."""

import json
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from evals.suite import Passage, Suite, files

NOT_WORD = re.compile(r"[\W_]+")
SLUG = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """A folder to ingest and, for each path in it, the id the data set gives that document."""

    folder: Path
    ids: dict[str, str]
    sha256: str


def materialise(suite: Suite, cache: Path) -> Corpus:
    """The suite's corpus as a folder, written once below ``cache`` and found again by its content.

    A folder suite is used where it lies. The written folder appears all at once: a kill leaves no half of it.
    """
    sha256 = suite.sha256()
    if suite.folder is not None:
        return Corpus(folder=suite.folder, ids={name: name for name, _ in files(suite.folder)}, sha256=sha256)
    home = cache / "corpora" / sha256[:20]
    names = file_names(suite.passages)
    ids = {name: passage.id for name, passage in zip(names, suite.passages, strict=True)}
    if not home.is_dir():
        home.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=home.parent, prefix="writing-"))
        try:
            (draft / "files").mkdir()
            for name, passage in zip(names, suite.passages, strict=True):
                (draft / "files" / name).write_text(as_markdown(passage), encoding="utf-8", errors="replace")
            (draft / "ids.json").write_text(json.dumps(ids, ensure_ascii=False, indent=0), encoding="utf-8")
            draft.replace(home)
        except OSError:
            shutil.rmtree(draft, ignore_errors=True)
            if not home.is_dir():  # else another run was faster
                raise
    return Corpus(folder=home / "files", ids=ids, sha256=sha256)


def file_names(passages: tuple[Passage, ...]) -> list[str]:
    """``<n>-<slug of the title>.md``, numbered so that the names sort in the corpus' order."""
    width = len(str(max(len(passages) - 1, 0)))
    names = []
    for n, passage in enumerate(passages):
        slug = NOT_WORD.sub("-", (passage.title or passage.id).lower())[:SLUG].strip("-")
        while len(os.fsencode(slug)) > 200:
            slug = slug[:-1]
        names.append(f"{n:0{width}d}-{slug}.md" if slug else f"{n:0{width}d}.md")
    return names


def as_markdown(passage: Passage) -> str:
    """The title as a heading, then the text."""
    title = " ".join(passage.title.split())
    return f"# {title}\n\n{passage.text.strip()}\n" if title else f"{passage.text.strip()}\n"
