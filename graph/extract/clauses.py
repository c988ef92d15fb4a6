"""Who does what to whom: the clauses of a parsed English text as subject, predicate and object."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

SUBJECTS = frozenset({"nsubj", "nsubjpass"})
OBJECTS = frozenset({"dobj", "attr", "oprd", "acomp", "ccomp"})
AROUND = frozenset({"aux", "auxpass", "neg", "prt"})
CUT = frozenset({"relcl", "acl", "appos", "cc", "conj", "punct", "advcl", "parataxis", "preconj"})
RELATIVE = frozenset({"who", "which", "that", "whom", "whose", "where", "when"})


@dataclass(frozen=True, slots=True)
class Clause:
    """Subject and object as ranges of token numbers (half open), the predicate as words; ``at`` is its verb."""

    subject: tuple[int, int]
    predicate: str
    object: tuple[int, int]
    at: int


class Parse:
    """The dependencies of a parsed text as plain lists: far quicker to walk than spaCy's token objects."""

    __slots__ = ("children", "dep", "head", "size", "tag", "words")

    def __init__(self, doc: Any) -> None:
        strings = doc.vocab.strings
        rows = doc.to_array(["DEP", "HEAD", "TAG"])
        names = {int(k): strings[int(k)] for k in set(rows[:, 0].tolist()) | set(rows[:, 2].tolist())}
        self.size = len(doc)
        self.words = [t.text for t in doc]
        self.dep = [names[int(k)] for k in rows[:, 0]]
        self.tag = [names[int(k)] for k in rows[:, 2]]
        self.head = [i + h for i, h in enumerate(rows[:, 1].astype("int64").tolist())]
        self.children: list[list[int]] = [[] for _ in range(self.size)]
        for i, h in enumerate(self.head):
            if h != i:
                self.children[h].append(i)

    def phrase(self, top: int) -> tuple[int, int]:
        """The stretch of text under a token, without the clauses, appositions and further parts that hang on it."""
        left = right = top
        todo = [top]
        while todo:
            for child in self.children[todo.pop()]:
                if self.dep[child] in CUT:
                    continue
                todo.append(child)
                left, right = min(left, child), max(right, child)
        return left, right + 1

    def text(self, start: int, end: int) -> str:
        return " ".join(w for w in self.words[start:end] if not w.isspace())

    def top(self, start: int, end: int) -> int:
        """The token of a stretch on which the others hang."""
        return next((i for i in range(start, end) if not start <= self.head[i] < end or self.head[i] == i), start)


def clauses(parse: Parse) -> Iterator[Clause]:
    """Every clause of a parsed text, in the order of its verbs."""
    subjects = _subjects(parse)
    for verb in sorted(subjects):
        for subject in subjects[verb]:
            yield from _of_verb(parse, verb, subject)
    for token in range(parse.size):
        if parse.dep[token] == "appos":
            yield Clause(parse.phrase(parse.head[token]), "is", parse.phrase(token), token)


def _subjects(parse: Parse) -> dict[int, list[int]]:
    """Each verb with the tokens that head its subjects; verbs joined by "and" share, participles take their noun."""
    found: dict[int, list[int]] = {}
    for token in range(parse.size):
        dep, head = parse.dep[token], parse.head[token]
        if dep in SUBJECTS:
            top = token
            if parse.words[token].lower() in RELATIVE and parse.dep[head] == "relcl":
                top = parse.head[head]
            found.setdefault(head, []).extend([top, *_joined(parse, top)])
        elif dep == "acl" and parse.tag[token] in ("VBN", "VBG"):
            found.setdefault(token, []).append(head)
    for token in range(parse.size):
        if parse.dep[token] in ("conj", "xcomp", "advcl") and token not in found and parse.tag[token][:2] == "VB":
            up = parse.head[token]
            if parse.dep[token] == "conj" and up in found:
                found[token] = found[up]
    return found


def _joined(parse: Parse, top: int) -> list[int]:
    """The further parts of "A, B and C" when ``top`` is A."""
    parts = []
    for child in parse.children[top]:
        if parse.dep[child] == "conj":
            parts += [child, *_joined(parse, child)]
    return parts


def _of_verb(parse: Parse, verb: int, subject: int) -> Iterator[Clause]:
    who = parse.phrase(subject)
    said = _verb_words(parse, verb)
    first: tuple[int, int] | None = None
    whole = list(parse.children[verb])
    deeper = verb
    while (nxt := next((c for c in parse.children[deeper] if parse.dep[c] == "xcomp"), None)) is not None:
        said = said + _verb_words(parse, nxt)
        whole += parse.children[nxt]
        deeper = nxt
    predicate = " ".join(parse.words[i] for i in said)
    for child in whole:
        if parse.dep[child] in OBJECTS:
            for part in (child, *_joined(parse, child)):
                span = parse.phrase(part)
                first = first or span
                yield Clause(who, predicate, span, verb)
    for child in whole:
        dep = parse.dep[child]
        if dep not in ("prep", "agent", "dative"):
            continue
        for thing in parse.children[child]:
            if parse.dep[thing] not in ("pobj", "pcomp"):
                continue
            with_object = f"{predicate} {parse.text(*first)}" if first else predicate
            for part in (thing, *_joined(parse, thing)):
                yield Clause(who, f"{with_object} {parse.words[child]}", parse.phrase(part), verb)


def _verb_words(parse: Parse, verb: int) -> list[int]:
    return sorted([verb, *(c for c in parse.children[verb] if parse.dep[c] in AROUND)])
