"""Tell whether a sentence says the opposite of its source: negation, antonyms, quantifiers, order in time.

A clause's sign is the parity of its negators, words that carry one inside ("forbid" = not allow) counted in. A
sentence contradicts when its sign differs from that of the source's clause that speaks of the same thing.
"""

import re
from functools import lru_cache

from clew.language import language_of
from retrieve.support.clauses import DENYING, SETTING_APART, Clause, clauses, negates
from retrieve.support.deeds import COUNTS
from retrieve.support.names import parsed
from retrieve.support.opposites import CONVERSE, LOOSE_STEMS, opposed, opposites
from retrieve.support.roles import same_doer
from retrieve.support.stems import content, stem
from retrieve.support.words import listed

STANCES = frozenset(map(stem, listed("vote advise decide argue speak rule campaign testify recommend be")))
DEGREE = re.compile(r"\b(more|less|fewer)\s+([a-z]+)\b(?! than\s+\d)")
ORDER = re.compile(r"\b(before|after)\b", re.I)
EXCEPT = re.compile(r"\b(?:except(?: for)?|apart from|with the exception of|excluding)\b([^,.;]*)", re.I)
DENIAL = re.compile(r"\b(?:not|no|never)\b|n['’]t\b", re.I)
PARTIAL = frozenset(
    listed("""
    most many some several few part partly half majority almost nearly mostly usually often sometimes
""")
)
TOTAL = frozenset(
    listed("""
    all every everyone everybody everything each whole entire entirely completely always wholly
""")
)
LEAST = re.compile(r"\bat least\b|\bno (?:fewer|less) than\b|\bminimum\b|\bor more\b", re.I)
MOST = re.compile(r"\bnot exceed\b|\bat most\b|\bno more than\b|\bup to\b|\bmaximum\b|\bor (?:less|fewer)\b", re.I)


def contradiction(sentence: str, source: str) -> str:
    """What makes the sentence say the opposite of the source (both short), or an empty string."""
    if language_of(sentence) == "zh":
        from retrieve.support.chinese import contradiction_zh

        return contradiction_zh(sentence, source)
    return (
        _quantifier(sentence, source)
        or _order(sentence, source)
        or _excepted(sentence, source)
        or _tied(sentence, source)
        or _against(sentence, source)
        or _compared(sentence, source)
        or _sign(sentence, source)
    )


def _excepted(sentence: str, source: str) -> str:
    """Something said of just what the source sets apart."""
    words = content(sentence)
    if DENIAL.search(sentence) or EXCEPT.search(sentence) or {stem(w) for w in _lower(sentence)} & DENYING:
        return ""
    for m in EXCEPT.finditer(source):
        apart = content(m[1])
        rest = content(source[: m.start()])
        if apart and apart <= words and rest & (words - apart):
            return f"the source says {m[0].strip()}"
    return ""


def _tied(sentence: str, source: str) -> str:
    """The opposite said of the same thing: the keyboard blamed that the source praises."""
    ours, theirs = set(_deeds(sentence)), set(_deeds(source))
    for verb, thing in ours - theirs:
        for other, same_thing in theirs:
            if thing == same_thing and other in opposites(verb) and other not in content(sentence):
                return f"{verb}… {thing}…, where the source says {other}…"
    return ""


@lru_cache(maxsize=1024)
def _deeds(text: str) -> tuple[tuple[str, str], ...]:
    """(verb, what it is done to)."""
    return tuple(
        (stem(t.head.lower_), stem(t.lower_))
        for t in parsed(text)
        if t.dep_ in ("dobj", "nsubjpass")
        and content(t.text)
        and not any(negates(c) for c in (*t.children, *t.head.children))
    )


def _against(sentence: str, source: str) -> str:
    """For what the source is against, or against what it is for."""
    if DENIAL.search(sentence) or {stem(w) for w in _lower(sentence)} & DENYING - {"against"}:
        return ""
    ours, theirs = _stances(sentence), _stances(source)
    for verb in ours.keys() & theirs.keys():
        if ("against" in ours[verb]) != ("against" in theirs[verb]) and (ours[verb] or "against" in theirs[verb]):
            return f"{verb} {'/'.join(ours[verb]) or 'for'}, where the source says {'/'.join(theirs[verb]) or 'for'}"
    return ""


def _stances(text: str) -> dict[str, set[str]]:
    """The verbs that can be for or against, with which of the two they are here."""
    found: dict[str, set[str]] = {}
    for t in parsed(text):
        if stem(t.lower_) in STANCES:
            found.setdefault(stem(t.lower_), set()).update(
                c.lower_ for c in t.children if c.lower_ in ("for", "against", "to")
            )
    return found


def _compared(sentence: str, source: str) -> str:
    """More of what the source says is less."""
    ours, theirs = dict(_degrees(sentence)), dict(_degrees(source))
    for what in ours.keys() & theirs.keys():
        if ours[what] != theirs[what] and not DENIAL.search(sentence) and not DENIAL.search(_around(source, what)):
            return f"{ours[what]} {what}, where the source says {theirs[what]}"
    return ""


def _degrees(text: str) -> list[tuple[str, str]]:
    return [(stem(m[2]), "more" if m[1] == "more" else "less") for m in DEGREE.finditer(text.lower())]


def _around(text: str, what: str) -> str:
    """The clause of a text, cut at its commas, that holds a stem."""
    return next((part for part in re.split(r"[,;.]", text) if what in {stem(w) for w in _lower(part)}), "")


def _quantifier(sentence: str, source: str) -> str:
    if LEAST.search(sentence) and MOST.search(source) and not LEAST.search(source):
        return "at least, where the source says at most"
    if MOST.search(sentence) and LEAST.search(source) and not MOST.search(source):
        return "at most, where the source says at least"
    words, theirs = _lower(sentence), _lower(source)
    denied = DENIAL.search(sentence) or EXCEPT.search(source)
    if (
        not denied
        and sentence.startswith("Only ")
        and "only" not in theirs
        and theirs & TOTAL - {"whole"}
        and len(content(sentence) & content(source)) >= 2
    ):
        return "only, where the source says all"
    total, partial = words & TOTAL, theirs & PARTIAL
    if (
        total
        and partial
        and not theirs & TOTAL
        and not words & PARTIAL
        and len(content(sentence) & content(source)) >= 1
    ):
        after = re.search(rf"\b(?:{'|'.join(partial)})\b\s+(?:of\s+)?(?:the\s+)?([a-z]+)", source, re.I)
        mine = re.search(rf"\b(?:{'|'.join(total)})\b\s+(?:of\s+)?(?:the\s+)?([a-z]+)", sentence, re.I)
        if after and mine and stem(after[1].lower()) == stem(mine[1].lower()):
            return f"{next(iter(total))}, where the source says {next(iter(partial))}"
    return ""


def _order(sentence: str, source: str) -> str:
    """Before said of what the source puts after, and the reverse."""
    mine, theirs = ORDER.findall(sentence.lower()), ORDER.findall(source.lower())
    if len(mine) != 1 or len(theirs) != 1 or mine == theirs:
        return ""
    if len(DENIAL.findall(sentence)) != len(DENIAL.findall(source)) or "only" in _lower(sentence) ^ _lower(source):
        return ""
    what = content(ORDER.split(sentence)[2][:40]) & content(ORDER.split(source)[2][:40])
    return f"{mine[0]}, where the source says {theirs[0]}" if what else ""


def _lower(text: str) -> set[str]:
    return set(re.findall(r"[a-z']+", text.lower()))


def _sign(sentence: str, source: str) -> str:
    ours, theirs = clauses(sentence), clauses(source)
    if not ours or not theirs:
        return ""
    all_ours = frozenset().union(*(c.words for c in ours))
    for clause in ours:
        flips = _flips(clause, theirs, all_ours, sentence, source)
        if flips and not clause.negators:
            mine, other, where = flips
            if not (where.negators and other in where.scope) and not where.denying & {stem("only"), stem("except")}:
                return f"{mine}, where the source says {other}"
            continue
        if clause.negators and not flips and _denied(clause, theirs, all_ours, sentence):
            return "denied, where the source affirms"
        if not clause.negators and not flips and _affirmed(clause, theirs):
            return "affirmed, where the source denies"
    return ""


def _qualifies(word: str, sentence: str, other: str, source: str) -> bool:
    """Whether the word only qualifies a thing ("rising prices") of which the source does not say the opposite."""
    mine = next((t for t in parsed(sentence) if stem(t.lower_) == word), None)
    if mine is None or mine.dep_ != "amod":
        return False
    thing = stem(mine.head.lower_)
    for t in parsed(source):
        if stem(t.lower_) == other and thing in {stem(u.lower_) for u in (t.head, *t.children, *t.head.children)}:
            return False
    return True


def _denied(clause: "Clause", theirs: "tuple[Clause, ...]", all_ours: frozenset[str], sentence: str) -> bool:
    """Whether a negated clause denies what the source affirms."""
    hits = [c for c in theirs if clause.scope and clause.scope & c.words]
    if hits:
        nearest = max(_overlap(clause, c) for c in hits)
        hits = [c for c in hits if _overlap(clause, c) > nearest - 0.01]
    else:
        hits = [max(theirs, key=lambda c: _overlap(clause, c))]
        if _coverage(clause, hits[0]) < 0.6:
            return False
        hits = [c for c in theirs if c.sentence == hits[0].sentence]
    if any(c.negators for c in hits) or any(clause.neutral - c.bounds for c in hits):
        return False
    excuse = frozenset().union(*(c.denying for c in hits)) - all_ours
    if excuse - SETTING_APART:
        return False
    if excuse:  # "only X did" excuses "others did not", where the sentence speaks of others or of when
        return not re.search(
            r"\b(?:until|before|other|others|else|rest|except|but|only|any|apart|besides)\b", sentence, re.I
        )
    return not any(opposed(w, c.words) for c in hits for w in clause.words - c.words)


def _affirmed(clause: "Clause", theirs: "tuple[Clause, ...]") -> bool:
    """Whether an affirmative clause says what the source denies."""
    for other in theirs:
        if not other.negators or not other.scope:
            continue
        if other.neutral - clause.bounds:
            continue
        shared = clause.words & other.words
        if not other.scope <= clause.words or (
            other.deed and clause.head not in other.scope and other.head != clause.head
        ):
            continue
        if len(shared) < min(2, len(clause.words)) or clause.denying - other.denying:
            continue
        rivals = [c for c in theirs if not c.negators and len(c.words & clause.words) > len(shared)]
        if not rivals:
            return True
    return False


def _overlap(a: Clause, b: Clause) -> float:
    shared = len(a.words & b.words) + 0.5 * (a.head in b.words or b.head in a.words)
    return shared + 0.5 * sum(1 for w in a.words if w not in b.words and opposed(w, b.words))


def _coverage(a: Clause, b: Clause) -> float:
    return len(a.words & b.words) / len(a.words) if a.words else 0.0


def _flips(
    clause: Clause, theirs: tuple[Clause, ...], all_ours: frozenset[str], sentence: str, source: str
) -> "tuple[str, str, Clause] | None":
    """A word of the clause that the source lacks, its opposite, and the clause of the nearest source sentence that
    has it; None where the sentence has both."""
    all_theirs = frozenset().union(*(c.words | c.denying for c in theirs))
    nearest = max(theirs, key=lambda c: len(c.words & all_ours)).sentence
    for w in sorted(clause.words | clause.denying):
        if w in all_theirs:
            continue
        for other in theirs:
            if other.sentence != nearest and len(other.words & all_ours) < 2:
                continue
            against = (opposites(w) & (other.words | other.denying)) - all_ours
            if clause.words - {w} and not (clause.words & other.words) - COUNTS:
                continue
            if against and any(min(against) in opposites(x) for x in all_theirs - against):
                continue  # the source has words of both sides: which goes with what is for the comparison of deeds
            if against and CONVERSE & {w, *against} and not same_doer(sentence, w, source, min(against)):
                continue
            if against and _qualifies(w, sentence, min(against), source):
                continue
            if w in LOOSE_STEMS:  # only where both are what the clause is about
                against &= other.about if w in clause.about else frozenset()
            if against:
                return w, min(against), other
    return None
