"""How two different names can be names of one: initials, surnames, nicknames, acronyms, short forms, misspellings."""

import re
from dataclasses import dataclass

from graph.clues import abbreviates
from graph.forms import PEOPLE, Form
from graph.words import LINKING, NICKNAMES, SMALL

ALIKE = 90.0  # rapidfuzz ratio of two spellings of one name, one letter in ten
_ZH_BODY = re.compile(
    r"(?:大学|学院|中学|小学|医院|研究院|研究所|科学院|协会|学会|委员会|银行|厂|局|部|院|会|社|队|馆|站|台|报)$"
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """``weight`` says how much is for the two being one before anything else is known: 0 is undecided. ``unique``
    asks that no other candidate be as good."""

    reason: str
    weight: float
    unique: bool = True


def short_of(short: Form, short_kind: str, long: Form, long_kind: str) -> bool:
    """Whether, within one document, ``short`` can stand for ``long``."""
    if short.bracket or (short.ordinal and short.ordinal != long.ordinal) or short.full == long.full:
        return False
    if short.han != long.han:
        return False
    if short.han:
        return _short_chinese(short, short_kind, long, long_kind)
    if short.acronym and not long.acronym and abbreviates("".join(short.words).upper(), " ".join(long.words)):
        return True
    if {short_kind, long_kind} <= PEOPLE and short_kind != "title" and "person" in (short_kind, long_kind):
        return _short_person(short, long)
    if short_kind == long_kind and len(short.words) >= 2:
        starts = long.words[: len(short.words)] == short.words and short.words[-1] not in LINKING
        return (starts and len(long.words) > len(short.words)) or _misspelt(short, long)
    return short_kind == long_kind and _misspelt(short, long)


def _short_person(short: Form, long: Form) -> bool:
    if len(long.words) < 2 or {short.gender, long.gender} == {"woman", "man"}:
        return False
    if not SMALL.isdisjoint(long.words):
        return len(short.words) == 1 and short.key == long.words[0]
    if len(short.words) == 1:
        word = short.words[0]
        if len(word) < 2:
            return False
        return word in (long.words[0], long.words[-1]) or frozenset((word, long.words[0])) in NICKNAMES
    return fuller(long, short) or _misspelt(short, long)


def fuller(long: Form, short: Form) -> bool:
    """Whether two names with one surname go together, the first being the fuller: "J. Smith" to "John Paul Smith"."""
    if short.words[-1] != long.words[-1] or len(short.words) > len(long.words):
        return False
    if not (_same_word(short.words[0], long.words[0]) or frozenset((short.words[0], long.words[0])) in NICKNAMES):
        return False
    rest = iter(long.words[1:-1])
    return all(any(_same_word(word, other) for other in rest) for word in short.words[1:-1])


def _same_word(short: str, long: str) -> bool:
    return short == long or (len(short) == 1 and long.startswith(short)) or (len(long) == 1 and short.startswith(long))


def _misspelt(a: Form, b: Form) -> bool:
    from rapidfuzz.fuzz import ratio

    if min(len(a.key), len(b.key)) < 8 or len(a.words) != len(b.words) or a.key[0] != b.key[0]:
        return False
    differ = [(x, y) for x, y in zip(a.words, b.words, strict=True) if x != y]
    if any(min(len(x), len(y)) < 4 or x[0] != y[0] or not (x + y).isalpha() for x, y in differ):
        return False
    return ratio(a.key, b.key) >= ALIKE


def _short_chinese(short: Form, short_kind: str, long: Form, long_kind: str) -> bool:
    if len(long.words) > 1:  # 玛丽·居里
        return len(short.words) == 1 and short.key in long.words
    if "person" in (short_kind, long_kind) and {short_kind, long_kind} <= PEOPLE:
        if not 2 <= len(long.key) <= 4 or long.titles[:1] == ("老",):
            return False
        surname = short.titles and (short.key == long.key[: len(short.key)]) and len(short.key) < len(long.key)
        given = len(short.key) >= 2 and long.key.endswith(short.key) and len(long.key) - len(short.key) in (1, 2)
        return bool(surname) or given
    if not (long_kind == "organisation" or _ZH_BODY.search(long.key)) or short_kind in ("person", "place"):
        return False
    if not 2 <= len(short.key) < len(long.key):
        return False
    if len(short.key) >= 4 and long.key.endswith(short.key):
        return True
    rest = iter(long.key[1:])
    return short.key[0] == long.key[0] and all(c in rest for c in short.key[1:])


def variant(a: Form, a_kind: str, b: Form, b_kind: str) -> Likeness | None:
    """How two names of different documents can be names of one; None if they cannot."""
    if a.han != b.han or (a.ordinal != b.ordinal and a.ordinal and b.ordinal) or a.bracket or b.bracket:
        return None
    if a.han:
        short, long = sorted((a, b), key=lambda f: len(f.key))
        kinds = (a_kind, b_kind) if short is a else (b_kind, a_kind)
        return Likeness("short form", -0.3) if _short_chinese(short, kinds[0], long, kinds[1]) else None
    if {a_kind, b_kind} <= PEOPLE and "person" in (a_kind, b_kind):
        return _variant_person(a, b)
    for short, long in ((a, b), (b, a)):
        if short.acronym and not long.acronym and abbreviates("".join(short.words).upper(), " ".join(long.words)):
            return Likeness("initials of the words", -0.3)
    if sorted(set(a.words) - LINKING) == sorted(set(b.words) - LINKING) and len(set(a.words) - LINKING) > 1:
        return Likeness("the same words", 0.8, unique=False)
    return Likeness("nearly the same spelling", -0.1) if _misspelt(a, b) else None


def _variant_person(a: Form, b: Form) -> Likeness | None:
    if {a.gender, b.gender} == {"woman", "man"}:
        return None
    short, long = sorted((a, b), key=lambda f: (len(f.words), len(f.key)))
    if len(long.words) < 2:
        return Likeness("nearly the same spelling", -0.3) if _misspelt(a, b) else None
    if len(short.words) == 1:
        if short.key == long.words[-1] and SMALL.isdisjoint(long.words):
            return Likeness("surname", -0.3)
        return Likeness("first name", -0.6) if short.key == long.words[0] and len(short.key) > 1 else None
    for one, other in ((long, short), (short, long)):
        if fuller(one, other):
            initials = sum(len(w) == 1 for w in (*a.words[:-1], *b.words[:-1]))
            if short.words[0] == long.words[0]:
                return Likeness("middle name", 0.5)
            if initials:
                return Likeness("initials", 0.3 if initials > 1 else -0.2)
            return Likeness("nickname", 0.1)
    return Likeness("nearly the same spelling", -0.4) if _misspelt(a, b) else None
