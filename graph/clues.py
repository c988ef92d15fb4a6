"""What a sentence says beside a name that tells whom it names: roles, years, and other names for the same."""

import re
from collections.abc import Iterable
from itertools import pairwise

from graph.forms import parse
from graph.words import GENERAL, NO_ROLES, ROLES, ZH_ROLES

_AFTER = re.compile(
    r"(?:\s*\([^)]*\))?(?:,|,?\s+(?:who\s+)?(?:is|was|are|were|became|works? as|worked as|served as))\s+"
    r"(?:now\s+|then\s+|once\s+|also\s+)?(?:an?|the|one of the|our|their|his|her|its)\s+"
    r"((?:[\w'-]+\s+){0,5}?[a-z][a-z-]+)"
    r"(?=\s+(?:of|in|at|from|who|whose|which|that|and|but|for|with|on|by|to|near|is|was|when|where|while)\b"
    r"|\s*[,.;:()]|\s*$)"
)
_BEFORE = re.compile(r"(?:^|[\s(,\"])((?:[a-z-]+\s+)?[a-z-]+)\s+$")
_ROLE = re.compile(r"(?:[a-z-]{2,}(?:er|or|ist|ian|eer|ess|man|woman|wright|smith|ant|ographer))$")
IN = "in "
"""What stands before the region in a role that says where a place lies."""

_REGION = re.compile(r",\s+")
_AND_SO_ON = re.compile(r"\s*(?:,\s*[A-Z]|,?\s*(?:and|or|&)\b)")
_YEAR = re.compile(r"(?<!\d)(1[0-9]{3}|20[0-9]{2})(?!\d)")
_SAME = re.compile(
    r"\s*(?:[,(]\s*(?:also\s+|better\s+|now\s+|formerly\s+|previously\s+|originally\s+|later\s+|and\s+)*"
    r"(?:known\s+as|called|named|alias|a\.?k\.?a\.?|n[ée]e|born|formerly|previously|originally|now|or)"
    r"|\s+(?:also|better|formerly|previously|originally)\s+(?:known\s+as|called)|\s+alias|\s+a\.?k\.?a\.?)"
    r"\s+(?:the\s+)?[\"'“‘]?"
    r"|\s*[,\uff0c]?\s*[(\uff08]?\s*(?:以下)?(?:简称|又名|原名|本名|别名|又称|也叫|旧称|俗称|亦称|全称)[为是]?[:\uff1a]?\s*[\"“「]?"
)
_OPENING = re.compile(r"\s*[(\uff08]\s*(?:the\s+)?[\"“]?")

_ZH_ROLE = re.compile("|".join(sorted(ZH_ROLES, key=len, reverse=True)))
_ZH_IS = re.compile(r"[,\uff0c]?\s*(?:是|为|曾是|曾任|担任)([^,\uff0c。;\uff1b]{1,16})")
_ZH_BESIDE = re.compile(  # "，滨海大学的教授，": only what a comma closes again, else it may be said of somebody else
    r"[,\uff0c]\s*(?:[^,\uff0c。;\uff1b是为和与]{0,12}(?:[的任前原国]|大学|学院|公司|[厂局院校部社馆号市省县队所会系]|著名|首席|高级|退休))?"
    rf"({_ZH_ROLE.pattern})(?=[,\uff0c。;\uff1b]|$)"
)


def roles_of(sentence: str, start: int, end: int, kind: str) -> set[str]:
    """The words by which a sentence says what the name at ``start`` to ``end`` names: "baker", "film director".

    Of a person only what people are counts; of the rest whatever noun is put beside the name.
    """
    before, after = sentence[max(0, start - 48) : start], sentence[end : end + 96]
    if parse(sentence[start:end], kind).han:
        return _chinese_roles(before, after)
    roles = set()
    if found := _AFTER.match(after):
        words = [w for w in found[1].split() if w[0].islower()]
        if words and words[-1] not in GENERAL and (kind != "person" or _is_role(words[-1])):
            roles.add(" ".join(words[-2:]))
    if found := _BEFORE.search(before):
        word = found[1].split()[-1]
        if _is_role(word):
            roles.add(word)
    return roles


def _is_role(word: str) -> bool:
    return word not in NO_ROLES and (word in ROLES or _ROLE.match(word) is not None)


def _chinese_roles(before: str, after: str) -> set[str]:
    roles = set()
    for word, english in ZH_ROLES.items():
        if before.endswith(word) or after.startswith(word):
            roles.add(english)
    if found := _ZH_IS.match(after) or _ZH_BESIDE.match(after):
        said = [m[0] for m in _ZH_ROLE.finditer(found[1])]
        roles.update(ZH_ROLES[word] for word in said[-1:])
    return roles


def region_of(sentence: str, place: tuple[int, int], following: tuple[int, int]) -> str:
    """The role "in Texas" of the place in "Paris, Texas", where the next name follows; "" in a list of places."""
    between, after = sentence[place[1] : following[0]], sentence[following[1] : following[1] + 8]
    if not _REGION.fullmatch(between) or _AND_SO_ON.match(after):
        return ""
    return IN + sentence[slice(*following)].casefold()


def years_of(sentence: str) -> set[int]:
    """The years that a sentence gives."""
    return {int(year) for year in _YEAR.findall(sentence)}


def renamed(sentence: str, named: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pairs of positions in ``named`` (ranges, in order) that the sentence says are two names of one thing.

    "A, also known as B", "A (née B)", "A (AB)" where AB are A's initials, "A(简称B)".
    """
    spans = list(named)
    pairs = []
    for n, (a, b) in enumerate(pairwise(spans)):
        between = sentence[a[1] : b[0]]
        if len(between) > 48:
            continue
        first, second = sentence[slice(*a)], sentence[slice(*b)]
        if _SAME.fullmatch(between) or (
            _OPENING.fullmatch(between) and (abbreviates(second, first) or abbreviates(first, second))
        ):
            pairs.append((n, n + 1))
    return pairs


def abbreviates(short: str, long: str) -> bool:
    """Whether ``short`` are the initials of ``long``, small words counted or not."""
    letters = "".join(c for c in short if c.isalnum()).casefold()
    words = parse(long, "organisation").words
    if not 2 <= len(letters) <= 8 or len(words) < 2 or short == short.casefold():
        return False
    every = "".join(w[0] for w in words)
    main = "".join(w[0] for w in words if w not in ("of", "the", "and", "for", "de", "la"))
    return letters in (every, main)
