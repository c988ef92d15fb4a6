"""How well names are resolved: pairwise precision and recall over small cases with known people.

A case is a line of JSON: a few documents with mentions, each with who is meant. All documents are resolved as one
folder; the pairs judged are those of distinct names, or of distinct documents, within a case. Names of two cases
that have nothing in common may not be joined either.
"""

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TypedDict

from clew.ids import chunk_id, document_id
from clew.language import language_of
from clew.records import Chunk, Document, Mention, Span
from graph.evidence import Alike, Evidence
from graph.forms import parse
from graph.naming import Naming
from graph.resolve import resolve
from graph.within import namings_of

_ENDS = re.compile(r"(?<=[a-z0-9)][.])\s+(?=[A-Z])|(?<=。)")


class Written(TypedDict):
    """A document of a case: mentions are (offset, name, kind, who)."""

    text: str
    mentions: list[tuple[int, str, str, str]]


class Case(TypedDict):
    """A line of the file."""

    id: str
    split: str
    documents: list[Written]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One name in one document of a case, and who is meant."""

    case: str
    document: str
    name: str
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Pairs joined rightly and wrongly, and pairs missed; ``traps`` are cases of namesakes, ``sprung`` those joined."""

    right: int
    wrong: tuple[tuple[Item, Item], ...]
    missed: tuple[tuple[Item, Item], ...]
    cases: int
    traps: int
    sprung: tuple[str, ...]

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + len(self.wrong))

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + len(self.missed))


def measure(cases: Path, *, split: str | None = None, alike: Alike | None = None) -> Agreement:
    """Resolve the cases of a file and compare; ``split`` (dev or test) limits what is judged, not what is read."""
    rows, namings, items = _read(cases)
    entity_of = {n: r.entity.id for r in resolve(namings, evidence=Evidence(alike)) for n in r.namings}
    judged = {row["id"] for row in rows if split in (None, row["split"])}
    return _compare({item: entity_of[naming] for item, naming in items.items()}, judged)


def namings_in(cases: Path) -> list[Naming]:
    """What the documents of all cases name."""
    return _read(cases)[1]


def _read(cases: Path) -> tuple[list[Case], list[Naming], dict[Item, str]]:
    """The cases, their namings, and for each item the naming that holds it."""
    rows: list[Case] = [json.loads(line) for line in cases.read_text(encoding="utf-8").splitlines()]
    namings: list[Naming] = []
    items: dict[Item, str] = {}
    for row in rows:
        for number, written in enumerate(row["documents"]):
            chunk, mentions, who = _document(f"{row['id']}/{number}", written)
            found = namings_of([chunk], mentions)
            namings += found
            for (name, _), person in who.items():
                item = Item(case=row["id"], document=chunk.document.id, name=name, who=person)
                items[item] = next(n.id for n in found if name in n.names)
    return rows, namings, items


def _compare(entity_of: dict[Item, str], judged: set[str]) -> Agreement:
    by_case: dict[str, list[Item]] = defaultdict(list)
    for item in entity_of:
        by_case[item.case].append(item)
    right, wrong, missed = 0, [], []
    for case in sorted(judged):
        for a, b in combinations(by_case[case], 2):
            joined = entity_of[a] == entity_of[b]
            if joined and a.who == b.who:
                right += 1
            elif joined:
                wrong.append((a, b))
            elif a.who == b.who:
                missed.append((a, b))
    wrong += _across(entity_of, judged)
    sprung = tuple(sorted({a.case for a, b in wrong if a.case == b.case and a.case.startswith("trap")}))
    traps = sum(case.startswith("trap") for case in judged)
    return Agreement(
        right=right, wrong=tuple(wrong), missed=tuple(missed), cases=len(judged), traps=traps, sprung=sprung
    )


def _across(entity_of: dict[Item, str], judged: set[str]) -> Iterable[tuple[Item, Item]]:
    """Pairs of items of two cases, one of them judged, that were joined although not even a word is common."""
    by_entity: dict[str, list[Item]] = defaultdict(list)
    for item, entity in entity_of.items():
        by_entity[entity].append(item)
    for items in by_entity.values():
        for a, b in combinations(items, 2):
            if a.case != b.case and {a.case, b.case} & judged:
                one, other = parse(a.name, "name"), parse(b.name, "name")
                if one.key != other.key:
                    yield a, b


def _document(path: str, written: Written) -> tuple[Chunk, list[Mention], dict[tuple[str, str], str]]:
    text = written["text"]
    document = Document(
        id=document_id("", path), path=path, title=path, media_type="", content_hash=text, language=language_of(text)
    )
    ends = [m.end() for m in _ENDS.finditer(text)]
    sentences = tuple(Span(a, b) for a, b in zip([0, *ends], [*ends, len(text)], strict=True) if a < b)
    span = Span(0, len(text))
    chunk = Chunk(id=chunk_id(document.id, span, text), document=document, span=span, text=text, sentences=sentences)
    mentions, who = [], {}
    for at, name, kind, person in written["mentions"]:
        number = next(n for n, s in enumerate(sentences) if s.start <= at < s.end)
        mentions.append(Mention(name=name, kind=kind, chunk_id=chunk.id, sentence=number))
        who[(name, kind)] = person
    return chunk, mentions, who


def main(cases: Path) -> None:
    """Print the agreement on each half of the cases."""
    for split in ("dev", "test"):
        found = measure(cases, split=split)
        print(
            f"{split}: {found.cases} cases, precision {found.precision:.3f}, recall {found.recall:.3f}, "
            f"{len(found.sprung)} of {found.traps} traps sprung"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
