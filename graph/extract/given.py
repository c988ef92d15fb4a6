"""Facts that something else found, a language model for one, put in their place in the chunks."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clew.records import Chunk, Mention, Triple
from graph.extract.facts import Facts
from graph.extract.titles import title_names
from graph.view import TITLE

NAME = "given/1"
_WORD = re.compile(r"\w+")
_DATE = re.compile(
    r"(?:\d{1,2} )?(?:january|february|march|april|may|june|july|august|september|october|november|december)"
    r"(?: \d{1,2})?(?:,? \d{4})?",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Given:
    """What was found in one document: names, and (subject, predicate, object)."""

    entities: Sequence[str] = ()
    triples: Sequence[tuple[str, str, str]] = ()


class GivenExtractor:
    """An extractor that looks its facts up by the document's path; a document it has nothing for has its title."""

    def __init__(self, by_path: Mapping[str, Given]) -> None:
        self._by_path = by_path

    def __call__(self, documents: Sequence[Sequence[Chunk]]) -> Iterator[Facts]:
        for chunks in documents:
            placed = [_placed(chunk, self._by_path.get(chunk.document.path, Given())) for chunk in chunks]
            yield Facts(
                mentions=tuple(mention for facts in placed for mention in facts.mentions),
                triples=tuple(triple for facts in placed for triple in facts.triples),
            )


def _placed(chunk: Chunk, given: Given) -> Facts:
    """Each name in the sentences that hold it; each triple in the sentence that holds most of it."""
    folded = [chunk.quote(s).casefold() for s in chunk.sentences]
    words = [frozenset(_WORD.findall(text)) for text in folded]
    found = {(TITLE, name): "title" for name in title_names(chunk)}
    triples = []
    for subject, predicate, thing in given.triples:
        wanted = [frozenset(_WORD.findall(part.casefold())) for part in (subject, predicate, thing)]
        at = max(range(len(words)), key=lambda n: _share(wanted, words[n]), default=-1)
        if at < 0 or _share(wanted, words[at]) < 0.5:
            continue
        triples.append(
            Triple(
                subject=subject,
                predicate=predicate,
                object=thing,
                chunk_id=chunk.id,
                span=chunk.sentences[at],
                extractor=NAME,
            )
        )
        for name in (subject, thing):
            if _names(name):
                found.setdefault((at, name), "name")
    for name in dict.fromkeys([*given.entities, *(n for s, _, o in given.triples for n in (s, o))]):
        if not _names(name):
            continue
        for number, text in enumerate(folded):
            if name.casefold() in text:
                found.setdefault((number, name), "name")
    mentions = [Mention(name=n, kind=k, chunk_id=chunk.id, sentence=s) for (s, n), k in found.items()]
    return Facts(mentions=tuple(sorted(mentions, key=lambda m: m.sentence)), triples=tuple(triples))


def _share(wanted: Sequence[frozenset[str]], words: frozenset[str]) -> float:
    """How much of a triple a sentence holds: the mean over its three parts."""
    return sum(len(part & words) / len(part) for part in wanted if part) / 3


def _names(text: str) -> bool:
    """Dates, numbers and quantities name nothing."""
    return text[:1].isalpha() and not _DATE.fullmatch(text.strip())
