"""Extraction without a language model: names and clauses of each chunk as mentions and triples."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from clew.records import Chunk, Mention, Span, Triple
from graph.extract import chinese, english
from graph.extract.english import Reading
from graph.extract.facts import Facts
from graph.extract.titles import title_names, unbracketed
from graph.view import TITLE

NAME = "en_core_web_sm-3.8.0+jieba-0.42/1"
PRONOUNS = frozenset({"he", "she", "it"})
LONGEST_OBJECT = 12  # words

Named = tuple[int, int, str]
"""Start and end in the chunk's text, and the kind."""


def extract(chunks: Sequence[Chunk]) -> Facts:
    """The facts of one document's chunks.

    Names stay as written: who a surname or an acronym stands for is resolution's to say. The subject "he", "she" or
    "it" stands for the document's title, with less confidence.
    """
    return next(extract_each([chunks]))


def extract_each(documents: Sequence[Sequence[Chunk]]) -> Iterator[Facts]:
    """The facts of each of several documents: a third quicker than one by one where they are short."""
    flow = english.read([c for chunks in documents for c in chunks if c.document.language != "zh"])
    for chunks in documents:
        yield _facts(chunks, flow)


def _facts(chunks: Sequence[Chunk], readings: Iterator[Reading]) -> Facts:
    """The facts of one document, whose English chunks are next among the readings. None is kept: a large document's
    would fill the memory."""
    names: dict[str, dict[tuple[int, int], str]] = {}
    votes: list[tuple[str, str]] = []
    triples: list[Triple] = []
    for chunk in chunks:
        reading = next(readings) if chunk.document.language != "zh" else None
        spans: list[Named] = list(chinese.names(chunk.text)) if reading is None else _spans(reading)
        written = names[chunk.id] = {(a, b): _flat(chunk.text[a:b]) for a, b, _ in spans}
        votes += [(written[a, b], kind) for a, b, kind in spans]
        found = _chinese_triples(chunk, written) if reading is None else _triples(chunk, reading, written)
        triples += dict.fromkeys(found)
    kinds = _kinds(votes)
    mentions = [mention for chunk in chunks for mention in _mentions(chunk, names[chunk.id], kinds)]
    return Facts(mentions=tuple(mentions), triples=tuple(triples))


def _flat(name: str) -> str:
    return " ".join(name.split())


def _spans(reading: Reading) -> list[Named]:
    return [(reading.offsets[n.start][0], reading.offsets[n.end - 1][1], n.kind) for n in reading.names]


def _kinds(written: Iterable[tuple[str, str]]) -> dict[str, str]:
    """One kind for each name of a document: the most frequent, a recognised one before "name"."""
    votes: dict[str, Counter[str]] = {}
    for name, kind in written:
        votes.setdefault(name, Counter())[kind] += 1
    return {name: max(v, key=lambda kind: (kind != "name", v[kind], kind)) for name, v in votes.items()}


def _mentions(chunk: Chunk, names: Mapping[tuple[int, int], str], kinds: Mapping[str, str]) -> Iterator[Mention]:
    """A chunk's mentions, each name once a sentence, titles first."""
    number = _sentences(chunk)
    seen: dict[tuple[int, str], str] = {}
    for name in title_names(chunk):
        seen[(TITLE, name)] = kinds.get(name, "title")
    for (start, _), name in names.items():
        seen.setdefault((number(start), name), kinds[name])
    for (sentence, name), kind in sorted(seen.items(), key=lambda item: item[0][0]):
        yield Mention(name=name, kind=kind, chunk_id=chunk.id, sentence=sentence)


def _sentences(chunk: Chunk) -> Callable[[int], int]:
    """From a place in the chunk's text to the number of its sentence; what stands in none belongs to a heading."""
    starts = [s.start - chunk.span.start for s in chunk.sentences]
    ends = [s.end - chunk.span.start for s in chunk.sentences]

    def number(at: int) -> int:
        found = bisect_right(starts, at) - 1
        return found if found >= 0 and at < ends[found] else TITLE

    return number


def _triples(chunk: Chunk, reading: Reading, names: Mapping[tuple[int, int], str]) -> Iterator[Triple]:
    """The clauses of a chunk as triples: between names where both ends have one, else with the words as written."""
    number = _sentences(chunk)
    tokens = {(n.start, n.end): names[key] for n, key in zip(reading.names, _keys(reading), strict=True)}
    for clause in reading.clauses:
        sentence = number(reading.offsets[clause.at][0])
        if sentence == TITLE:
            continue
        subject, confidence = _subject(chunk, reading, clause.subject, tokens)
        if not subject:
            continue
        for predicate, thing in _objects(reading, clause.predicate, clause.object, tokens):
            if thing != subject:
                yield Triple(
                    subject=subject,
                    predicate=predicate,
                    object=thing,
                    chunk_id=chunk.id,
                    span=chunk.sentences[sentence],
                    extractor=NAME,
                    confidence=confidence,
                )


def _keys(reading: Reading) -> Iterator[tuple[int, int]]:
    for start, end, _ in _spans(reading):
        yield start, end


def _subject(
    chunk: Chunk, reading: Reading, span: tuple[int, int], names: Mapping[tuple[int, int], str]
) -> tuple[str, float]:
    written = reading.parse.text(*span)
    if written.lower() in PRONOUNS and chunk.named:
        return unbracketed(chunk.document.title), 0.5
    top = reading.parse.top(*span)
    for (start, end), name in names.items():
        if start <= top < end:
            return name, 1.0
    if reading.parse.tag[top][:2] in ("NN", "CD", "JJ"):
        return written, 0.8
    return "", 0.0


def _objects(
    reading: Reading, predicate: str, span: tuple[int, int], names: Mapping[tuple[int, int], str]
) -> Iterator[tuple[str, str]]:
    """(predicate, object) for each name in the object, what stands before it drawn to the predicate; or as written."""
    parse = reading.parse
    inside = [(start, end) for start, end in names if span[0] <= start and end <= span[1]]
    for start, end in inside:
        yield f"{predicate} {parse.text(span[0], start)}".strip(), names[(start, end)]
    if not inside and span[1] - span[0] <= LONGEST_OBJECT:
        yield predicate, parse.text(*span)


def _chinese_triples(chunk: Chunk, names: Mapping[tuple[int, int], str]) -> Iterator[Triple]:
    """Two names of one clause with words between them that hold a verb."""
    for subject, predicate, thing, at in chinese.linked(chunk.text, sorted(names)):
        span = next((s for s in chunk.sentences if s.start <= at + chunk.span.start < s.end), None)
        if span is not None and subject != thing:
            yield Triple(
                subject=subject,
                predicate=predicate,
                object=thing,
                chunk_id=chunk.id,
                span=Span(span.start, span.end),
                extractor=NAME,
                confidence=0.5,
            )
