"""Cut an English text into clauses and say of each what it denies."""

import re
from functools import lru_cache
from typing import Any

from retrieve.support.names import parsed
from retrieve.support.stems import content, stem
from retrieve.support.words import listed

NEGATORS = frozenset(listed("not n't never no none nobody nothing nowhere neither nor cannot hardly scarcely barely"))
# Phrases that hold a negator and negate nothing that matters here.
NEUTRAL = re.compile(
    r"\b(?:no|not) (?:more|less|fewer|later|earlier|longer|sooner|greater|better) than\b|"
    r"\bnot only\b|\bno (?:doubt|matter)\b|"
    r"\bno one but\b|\b(?:nothing|nobody|none) (?:but|except)\b|\bno\. ?\d|\bwhether or not\b|\bif not\b|\bnot least\b|"
    r"\bat all\b|\bnot (?:to )?(?:exceed|be (?:more|longer|larger|later) than)\b",
    re.I,
)
UNTIL = re.compile(
    r"\b(?:not|n't|no|never|nobody|neither)\b.*\b(?:since(?= \d)|until|till|unless|before|without|except)\b", re.I
)
UNDOING = re.compile(r"\b(?:since(?= \d)|until|till|unless|before|without|except)\b")
# Words that deny without a negator: they may stand for one.
DENYING = frozenset(
    stem(w)
    for w in listed("""
    refuse fail deny reject decline drop lose lack ban forbid prohibit prevent stop cease end avoid exclude abandon
    cancel oppose miss omit withdraw remove dismiss abolish close closed unable impossible unlikely without unless
    except only few little seldom rarely against absent free instead intact escape spare abstain discontinue reduce
    cease unaffected unchanged unknown unused vacant dispute ineffective unsuccessful postpone turn-down sole
    neither neutral freeze missing immune exempt
""")
)
SETTING_APART = frozenset(map(stem, ("only", "except", "last", "sole", "few", "little")))
NOTHING_TO = re.compile(r"\bnothing to (?:show|suggest|prove|indicate)\b")
SHOWING = frozenset(
    map(
        stem,
        listed(
            "evidence proof sign indication hint show prove suggest confirm indicate demonstrate find think believe"
        ),
    )
)


class Clause:
    """A clause: its content stems, its head's, its negators (0 or 1 by parity) and the stems they deny, its denying
    words, whether its negation is undone by "until", "unless" or the like, and the number of its sentence."""

    __slots__ = ("about", "bounds", "deed", "denying", "head", "negators", "neutral", "scope", "sentence", "words")

    def __init__(self, text: str, tokens: list[Any], head: Any, sentence: int) -> None:
        self.words = content(text)
        self.head = stem(head.lower_)
        completed = [c.text for c in head.children if c.dep_ in ("acomp", "attr", "oprd")]
        self.about = content(head.text) or content(" ".join(completed))
        self.sentence = sentence
        spared = [m.span() for m in NEUTRAL.finditer(text)]
        start = tokens[0].idx
        deny = [t for t in tokens if negates(t) and not any(a <= t.idx - start < b for a, b in spared)]
        undone = UNTIL.search(text)
        self.neutral = frozenset(UNDOING.findall(text.lower())) if undone else frozenset()
        self.bounds = frozenset(UNDOING.findall(text.lower()))
        self.negators = len(deny) % 2
        self.scope = frozenset(w for t in deny for w in _scope(t)) if self.negators else frozenset()
        self.denying = frozenset({stem(t.lower_) for t in tokens} & DENYING)
        self.deed = any(t.dep_ == "neg" for t in deny) and head.tag_.startswith("V")


def negates(token: Any) -> bool:
    """Whether a word denies: "not", "no", and what is as good as that ("failed to")."""
    word = token.lower_.replace("’", "'")
    if word in NEGATORS:
        return True
    after = token.nbor().lower_ if token.i + 1 < len(token.doc) else ""
    return after == "to" and word in ("fail", "fails", "failed", "unable", "refuse", "refuses", "refused", "declined")


def _scope(negator: Any) -> set[str]:
    """The stems a negator denies: the noun after "no", else the verb or what completes it."""
    if negator.lower_ not in NEGATORS and not negator.lower_.endswith("t"):
        return {w for child in negator.children if child.dep_ == "xcomp" for w in content(child.text)}
    head = negator.head
    if negator.dep_ == "det" and content(head.text) and head.dep_ not in ("nsubj", "nsubjpass"):
        return set(content(head.text))
    while head.dep_ in ("aux", "auxpass", "prep", "pobj", "nsubj", "nsubjpass", "dobj") and head.head.i != head.i:
        head = head.head
    found = set(content(head.text))
    if not found:
        for child in head.children:
            if child.dep_ in ("acomp", "attr", "xcomp", "dobj", "ccomp", "oprd"):
                found |= content(child.text)
    return found


@lru_cache(maxsize=1024)
def clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of a text: each conjoined or subordinate verb with what hangs on it."""
    document = parsed(NOTHING_TO.sub("no evidence", text))
    chosen = {
        t.i
        for t in document
        if t.dep_ == "ROOT"
        or (t.tag_.startswith(("VB", "MD")) and t.dep_ in ("conj", "advcl", "ccomp", "relcl", "acl", "parataxis"))
    }
    chosen -= {
        t.i for t in document if t.dep_ == "acl" and t.tag_ == "VBN" and not any(c.dep_ == "nsubj" for c in t.children)
    }
    owner: dict[int, int] = {}
    for t in document:
        up = t
        while up.i not in chosen and up.head.i != up.i:
            up = up.head
        owner[t.i] = up.i
    number = {t.i: n for n, s in enumerate(document.sents) for t in s}
    apart: dict[int, list[Any]] = {}
    for t in document:
        if t.lower_ == "not" and t.i and t.nbor(-1).lower_ in ("but", "and", ",") and not _verb_follows(t):
            end = next((u.i for u in document[t.i + 1 :] if u.is_punct or u.dep_ == "cc"), len(document))
            apart[t.i] = [u for u in document[t.i : end] if owner[u.i] == owner[t.i]]
    taken = {u.i for tokens in apart.values() for u in tokens}
    out: dict[int, Clause] = {}
    for i in sorted(chosen):
        tokens = [t for t in document if owner[t.i] == i and not t.is_space and t.i not in taken]
        if tokens:
            out[i] = Clause(_joined(tokens), tokens, document[i], number[i])
    for i in chosen:
        up = document[i].head
        link = content(up.text) | content(document[owner[up.i]].text)
        above = out.get(owner[up.i])
        if i in out and above is not None and above is not out[i] and above.negators and link & SHOWING:
            out[i].negators ^= 1
            out[i].scope = frozenset(content(document[i].text))
            above.negators, above.scope = 0, frozenset()
    for at, tokens in apart.items():
        clause = Clause(_joined(tokens), tokens, document[owner[at]], number[at])
        clause.words |= out[owner[at]].words if owner[at] in out else frozenset()
        clause.scope = content(" ".join(t.text for t in tokens))
        clause.deed = False
        out[at] = clause
    return tuple(out.values())


def _verb_follows(token: Any) -> bool:
    return any(t.tag_.startswith("V") for t in token.doc[token.i + 1 : token.i + 3])


def _joined(tokens: list[Any]) -> str:
    """The tokens' text with their distances kept, so that offsets from the first token hold."""
    start = tokens[0].idx
    out = ""
    for t in tokens:
        out = out.ljust(t.idx - start) + t.text
    return out
