"""Who did what: the deeds and offices of an English text, with who stands in which place of each."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from retrieve.support.names import NO_NAME, TITLES, fold, parsed
from retrieve.support.stems import content, stem
from retrieve.support.words import listed

# Words that stand for whatever was named before them.
PRONOUNS = frozenset(listed("it he she they its his her their him them who which that this these those one we i you"))
MONTHLIKE = frozenset(
    listed("""
    january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday bc ad gb mb kb am pm
""")
)
MUTUAL = frozenset(map(stem, listed("meet marry play face border join agree talk fight cooperate merge share")))
YEAR = re.compile(r"1\d{3}|20\d{2}")
AGENT = re.compile("(?:er|or)$")  # a founder founds
CALLED = frozenset(listed("call name know title style dub"))


@dataclass(frozen=True, slots=True)
class Fact:
    """``who`` stands in ``place`` ("doer", "done", "of", "is", "at") of the word at ``at``; ``around`` is what else the
    clause speaks of."""

    at: int
    end: int
    verb: str
    place: str
    who: frozenset[str]
    shown: str
    named: bool
    around: frozenset[str]


Nearness = Callable[[Fact, Fact], float]


@lru_cache(maxsize=1024)
def facts(text: str) -> tuple[Fact, ...]:
    """The facts of a text, passives turned round, subjects handed on to conjoined and relative verbs."""
    out: list[Fact] = []
    for t in parsed(text):
        if t.pos_ in ("VERB", "AUX") or t.tag_.startswith("VB"):
            out += _of_verb(t)
        elif t.tag_ in ("NN", "NNS", "NNP", "NNPS"):
            out += _of_noun(t)
    return tuple(out)


def _of_verb(verb: Any) -> list[Fact]:
    places: list[tuple[str, Any]] = []
    for child in verb.children:
        if child.dep_ == "nsubj":
            places.append(("doer", child))
        elif child.dep_ in ("nsubjpass", "dobj", "dative"):
            places.append(("done", child))
        elif child.dep_ == "agent":
            places += [("doer", c) for c in child.children if c.dep_ == "pobj"]
        elif child.dep_ == "prep" and child.lower_ not in ("as", "like", "after", "before", "during", "until"):
            for c in child.children:
                if c.dep_ == "pobj":
                    places.append(("when" if YEAR.fullmatch(c.text) else "at", c))
                elif c.dep_ == "prep":
                    places += [("at", d) for d in c.children if d.dep_ == "pobj"]
    if not any(place == "doer" for place, _ in places):
        subject = _handed_on(verb)
        if subject is not None and not any(place == "done" and c.dep_ == "nsubjpass" for place, c in places):
            if verb.tag_ == "VBN" and verb.dep_ in ("acl", "conj", "advcl"):
                places.append(("done", subject))
            if verb.tag_ != "VBN" or verb.dep_ == "conj":  # "was born and studied", "was found and sold"
                places.append(("doer", subject))
    if verb.lemma_ == "be":
        return [f for place, c in places if place == "doer" for f in _copula(verb, c)]
    return [f for place, c in places for f in _facts(verb, place, c)]


def _handed_on(verb: Any) -> Any:
    """The subject that a verb without one takes from the clause it hangs on."""
    if verb.dep_ in ("acl", "relcl"):
        return None if _afar(verb) else verb.head
    up = verb
    for _ in range(3):
        if up.dep_ not in ("conj", "xcomp", "advcl", "pcomp", "prep"):
            return None
        up = up.head
        for child in up.children:
            if child.dep_ in ("nsubj", "nsubjpass"):
                return child
    return None


def _copula(verb: Any, subject: Any) -> list[Fact]:
    out = []
    for attr in verb.children:
        if attr.dep_ == "attr":
            a, b = _resolved(subject), attr
            if b.tag_.startswith("NNP"):
                a, b = b, a
            out += _facts(b, "is", a)
    return out


def _of_noun(noun: Any) -> list[Fact]:
    out: list[Fact] = []
    proper = noun.tag_.startswith("NNP")
    for child in noun.children:
        if child.dep_ == "poss":
            out += _facts(noun, "of", child)
        elif child.dep_ == "prep" and child.lower_ in ("of", "for", "from", "by", "with", "under"):
            out += [f for c in child.children if c.dep_ == "pobj" for f in _facts(noun, "of", c)]
        elif child.dep_ == "appos":
            if child.tag_.startswith("NNP"):
                out += _facts(noun, "is", child)
            elif proper:
                out += _facts(child, "is", noun)
        elif child.dep_ == "compound" and proper and child.tag_ in ("NN", "NNS"):
            out += _facts(child, "is", noun)
        elif child.dep_ == "acl" and child.lemma_ in CALLED:
            out += [f for c in child.children if c.dep_ in ("oprd", "dobj") for f in _facts(noun, "is", c)]
            if noun.dep_ == "appos":
                out += [f for c in child.children if c.dep_ == "oprd" for f in _facts(noun.head, "is", c)]
            if noun.dep_ == "pobj" and noun.head.lower_ == "as":
                done = [c for c in noun.head.head.children if c.dep_ == "dobj"]
                out += [f for d in done for c in child.children if c.dep_ == "oprd" for f in _facts(d, "is", c)]
    return out + [replace(f, place="doer") for f in out if f.place == "is" and AGENT.search(_word(noun, f))]


def _word(noun: Any, fact: Fact) -> str:
    """The word that a fact about a noun hangs on."""
    return next((t.lower_ for t in (noun, *noun.children, noun.head) if t.idx == fact.at), "")


def _resolved(token: Any) -> Any:
    """What a relative pronoun stands for; "it" in "it was X who" stands for X."""
    relative = token.lower_ in ("who", "which", "that") and token.tag_ in ("WP", "WDT") and token.head.dep_ == "relcl"
    return token.head.head if relative and not _afar(token.head) else token


def _afar(verb: Any) -> bool:
    """Whether a relative clause may belong to what stands before a place: "a keeper in Almere who sold"."""
    head = verb.head
    return bool(head.dep_ == "pobj" and head.head.lower_ in ("in", "at", "near", "from", "on", "of"))


def same_doer(sentence: str, verb: str, source: str, other: str) -> bool:
    """Whether one and the same does this in the sentence and that in the source."""
    ours = [f for f in facts(sentence) if f.verb == verb and f.place == "doer"]
    theirs = [f for f in facts(source) if f.verb == other and f.place == "doer"]
    return any(same_one(a, b) for a in ours for b in theirs)


def _facts(word: Any, place: str, token: Any) -> list[Fact]:
    token = _resolved(token)
    out = []
    around = _around(word)
    particle = next((c for c in word.children if c.dep_ == "prt"), None)
    end = (
        particle.idx + len(particle.text) if particle is not None and particle.idx > word.idx else word.idx + len(word)
    )
    apposed = [c for c in token.children if c.dep_ == "appos" and c.tag_.startswith("NNP")]
    for t in [token, *token.conjuncts, *(apposed if place != "is" else [])]:
        who = _who(t)
        if who:
            named = place == "when" or any(c.tag_.startswith("NNP") for c in [t, *t.children] if fold(c.text) in who)
            out.append(
                Fact(word.idx, end, stem(word.lower_), place, who, t.text, named, around - {stem(w) for w in who})
            )
    return out


def _who(token: Any) -> frozenset[str]:
    """The folded words that name a noun; empty for figures, dates and clauses."""
    if token.lower_ in PRONOUNS:
        return frozenset({"*"})
    if YEAR.fullmatch(token.text):
        return frozenset({token.text})
    if not token.tag_.startswith(("NN", "JJ", "VBG")) or fold(token.text) in MONTHLIKE or token.like_num:
        return frozenset()
    parts = [token]
    if token.tag_.startswith("NN"):
        parts += [c for c in token.children if c.dep_ == "compound" and c.tag_.startswith("NNP")]
        parts += [d for c in parts[1:] for d in c.children if d.dep_ == "compound" and d.tag_.startswith("NNP")]
        for prep in token.children:
            if prep.dep_ == "prep" and prep.lower_ == "of":
                parts += [c for c in prep.children if c.tag_.startswith("NNP")]
    words = {w for p in parts for w in re.split(r"[-–]", fold(p.text)) if w}
    return frozenset(w for w in words if w not in TITLES | NO_NAME and not w.isdigit())


def _around(word: Any) -> frozenset[str]:
    """The content stems of a word's clause, without the clauses inside it."""
    found: list[str] = []

    def walk(t: Any) -> None:
        for child in t.children:
            if child.dep_ in ("conj", "advcl", "parataxis") and child.tag_.startswith("VB"):
                continue
            found.append(child.text)
            walk(child)

    top = word
    while top.tag_.startswith("VB") and top.dep_ in ("xcomp", "acl", "relcl", "pcomp") and top.head.i != top.i:
        top = top.head
        found.append(top.text)
    if not word.tag_.startswith("VB"):
        while top.head.i != top.i and not top.tag_.startswith("VB"):
            top = top.head
        found.append(top.text)
    walk(top)
    return content(" ".join(found)) - {stem(word.lower_)}


@dataclass(frozen=True, slots=True)
class Exchange:
    """A claimed fact, the source's fact that puts another in its place, and by how much that one is nearer."""

    claimed: Fact
    given: Fact
    named: bool
    near: float
    margin: float


LEAST = 0.3  # the cosine under which two deeds are never the same
NEAR, MARGIN = 0.6, 0.25  # from where on a rival has done what the sentence says, and the named one has not


def exchanged(sentence: str, source: str, nearness: Nearness) -> str:
    """A name in the place of another, or an empty string."""
    found = [x for x in exchanges(sentence, source, nearness) if x.named and x.near >= NEAR and x.margin >= MARGIN]
    if not found:
        return ""
    worst = max(found, key=lambda x: x.margin)
    return f"{worst.claimed.shown}: in the source it is {worst.given.shown}"


def exchanges(sentence: str, source: str, nearness: Nearness) -> list[Exchange]:
    """Every claimed fact about somebody whom the source knows, with the best rival for the place.

    ``nearness`` is the cosine of the two deeds in their sentences, 1 for the same word.
    """
    ours, theirs = facts(sentence), facts(source)
    names = [f for f in (*theirs, *ours) if f.named and "*" not in f.who]
    known = content(source)
    out = []
    for claim in ours:
        named = any(same_one(claim, n) for n in names)
        if "*" in claim.who or not (
            claim.shown in source or stem(fold(claim.shown)) in known or any(same_one(claim, g) for g in theirs)
        ):
            continue
        own, rivals = 0.0, []
        for given in theirs:
            both = {stem(w) for w in claim.who | given.who}
            deed, setting = nearness(claim, given), _shared(claim.around - both, given.around - both)
            near = deed + setting
            if "*" in given.who or same_one(claim, given):
                elsewhere = "*" not in given.who and given.place != "is"
                if (given.place == claim.place or elsewhere) and not _other_side(claim, given, theirs):
                    own = max(own, near, deed)
            elif (
                deed >= LEAST
                and _may_rival(claim, given, named, any(same_one(given, n) for n in names))
                and not any(_there_too(given, claim, f) for f in ours)
            ):
                rivals.append((near, given))
        if rivals:
            near, given = max(rivals, key=lambda r: r[0])
            out.append(Exchange(claim, given, named, near, near - own))
    return out


def _other_side(claim: Fact, given: Fact, theirs: tuple[Fact, ...]) -> bool:
    """Whether the source has the same deed with somebody else in the claimed place, and this one in another."""
    if not (claim.named and claim.verb == given.verb and claim.place == "doer" != given.place):
        return False
    if claim.verb in MUTUAL:
        return False
    doers = [g for g in theirs if g.at == given.at and g.place == "doer"]
    return bool(doers) and not any(same_one(g, claim) for g in doers)


def _there_too(given: Fact, claim: Fact, other: Fact) -> bool:
    """Whether the claim has the rival beside the one it names: in the same place, or anywhere about another verb."""
    same_place = other.place == claim.place or given.verb != claim.verb
    return other.at == claim.at and same_place and same_one(given, other)


def _may_rival(claim: Fact, given: Fact, named: bool, also: bool) -> bool:
    """Whether the two stand in the same place and are of a kind, names or nouns."""
    if named != also:
        return False
    return claim.place == given.place or (named and {claim.place, given.place} == {"at", "done"})


def _shared(a: frozenset[str], b: frozenset[str]) -> float:
    """What two clauses' other words say for their being about the same: a loss where they share none."""
    if not a or not b:
        return 0.0
    return 0.5 * len(a & b) / (min(len(a), len(b)) + 0.5) if a & b else -0.45


def same_one(a: Fact, b: Fact) -> bool:
    """Whether two mentions can mean the same: the head of one is a word of the other."""
    return _in(a, b) or _in(b, a)


def _in(a: Fact, b: Fact) -> bool:
    head = fold(a.shown)
    if head in b.who or stem(head) in {stem(w) for w in b.who}:
        return True
    return len(head) > 3 and any(w.endswith(head) for w in b.who)  # a shipyard is a yard
