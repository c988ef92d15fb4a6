"""Find words put in another's place: a name or noun exchanged in a sentence that is otherwise its source's, a name
given to a deed that the source gives to another, and two names that have changed sides."""

import re
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from clew.language import HAN, language_of
from retrieve.support.han_roles import exchanged_han
from retrieve.support.names import fold, name_runs, parsed, segmented
from retrieve.support.numbers import MONTHS, numbers, same
from retrieve.support.roles import Nearness, exchanged
from retrieve.support.stems import content, stem

Alike = Callable[[str, str], float]
YEAR = re.compile(r"1\d{3}|20\d{2}")
SAME = 0.48  # two nouns whose own vectors are closer than this may be synonyms


def swapped(sentence: str, source: str, alike: Alike | None = None, nearness: Nearness | None = None) -> str:
    """What stands in another's place, or an empty string. ``alike`` gives the cosine of two words, ``nearness`` that
    of two deeds in their sentences."""
    if language_of(sentence) == "zh":
        return _exchanged_han(sentence, source) or exchanged_han(sentence, source)
    return (
        _exchanged(sentence, source, alike)
        or _sides(sentence, source)
        or _elsewhere(sentence, source)
        or _other_sort(sentence, source, alike)
        or exchanged(sentence, source, nearness or (lambda a, b: float(a.verb == b.verb)))
    )


def _exchanged(sentence: str, source: str, alike: Alike | None) -> str:
    """A noun or figure that replaces another between the same neighbours."""
    ours = list(parsed(sentence))
    a = [t.lower_ for t in ours]
    words = set(a)
    sentences = [list(s) for s in parsed(source).sents]
    theirs = max(sentences, key=lambda s: len(words & {t.lower_ for t in s}) - 0.01 * len(s), default=[])
    b = [t.lower_ for t in theirs]
    match = SequenceMatcher(None, a, b, autojunk=False)
    if sum(m.size for m in match.get_matching_blocks()) < 0.6 * len(a):
        return ""
    known = {t.lower_ for t in parsed(source)}
    for tag, i1, i2, j1, j2 in match.get_opcodes():
        if tag != "replace" or i2 - i1 != j2 - j1 or i2 - i1 > 2:
            continue
        before = i1 == j1 == 0 or (i1 > 0 and j1 > 0 and a[i1 - 1] == b[j1 - 1])
        after = i2 == len(a) or j2 == len(b) or a[i2] == b[j2] or not a[i2].isalnum()
        if before and after and _differ(ours[i1:i2], theirs[j1:j2], known, source, alike):
            pair = " ".join(t.text for t in ours[i1:i2]), " ".join(t.text for t in theirs[j1:j2])
            return f"{pair[0]}, where the source says {pair[1]}"
    return ""


def _other_sort(sentence: str, source: str, alike: Alike | None) -> str:
    """Another sort of a thing: fennel seeds for caraway seeds."""
    known, ours, theirs = content(source), content(sentence), _sorts(source)
    for head, word in _sorts(sentence):
        rivals = [w for h, w in theirs if h == head and stem(w) not in ours]
        if stem(word) not in known and rivals and alike and all(alike(word, r) < SAME for r in rivals):
            return f"{word}, where the source says {rivals[0]}"
    return ""


@lru_cache(maxsize=1024)
def _sorts(text: str) -> tuple[tuple[str, str], ...]:
    """Nouns that stand before a noun and say its sort, as (stem of the noun, sort)."""
    return tuple(
        (stem(t.head.lower_), t.lower_)
        for t in parsed(text)
        if t.dep_ == "compound" and t.tag_ in ("NN", "NNS") and content(t.text)
    )


def _differ(mine: list[Any], other: list[Any], known: set[str], source: str, alike: Alike | None) -> bool:
    """Whether two stretches in the same place name different things."""
    x, y = " ".join(t.text for t in mine), " ".join(t.text for t in other)
    if mine[-1].tag_ == other[-1].tag_ == "CD":
        claimed, given = numbers(x), numbers(y)
        return bool(claimed and given) and not any(same(n, g) for n in claimed for g in given)
    tags = mine[-1].tag_, other[-1].tag_
    if not all(tag.startswith("NN") for tag in tags) or content(x) & content(y):
        return False
    if x.lower() in y.lower() or y.lower() in x.lower() or x[:4].lower() == y[:4].lower():
        return False
    if all(tag.startswith("NNP") for tag in tags):
        both = {fold(mine[-1].text), fold(other[-1].text)}
        return not any(both <= {fold(w) for w in run} for run in name_runs(source))
    return mine[-1].lower_ not in known and alike is not None and alike(x, y) < SAME


def _sides(sentence: str, source: str) -> str:
    """Two names with one verb between them, the other way round."""
    ours, theirs = set(_deeds(sentence)), set(_deeds(source))
    for verb, doer, done in ours:
        if (verb, done, doer) in theirs and (verb, doer, done) not in theirs:
            return f"{doer} and {done}: the other way round in the source"
    return ""


@lru_cache(maxsize=1024)
def _deeds(text: str) -> tuple[tuple[str, str, str], ...]:
    """(verb, who does it, who it is done to) where both are names; passives turned round."""
    out = []
    for verb in parsed(text):
        if not verb.tag_.startswith("VB"):
            continue
        doers: list[str] = []
        done: list[str] = []
        for child in verb.children:
            if child.dep_ == "nsubj":
                doers += _names(child)
            elif child.dep_ in ("nsubjpass", "dobj", "dative"):
                done += _names(child)
            elif child.dep_ == "agent":
                doers += [n for grand in child.children for n in _names(grand)]
        out += [(stem(verb.lower_), a, b) for a in doers for b in done if a != b]
    return tuple(out)


def _names(token: Any) -> list[str]:
    """The names headed by a token and its conjuncts, by their last word."""
    heads = [token, *token.conjuncts]
    return [fold(t.text) for t in heads if t.tag_.startswith("NNP") and t.lower_ not in MONTHS]


def _elsewhere(sentence: str, source: str) -> str:
    """A name tied to a word by a preposition, where the source ties another name to that word and never this one."""
    ours, theirs = _ties(sentence), _ties(source)
    for governor, preposition, name in ours:
        rivals = {n for g, p, n in theirs if (g, p) == (governor, preposition)}
        if rivals and name not in rivals and any(n == name for _, _, n in theirs) and not _near(governor, name, source):
            return f"{name}: in the source it is {min(rivals)}"
    return ""


@lru_cache(maxsize=1024)
def _ties(text: str) -> tuple[tuple[str, str, str], ...]:
    """(governor, how, name or year): what hangs on a word by a preposition, and who is the doer of verb and object."""
    out = []
    for t in parsed(text):
        if t.dep_ in ("prep", "agent") and content(t.head.text):
            how = "by" if t.dep_ == "agent" else t.lower_
            for child in t.children:
                out += [(stem(t.head.lower_), how, name) for name in _names(child)]
                if child.tag_ == "CD" and YEAR.fullmatch(child.text) and t.head.tag_.startswith("VB"):
                    out.append((stem(t.head.lower_), how, child.text))
        elif t.dep_ in ("nsubj", "nsubjpass"):
            done = [c for c in t.head.children if c.dep_ in ("dobj", "attr", "oprd") and c.tag_.startswith("NN")]
            out += [(stem(c.lower_), f"{stem(t.head.lower_)} {t.dep_}", name) for c in done for name in _names(t)]
    return tuple(out)


def _near(governor: str, name: str, source: str) -> bool:
    """Whether the name follows the governor before any other word of the kind could claim it."""
    words = [fold(w) for w in re.findall(r"[\w'’-]+", source)]
    stems = [stem(w) for w in words]
    spots = [i for i, s in enumerate(stems) if s == governor]
    return any(name in words[i + 1 : i + 4] for i in spots)


def _exchanged_han(sentence: str, source: str) -> str:
    """A Chinese noun that replaces another of the same length between the same characters."""
    source, sentence = re.sub("[及与]", "和", source), re.sub("[及与]", "和", sentence)
    clauses = re.findall(r"[^,。;!?\n]+", source)
    for mine in re.findall(r"[^,。;!?\n]+", sentence):
        best = max(clauses, key=lambda c: SequenceMatcher(None, mine, c, autojunk=False).ratio(), default="")
        for ours, theirs in _replaced(mine, best):
            if ours in source or theirs in sentence or not HAN.search(ours) or not HAN.search(theirs):
                continue
            shared = len(set(ours) & set(theirs))
            whose = any(f == "nr" and w in (ours, theirs) for part in (mine, best) for w, f in segmented(part))
            if shared > len(ours) / 3 and not (whose and len(ours) == len(theirs)):
                continue
            return f"{ours},而原文是{theirs}"
    return ""


def _replaced(mine: str, best: str) -> Iterator[tuple[str, str]]:
    """Nouns of a clause and what stands in their place in another, where two characters agree beside them."""
    match = SequenceMatcher(None, mine, best, autojunk=False)
    if sum(m.size for m in match.get_matching_blocks()) < 0.5 * len(mine):
        return
    for tag, i1, i2, j1, j2 in match.get_opcodes():
        long = 4 < i2 - i1 <= 7 or abs((i2 - i1) - (j2 - j1)) > 1
        if tag != "replace" or i2 - i1 > 7 or abs((i2 - i1) - (j2 - j1)) > 4:
            continue
        whole = _whole(mine, i1, i2), _whole(best, j1, j2)
        if (whole[0] != whole[1] and i2 - i1 != j2 - j1) or (long and not all(whole)):
            continue
        if not (mine[max(0, i1 - 2) : i1] == best[max(0, j1 - 2) : j1] and mine[i2 : i2 + 1] == best[j2 : j2 + 1]):
            continue
        ours, theirs = _word_at(mine, i1, i2), _word_at(best, j1, j2)
        if ours and theirs:
            yield ours, theirs


def _whole(text: str, start: int, end: int) -> bool:
    """Whether a stretch begins and ends where words do."""
    cuts, at = {0}, 0
    for word, _ in segmented(text):
        at += len(word)
        cuts.add(at)
    return start in cuts and end in cuts


def _word_at(text: str, start: int, end: int) -> str:
    """The nouns that a stretch belongs to, or an empty string where it is anything else."""
    at = 0
    words = []
    for word, flag in segmented(text):
        if at < end and at + len(word) > start:
            if flag[:1] not in "njx" and not (len(word) == 1 and flag[:1] in "agv" and end - start > 1):
                return ""
            words.append(word)
        at += len(word)
    return "".join(words)
