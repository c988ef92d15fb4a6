"""Say of each deed of an English text whether it is affirmed or denied, also where the denial is in a verb ("refused
to sign") or stands far off ("no vote was taken")."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from retrieve.support.clauses import NEGATORS
from retrieve.support.names import parsed
from retrieve.support.opposites import CONVERSE, opposites
from retrieve.support.roles import same_doer
from retrieve.support.stems import content, stem
from retrieve.support.words import listed

# Verbs and adjectives that deny what follows them.
WITHHOLDING = frozenset(
    listed("""
    fail refuse decline stop cease avoid forbid ban bar prohibit prevent deny neglect unable impossible quit hesitate
    omit discontinue discourage halt reluctant unwilling miss skip abandon rule
""")
)
HEDGE = re.compile(
    r"\b(?:until|till|unless|except|(?<!his )(?<!her )(?<!its )(?<!the )(?<!their )(?<!'s )only|other than|apart from|"
    r"rather than|but not|instead of|without|before|too|against|not just|no (?:fewer|more|less|later|earlier) than|"
    r"since(?= \d)|nothing but|none but|alone|sole|enough|further)\b",
    re.I,
)
OVER = frozenset(listed("above over beyond exceed exceeds exceeded exceeding surpass surpassed outside"))
UNDER = frozenset(listed("within below under beneath inside"))
WITHOUT = re.compile(
    r"\bwithout (?:(?:first|the|any|an?|having|getting|obtaining|needing|asking for|seeking|their|its|his|her) )*"
    r"([^,.;]*)|"
    r"\bno ([a-z' ]+?) (?:is|are|was|were) (?:needed|required|necessary)|"
    r"\b(?:does|do|need|did)(?: not|n't) (?:need|require|have to (?:get|obtain|have))\b([^,.;]*)",
    re.I,
)
REQUIRES = re.compile(
    r"\b(?:requires?|required|needs?|needed|must|necessary|only with|mandatory|compulsory|subject to)\b", re.I
)
COUNTS = frozenset(listed("hundr thousand mill bill dozen per percent cent year month week dai"))
DENIAL = re.compile(r"\b(?:no|not|never|none|nobody|nothing|neither|without|fail\w*|refus\w*|lack\w*)\b|n['’]t\b", re.I)
EMPTY = frozenset(listed("be have do will would may might can could shall should must let begin start get"))


@dataclass(frozen=True, slots=True)
class Deed:
    """A verb or what completes "is", denied or not; ``around``: the stems of its clause; ``hedged``: how the
    clause sets something apart ("until", "except", "only"); ``stated``: that it is no mere "subletting" or "if"."""

    at: int
    end: int
    verb: str
    denied: bool
    around: frozenset[str]
    hedged: frozenset[str]
    stated: bool


@lru_cache(maxsize=1024)
def deeds(text: str) -> tuple[Deed, ...]:
    """The deeds of a text, in order."""
    out = []
    document = parsed(text)
    for t in document:
        verb = t.tag_.startswith("VB") and t.dep_ not in ("aux", "auxpass") and t.lemma_ not in EMPTY
        placed = t.dep_ == "pobj" and t.head.dep_ == "prep" and t.head.head.lemma_ == "be"
        completes = placed or (
            t.dep_ in ("acomp", "attr", "oprd") and t.head.lemma_ in ("be", "become", "remain", "stay", "seem")
        )
        if (not verb and not completes) or not content(t.text):
            continue
        clause = _clause(t)
        words = content(" ".join(c.text for c in clause)) - {stem(t.lower_)}
        text_of = " ".join(c.text for c in clause)
        end = max([t.idx + len(t)] + [c.idx + len(c) for c in t.children if c.dep_ == "prt" and c.i == t.i + 1])
        out.append(
            Deed(
                t.idx,
                end,
                stem(t.lower_),
                bool(_denials(t) % 2),
                words,
                _hedges(text_of, t),
                _stated(t),
            )
        )
    return tuple(out)


def _denials(t: Any, depth: int = 0) -> int:
    """How often a deed is denied, by its own clause and by what governs it."""
    count = 0
    holder = t if t.tag_.startswith(("VB", "MD")) else t.head.head if t.dep_ == "pobj" else t.head
    for child in {*t.children, *(holder.children if t.dep_ in ("acomp", "attr", "oprd", "pobj") else ())}:
        if child.dep_ == "neg" or child.lower_ in ("never", "hardly", "scarcely", "barely", "cannot"):
            count += child.lower_ in NEGATORS
        elif child.dep_ in ("nsubj", "nsubjpass", "dobj", "attr", "advmod", "npadvmod", "prep", "agent", "preconj"):
            inside = (
                [child, *child.children] if child.dep_ != "prep" else [g for c in child.children for g in c.children]
            )
            count += any(g.lower_ in NEGATORS for g in inside)
    if holder.dep_ == "pcomp" and holder.head.lower_ in ("without", "from", "than"):
        count += 1
        if holder.head.lower_ == "from" and depth < 3 and _withholds(holder.head.head):
            return count + _denials(holder.head.head, depth + 1)
    elif holder.dep_ in ("xcomp", "ccomp") and depth < 3:
        head = holder.head
        if _withholds(head) and (holder.dep_ == "xcomp" or head.lemma_ == "deny"):
            count += 1 + _denials(head, depth + 1)
        elif holder.dep_ == "xcomp" or head.lemma_ in ("think", "believe", "mean", "suggest", "show", "say", "expect"):
            count += _denials(head, depth + 1)
    elif _shares_denial(holder) and depth < 3:
        count += _denials(holder.head, depth + 1)
    return count


def _shares_denial(verb: Any) -> bool:
    """Whether a verb is the second of "did not stop or slow"."""
    return (
        verb.dep_ == "conj"
        and not any(c.dep_ in ("nsubj", "nsubjpass") for c in verb.children)
        and any(c.lower_ in ("or", "nor") for c in verb.head.children)
    )


def _hedges(clause: str, word: Any) -> frozenset[str]:
    """The words by which a clause sets something apart; a "non-" before the word is one."""
    non = {"non"} if word.i > 0 and word.nbor(-1).lower_ in ("non", "-") else set()
    return frozenset({m[0].lower() for m in HEDGE.finditer(clause)} | non)


def _stated(t: Any) -> bool:
    """Whether a deed is said to happen: no gerund, no noun, nothing after "if"."""
    holder = t if t.tag_.startswith("VB") else t.head
    if holder.tag_ == "VBG" and holder.dep_ in ("csubj", "nsubj", "pobj", "dobj", "pcomp", "compound", "amod"):
        return holder.dep_ == "pcomp" and holder.head.lower_ in ("without", "from")
    return not any(c.dep_ == "mark" and c.lower_ in ("if", "whether", "unless", "until") for c in holder.children)


def _withholds(t: Any) -> bool:
    return t.lemma_.lower() in WITHHOLDING or t.lower_ in WITHHOLDING


def _clause(t: Any) -> list[Any]:
    """The tokens of a deed's clause: all below it but other finite clauses, and the subject it is handed."""
    found: list[Any] = []

    def walk(x: Any) -> None:
        for child in x.children:
            if child.dep_ in ("conj", "advcl", "parataxis", "relcl") and child.tag_.startswith("VB"):
                continue
            found.append(child)
            walk(child)

    top = t
    while (
        top.dep_ in ("xcomp", "acl", "relcl", "pcomp", "acomp", "attr", "oprd", "prep", "pobj") and top.head.i != top.i
    ):
        top = top.head
    if top.dep_ == "conj" and not any(c.dep_ in ("nsubj", "nsubjpass") for c in top.children):
        found += [s for c in top.head.children if c.dep_ in ("nsubj", "nsubjpass") for s in c.subtree]
    found.append(top)
    walk(top)
    return sorted(set(found), key=lambda x: x.i)


Near = Callable[[Deed, Deed], float]


def gainsaid(sentence: str, source: str, near: Near) -> str:
    """What deed the one affirms and the other denies, or an empty string; ``near``: the cosine of two deeds."""
    return (
        _opposite_deed(sentence, source, near)
        or _out_of_bounds(sentence, source)
        or _needless(sentence, source)
        or _compared(sentence, source)
        or _denied_thing(sentence, source)
    )


def _opposite_deed(sentence: str, source: str, near: Near) -> str:
    ours, theirs = deeds(sentence), deeds(source)
    for mine in ours:
        if not mine.stated:
            continue
        against, agreeing = 0.0, 0.0
        found: tuple[Deed, float, bool, frozenset[str]] | None = None
        for other in theirs:
            opposed = other.verb in opposites(mine.verb)
            if opposed and mine.verb in CONVERSE and not same_doer(sentence, mine.verb, source, other.verb):
                continue
            close = near(mine, other)
            shared = (mine.around - {other.verb}) & (other.around - {mine.verb})
            likeness = (max(close, 0.8) if opposed else close) + _share(mine, other, shared)
            if (mine.denied != other.denied) == opposed:
                agreeing = max(agreeing, likeness)
            elif likeness > against:
                against, found = likeness, (other, close, opposed, shared - COUNTS)
        if found is None or found[0].hedged != mine.hedged or not found[0].stated:
            continue
        other, close, opposed, shared = found
        margin = against - agreeing
        if opposed:
            sure = margin >= 0.6 and len(shared) >= 1
        elif mine.verb == other.verb:
            sure = margin >= 0.35 and (len(shared) >= 1 or margin >= 0.36)
        else:
            sure = close >= 0.5 and margin >= 0.15 and len(shared) >= 2
        if sure:
            verb = sentence[mine.at : mine.end]
            return f"{'not ' if mine.denied else ''}{verb}: the source says otherwise of {source[other.at : other.end]}"
    return ""


def _denied_thing(sentence: str, source: str) -> str:
    """What the source denies of something, said of it without any denial, in another word's shape."""
    if any(d.denied for d in deeds(sentence)) or HEDGE.search(sentence) or DENIAL.search(sentence):
        return ""
    mine = content(sentence) - {d.verb for d in deeds(sentence) if not d.stated}
    theirs = deeds(source)
    for deed in theirs:
        if not deed.denied or deed.hedged or not deed.stated or deed.verb not in mine:
            continue
        elsewhere = [d for d in theirs if d.at != deed.at and not d.denied and deed.verb in {d.verb, *d.around}]
        if not elsewhere and len(deed.around & mine) >= max(1, len(deed.around) / 2):
            return f"{source[deed.at : deed.end]}: denied in the source"
    return ""


def _share(a: Deed, b: Deed, shared: frozenset[str]) -> float:
    return 0.5 * len(shared) / (min(len(a.around), len(b.around)) + 0.5)


def _out_of_bounds(sentence: str, source: str) -> str:
    """Within a limit that the source says is exceeded, or the reverse."""
    ours, theirs = _bounds(sentence), _bounds(source)
    for side, what in ours:
        said = {other for other, thing in theirs if what & thing}
        if said and side not in said:
            return f"{side} {'/'.join(sorted(what))}: the source says the other side of it"
    return ""


@lru_cache(maxsize=1024)
def _bounds(text: str) -> tuple[tuple[str, frozenset[str]], ...]:
    out = []
    for t in parsed(text):
        side = "over" if t.lower_ in OVER else "under" if t.lower_ in UNDER else ""
        if side and (t.dep_ == "prep" or t.tag_.startswith("VB")):
            denied = any(c.dep_ == "neg" for c in (*t.children, *t.head.children))
            meant = "under" if (side == "over") == denied else "over"
            things = [content(c.text) for c in t.children if c.dep_ in ("pobj", "dobj")]
            out += [(meant, thing) for thing in things if thing]
    return tuple(out)


def _needless(sentence: str, source: str) -> str:
    """Without what the source asks for."""
    if "without" in source.lower():
        return ""
    for m in WITHOUT.finditer(sentence):
        what = content(next(g for g in m.groups() if g))
        for part in re.split(r"(?<=[.!?;])\s", source):
            asked = REQUIRES.search(part)
            if not asked or re.search(r"\b(?:not|no|never)\b|n't", part) or not what & content(part[asked.end() :]):
                continue
            if len(what & content(part)) >= min(2, len(what)) or content(sentence) & content(part) - what:
                return f"{m[0].strip()}: the source asks for it"
    return ""


def _compared(sentence: str, source: str) -> str:
    """Earlier than what the source says it is later than."""
    for word, thing, subject in _comparisons(sentence):
        for other, same, of in _comparisons(source):
            if stem(other) in opposites(stem(word)) and thing & same and not subject & same and not of & thing:
                return f"{word} than {'/'.join(sorted(thing))}: the source says {other}"
    return ""


@lru_cache(maxsize=1024)
def _comparisons(text: str) -> tuple[tuple[str, frozenset[str], frozenset[str]], ...]:
    """Comparatives with what follows their "than" and the subject before."""
    out = []
    for t in parsed(text):
        if t.lower_ != "than" or t.i == 0:
            continue
        word = next(
            (
                u
                for u in reversed(list(t.doc[max(0, t.i - 4) : t.i]))
                if u.tag_ in ("JJR", "RBR") or u.lower_ in ("earlier", "later", "sooner")
            ),
            None,
        )
        after = content(" ".join(u.text for u in t.doc[t.i + 1 : t.i + 4]))
        if word is not None and after and not any(c.dep_ == "neg" for c in word.head.children):
            before = content(" ".join(u.text for u in t.doc[max(0, word.i - 5) : word.i]))
            out.append((word.lower_, after, before))
    return tuple(out)
