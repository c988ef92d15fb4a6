"""Precision, recall and F1 of extraction without a language model: ``python -m evals.extraction --data DIR``.

Clauses are compared with CaRB's gold in CaRB's way (Bhardwaj et al. 2019): slot by slot (subject, predicate, the rest)
by shared words, at least one of the predicate's; for recall each gold clause takes its best match, for precision each
extracted one is matched at most once, best first. Names and pairs are compared with Re-DocRED (Tan et al. 2022),
dates and numbers left out: names are compared by all their words, and by sharing one; a pair is a
triple between two gold entities, right if any relation holds between them, whichever its name and direction.
"""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from clew.records import Chunk, Document, Span
from graph.extract import extract_each
from graph.extract.english import Reading, read

Slots = tuple[Counter[str], Counter[str], Counter[str]]
NO_NAMES = ("TIME", "NUM")
MARKS = {"-LRB-": "(", "-RRB-": ")", "``": '"', "''": '"'}


@dataclass(frozen=True, slots=True)
class Score:
    """How much of what was extracted is right, and how much of what is right was extracted."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / max(self.precision + self.recall, 1e-9)

    def __str__(self) -> str:
        return f"precision {self.precision:.3f}  recall {self.recall:.3f}  F1 {self.f1:.3f}"


def carb(folder: Path) -> Score:
    """Clauses against CaRB's dev set."""
    gold: dict[str, list[Slots]] = defaultdict(list)
    for line in (folder / "gold" / "dev.tsv").read_text(encoding="utf-8").splitlines():
        sentence, predicate, *arguments = line.split("\t")
        if arguments:
            gold[sentence].append(_slots(arguments[0], predicate, " ".join(arguments[1:])))
    right_of_found = right_of_gold = 0.0
    found_count = 0
    for (_, wanted), reading in zip(gold.items(), read([_chunk([s]) for s in gold]), strict=True):
        found = list(dict.fromkeys(_clauses(reading)))
        slots = [_slots(*clause) for clause in found]
        found_count += len(slots)
        right_of_gold += sum(max((_match(own, one)[1] for own in slots), default=0.0) for one in wanted)
        right_of_found += _one_to_one([[_match(own, one)[0] for one in wanted] for own in slots])
    return Score(right_of_found / max(found_count, 1), right_of_gold / sum(map(len, gold.values())))


def docred(file: Path) -> dict[str, Score]:
    """Names and pairs against Re-DocRED's dev set."""
    rows = json.loads(file.read_text(encoding="utf-8"))
    chunks = [_chunk([" ".join(tokens) for tokens in row["sents"]], row["title"]) for row in rows]
    exact, touching, count = [0, 0], [0, 0], [0, 0]
    pairs, near = [0, 0, 0], [0, 0]
    for row, chunk, reading, facts in zip(
        rows, chunks, read(chunks), extract_each([[chunk] for chunk in chunks]), strict=True
    ):
        gold = _mentions(row, chunk)
        own = [Span(reading.offsets[n.start][0], reading.offsets[n.end - 1][1]) for n in reading.names]
        for side, these, those in ((0, own, gold), (1, gold, own)):
            exact[side] += sum(any(_same(chunk, one, other) for other in those) for one in these)
            touching[side] += sum(any(one.overlaps(other) for other in those) for one in these)
            count[side] += len(these)
        entity_of = {m["name"].casefold(): n for n, vertex in enumerate(row["vertexSet"]) for m in vertex}
        proper = {n for n, vertex in enumerate(row["vertexSet"]) if vertex[0]["type"] not in NO_NAMES}
        wanted = {frozenset((r["h"], r["t"])) for r in row["labels"] if {r["h"], r["t"]} <= proper and r["h"] != r["t"]}
        ends = [(entity_of.get(t.subject.casefold()), entity_of.get(t.object.casefold())) for t in facts.triples]
        stated = {frozenset((a, b)) for a, b in ends if a in proper and b in proper and a != b}
        together = _together(row["vertexSet"], proper)
        pairs[0] += len(stated & wanted)
        pairs[1] += len(stated)
        pairs[2] += len(wanted)
        near[0] += len(stated & wanted & together)
        near[1] += len(wanted & together)
    precision = pairs[0] / max(pairs[1], 1)
    return {
        "names, same words": Score(exact[0] / count[0], exact[1] / count[1]),
        "names, sharing a word": Score(touching[0] / count[0], touching[1] / count[1]),
        "pairs": Score(precision, pairs[0] / pairs[2]),
        "pairs named in one sentence": Score(precision, near[0] / near[1]),
    }


def main() -> None:
    """Print a line for each comparison."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="Folder with carb_dev and re_docred_dev.")
    data = parser.parse_args().data
    print(f"{'CaRB dev, clauses':46}{carb(data / 'carb_dev')}")
    for what, score in docred(data / "re_docred_dev" / "dev_revised.json").items():
        print(f"{'Re-DocRED dev, ' + what:46}{score}")


def _chunk(sentences: Sequence[str], title: str = "") -> Chunk:
    sentences = [" ".join(MARKS.get(word, word) for word in sentence.split()) for sentence in sentences]
    spans, at = [], 0
    for sentence in sentences:
        spans.append(Span(at, at + len(sentence)))
        at += len(sentence) + 1
    text = " ".join(sentences)
    document = Document(id="d", path="d.md", title=title, media_type="text/markdown", content_hash="")
    whole = Span(0, len(text))
    return Chunk(id="c", document=document, span=whole, text=text, sentences=tuple(spans), named=bool(title))


def _clauses(reading: Reading) -> Iterator[tuple[str, str, str]]:
    for clause in reading.clauses:
        yield reading.parse.text(*clause.subject), clause.predicate, reading.parse.text(*clause.object)


def _slots(subject: str, predicate: str, rest: str) -> Slots:
    subject, predicate, rest = (
        " ".join(MARKS.get(word, word) for word in part.split()).casefold() for part in (subject, predicate, rest)
    )
    return Counter(subject.split()), Counter(predicate.split()), Counter(rest.split())


def _match(found: Slots, gold: Slots) -> tuple[float, float]:
    """(share of the extracted words that are right, share of the gold words that were extracted)."""
    if not found[1] & gold[1]:
        return 0.0, 0.0
    both = sum((a & b).total() for a, b in zip(found, gold, strict=True))
    return both / max(sum(a.total() for a in found), 1), both / max(sum(b.total() for b in gold), 1)


def _one_to_one(scores: Sequence[Sequence[float]]) -> float:
    best = sorted(((s, i, j) for i, row in enumerate(scores) for j, s in enumerate(row) if s > 0), reverse=True)
    rows, columns, total = set(), set(), 0.0
    for score, i, j in best:
        if i not in rows and j not in columns:
            rows.add(i)
            columns.add(j)
            total += score
    return total


def _mentions(row: Mapping[str, Any], chunk: Chunk) -> list[Span]:
    """The gold mentions as spans of the chunk's text."""
    found = []
    for mention in (mention for vertex in row["vertexSet"] for mention in vertex if mention["type"] not in NO_NAMES):
        sentence = chunk.sentences[mention["sent_id"]]
        words = chunk.quote(sentence).split(" ")
        first, last = mention["pos"]
        start = sentence.start + sum(len(word) + 1 for word in words[:first])
        found.append(Span(start, start + len(" ".join(words[first:last]))))
    return found


def _same(chunk: Chunk, one: Span, other: Span) -> bool:
    """The same name, articles and marks aside."""
    return one.overlaps(other) and _bare(chunk.quote(one)) == _bare(chunk.quote(other))


def _bare(name: str) -> list[str]:
    return [word for word in name.casefold().split() if word != "the" and any(c.isalnum() for c in word)]


def _together(vertices: Sequence[Sequence[Mapping[str, int]]], proper: set[int]) -> set[frozenset[int]]:
    """The pairs of entities that some sentence names both of."""
    by_sentence: dict[int, set[int]] = defaultdict(set)
    for number in proper:
        for mention in vertices[number]:
            by_sentence[mention["sent_id"]].add(number)
    return {frozenset(pair) for those in by_sentence.values() for pair in combinations(sorted(those), 2)}


if __name__ == "__main__":
    main()
