"""A suite: a corpus with its own ids, and the cases asked of it."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from clew.errors import ClewError
from evals.cases import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A document of a data set. ``entities`` and ``triples`` are what an extractor that came with the data found."""

    id: str
    text: str
    title: str = ""
    entities: tuple[str, ...] = ()
    triples: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """Cases over either ``passages`` (a data set's) or the files of a ``folder`` (whose paths are the ids)."""

    name: str
    cases: tuple[Case, ...]
    passages: tuple[Passage, ...] = ()
    folder: Path | None = None

    def check(self) -> "Suite":
        """This suite, if every gold document is in its corpus and no id is used twice; else an error naming it."""
        for id_, count in Counter(case.id for case in self.cases).items():
            if count > 1:
                raise ClewError(f"{self.name} has {count} cases {id_!r}.", "Give each case its own id.")
        if self.folder is None:
            known = {passage.id for passage in self.passages}
            if len(known) < len(self.passages):
                raise ClewError(
                    f"The corpus of {self.name} uses an id twice.", "Give each document of the corpus its own id."
                )
        else:
            known = {name for name, _ in files(self.folder)}
        for case in self.cases:
            for gold in case.gold_documents:
                if gold not in known:
                    raise ClewError(
                        f"Case {case.id!r} of {self.name} wants the document {gold!r}, which is not in the corpus.",
                        "Correct the case, or add the document.",
                    )
        return self

    def sha256(self) -> str:
        """A hash over the ids, titles and texts (or paths and bytes) of the corpus, cases not counted."""
        whole = hashlib.sha256()
        if self.folder is None:
            for passage in self.passages:
                for part in (passage.id, passage.title, passage.text):
                    _add(whole, part.encode("utf-8", "surrogatepass"))
        else:
            for name, path in files(self.folder):
                _add(whole, name.encode("utf-8", "surrogatepass"))
                _add(whole, path.read_bytes())
        return whole.hexdigest()


def files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file below ``folder`` that is not hidden, as (relative path with forward slashes, path), in order."""
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in relative.parts):
            yield relative.as_posix(), path


def _add(whole: "hashlib._Hash", part: bytes) -> None:
    whole.update(len(part).to_bytes(8, "little"))
    whole.update(part)
