"""Score how well a source text supports a sentence, without a language model.

First what must not differ: numbers with their units, names, and whether something is affirmed or denied. Then how much
of the sentence's content the source covers, by word and by MiniLM's token states and late-pooled sentence vectors.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from clew.language import HAN, language_of
from clew.ports import Embedder, Floats, QueryVectors
from retrieve.support.deeds import Deed, gainsaid
from retrieve.support.han_clauses import covered, windows
from retrieve.support.han_polarity import gainsaid_han
from retrieve.support.names import fold, missing_names, name_runs, segmented, torn_names
from retrieve.support.numbers import HAN_DIGITS, Number, bare_value, numbers, same
from retrieve.support.polarity import contradiction
from retrieve.support.roles import Fact
from retrieve.support.stems import STOP, content, stem
from retrieve.support.swaps import swapped
from retrieve.support.words import narrow

MARKER = re.compile(r"\s?(?:\[\d+(?:\s?[,-]\s?\d+)*\]|【\d+】)")
REFUTED = 0.2  # the highest score of a sentence that says something its source does not
THRESHOLD = 0.5
# Three weights and an offset each: python -m retrieve.support.fit tests/corpus/citations.jsonl
WEIGHTS = (8.1, 5.9, 6.0, -7.0)
HAN_WEIGHTS = (6.2, 4.2, 4.8, -4.7)
SENTENCE_END = re.compile(r"[。!?;][”」』]?|[.!?]['\"”’)\]]*(?=\s|$)|\n+")
UNCOUNTED = frozenset(("", "times", "person", "vehicle", "volume-of-print", "vote"))  # where "one" is an article


@dataclass(frozen=True, slots=True)
class Support:
    """``score`` from 0 to 1; ``supported`` from a half on; ``reasons`` say what the source lacks or denies."""

    score: float
    reasons: tuple[str, ...] = ()

    @property
    def supported(self) -> bool:
        return self.score >= THRESHOLD


@dataclass(slots=True)
class Checker:
    """Checks sentences against sources. Without an embedder, or in a language it does not speak, by words alone."""

    embedder: Embedder | None = None
    _states: dict[str, QueryVectors] = field(default_factory=dict)

    def support(self, sentence: str, source: str, context: Sequence[str] = ()) -> Support:
        """How well ``source`` supports ``sentence``; ``context`` (title, headings, text before) may hold names."""
        sentence, source = _bare(sentence), _bare(source)
        context = [narrow(text) for text in context]
        if not sentence or not source:
            return Support(0.0, ("empty",))
        language, other = language_of(sentence), language_of(source)
        reasons = wrong_numbers(sentence, source)
        if language != other:
            return self._across(sentence, source, reasons)
        reasons += [f"{name}: not in the source" for name in missing_names(sentence, source, context)]
        reasons += [f"{name}: two names made one" for name in torn_names(sentence, source, context)]
        reasons += [r for r in (contradiction(sentence, source), self._gainsaid(sentence, source)) if r]
        reasons += [r for r in (self._swapped(sentence, source),) if r]
        covered = self.coverage(sentence, source)
        score = min(covered, REFUTED) if reasons else covered
        if not reasons and covered < THRESHOLD:
            reasons = ["too little of it is in the source"]
        return Support(round(score, 4), tuple(reasons))

    def disagreement(self, sentence: str, source: str) -> str:
        """What a source that speaks of the same thing says otherwise, or an empty string.

        Stricter than a missing support: nearly all of the sentence must be there, and the same names.
        """
        sentence, source = _bare(sentence), _bare(source)
        if not source or language_of(sentence) != language_of(source) or missing_names(sentence, source):
            return ""
        chinese = language_of(sentence) == "zh"
        bare = re.sub(r"[\d,.]+", " ", sentence)
        if (han_coverage(bare, source) if chinese else word_coverage(bare, source)) < 0.7:
            return ""
        wrong = wrong_numbers(sentence, source) if numbers(source) else []
        return contradiction(sentence, source) or (wrong[0] if wrong else "")

    def coverage(self, sentence: str, source: str) -> float:
        """The share of the sentence's content that the source holds, as a probability of support."""
        if language_of(sentence) == "zh":
            return _weighed(self.features(sentence, source), HAN_WEIGHTS)
        if self.embedder is None or not self.embedder.speaks("en"):
            return _squash(8.0 * (word_coverage(sentence, source) - 0.3))
        return _weighed(self.features(sentence, source), WEIGHTS)

    def features(self, sentence: str, source: str) -> tuple[float, float, float]:
        """What the weights weigh. English: words held, token states, nearest sentence; Chinese: words held, with
        near-synonyms, and these in the nearest clause with what its sentence says before it."""
        if language_of(sentence) == "zh":
            near = max((covered(sentence, window) for _, window in windows(source)), default=0.0)
            return han_coverage(sentence, source), covered(sentence, source), near
        return word_coverage(sentence, source), *self._soft(sentence, source)

    def _soft(self, sentence: str, source: str) -> tuple[float, float]:
        """(mean best cosine of each content token in the source, cosine to the nearest source sentence)."""
        ours, theirs = self._vectors(sentence), self._vectors(source)
        if not len(ours.tokens) or not len(theirs.tokens):
            close = float(ours.vector @ theirs.vector)
            return close, close
        a, b = _rows(ours.tokens), _rows(theirs.tokens)
        keep = [i for i, span in enumerate(ours.offsets) if len(span) and _matters(sentence[span.slice])]
        best = (a[keep] @ b.T).max(1) if keep else np.zeros(1)
        close = float(ours.vector @ theirs.vector)
        for start, end in sentence_spans(source):
            inside = [
                i for i, span in enumerate(theirs.offsets) if len(span) and span.start >= start and span.end <= end
            ]
            if inside:
                pooled = theirs.tokens[inside].mean(0)
                close = max(close, float(ours.vector @ pooled / max(float(np.linalg.norm(pooled)), 1e-9)))
        return float(best.mean()), close

    def _gainsaid(self, sentence: str, source: str) -> str:
        if language_of(sentence) == "zh":
            return gainsaid_han(sentence, source)
        return gainsaid(sentence, source, self._near(sentence, source))

    def _swapped(self, sentence: str, source: str) -> str:
        return swapped(sentence, source, self._words_alike(), self._near(sentence, source))

    def _near(self, sentence: str, source: str) -> Callable[[Fact | Deed, Fact | Deed], float]:
        """How near a word of the sentence is to one of the source: 1 for the same stem, else their states' cosine."""
        speaks = self.embedder is not None and self.embedder.speaks("en")

        def near(a: Fact | Deed, b: Fact | Deed) -> float:
            if a.verb == b.verb or not speaks:
                return float(a.verb == b.verb)
            return float(self._state(sentence, a.at, a.end) @ self._state(source, b.at, b.end))

        return near

    def _state(self, text: str, start: int, end: int) -> Floats:
        """The mean token state of a stretch, of length one."""
        vectors = self._vectors(text)
        inside = [i for i, s in enumerate(vectors.offsets) if len(s) and s.start < end and s.end > start]
        if not inside:
            return vectors.vector
        mean = vectors.tokens[inside].mean(0)
        row: Floats = mean / max(float(np.linalg.norm(mean)), 1e-9)
        return row

    def _words_alike(self) -> Callable[[str, str], float] | None:
        if self.embedder is None or not self.embedder.speaks("en"):
            return None
        return lambda a, b: float(self._vectors(a).vector @ self._vectors(b).vector)

    def _vectors(self, text: str) -> QueryVectors:
        known = self._states.get(text)
        if known is None:
            if len(self._states) > 256:
                self._states.clear()  # another thread may still ask for what it put there
            assert self.embedder is not None
            self._states[text] = known = self.embedder.embed_query(text)
        return known

    def _across(self, sentence: str, source: str, reasons: list[str]) -> Support:
        """Another language: numbers and names in Latin letters must agree, and something must speak for it."""
        if reasons:
            return Support(REFUTED, tuple(reasons))
        theirs = {fold(w) for w in re.findall(r"[A-Za-z][A-Za-z0-9-]*", source)}
        latin = list(re.findall(r"[A-Z][A-Za-z0-9-]+", sentence)) if HAN.search(sentence) else _names(sentence)
        if HAN.search(sentence) and any(fold(w) not in theirs for w in latin):
            return Support(REFUTED, ("a name that the source does not hold",))
        held = len([w for w in latin if fold(w) in theirs])
        figures = len([n for n in numbers(sentence) if n.value != 1])
        score = _squash(1.2 * (held + figures) - 2.0)
        if self.embedder is not None and self.embedder.speaks("zh") and self.embedder.speaks("en"):
            close = float(self._vectors(sentence).vector @ self._vectors(source).vector)
            score = max(score, _squash(20 * (close - 0.86)))
        return Support(round(score, 4), () if score >= THRESHOLD else ("another language: cannot be checked",))


def support(sentence: str, source: str, embedder: Embedder | None = None, context: Sequence[str] = ()) -> Support:
    """Score one pair. For many, keep a Checker: it remembers what it has embedded."""
    return Checker(embedder).support(sentence, source, context)


def wrong_numbers(sentence: str, source: str) -> list[str]:
    """Numbers of the sentence that the source does not give, or gives for something else."""
    given = numbers(source)
    wrong = []
    claimed = numbers(sentence)
    sound = [n for n in claimed if any(same(n, g) for g in given)]
    for number in claimed:
        if (number.value == 1 and _article(number)) or _one(number, sentence, source):
            continue
        alike = [n for n in given if same(number, n)]
        if not alike:
            if not _worked_out(number, sound):
                wrong.append(f"{sentence[number.span.slice]}: not in the source")
        elif _counts_other(number, alike, given, claimed, sentence, source):
            wrong.append(f"{sentence[number.span.slice]}: said of something else in the source")
    return wrong


def _article(number: Number) -> bool:
    """Whether a "one" counts nothing."""
    return number.unit in UNCOUNTED and (number.kind == "ordinal" or not number.written.isdigit())


def _one(number: Number, sentence: str, source: str) -> bool:
    """Whether a Chinese "一" counts nothing: "上一年", "一天三次", "第一个月" where the source says "首月"."""
    if number.written != "一":
        return False
    before, after = sentence[: number.span.start][-1:], sentence[number.span.end :]
    if before == "第":
        return bool(re.search("首|第一|头|最早|最先|初", source))
    return before in tuple("上下前后每这那同某另任再其") or bool(
        re.match(rf"[个]?(?:天|日|周|星期|月|年|小时)[^,。;]{{0,4}}[\d{''.join(HAN_DIGITS)}]", after)
    )


def _worked_out(number: Number, sound: list[Number]) -> bool:
    """Whether a number is the sum or difference of two that the sentence itself takes from the source."""
    values = sorted({bare_value(n) for n in sound if n.kind == "number" and n is not number})
    mine = bare_value(number)
    return any(mine in (a + b, b - a) for i, a in enumerate(values) for b in values[i + 1 :])


def _counts_other(
    number: Number, alike: list[Number], given: list[Number], claimed: list[Number], sentence: str, source: str
) -> bool:
    """Whether the source has this figure for another thing, and another figure for this thing."""
    mine = _heads(number)
    if not mine:
        return False
    if any(mine & _counted(n, source) for n in alike):
        return False
    best, score = max(((part, _alike(sentence, source[slice(*part)])) for part in _parts(source)), key=lambda p: p[1])
    here = [n for n in given if best[0] <= n.span.start < best[1]]
    rivals = [n for n in given if n not in alike and _heads(n) & mine and not any(same(c, n) for c in claimed)]
    if not any(_heads(n) & mine for n in alike):
        # A noun that follows another figure in the source cannot be this figure's.
        swapped = [n for n in given if n not in alike and _heads(n) & mine]
        return bool(swapped) and all(_heads(n) for n in alike)
    return score >= 0.6 and not any(n in here for n in alike) and any(n in here for n in rivals)


def _counted(number: Number, text: str) -> set[str]:
    """The stems of the words right after a number in English, its unit among them."""
    after = re.match(r"[\s-]*((?:[A-Za-z]+[\s-]?){1,2})", text[number.span.end :])
    return set(content(after[1])) if after else set()


def _heads(number: Number) -> set[str]:
    unit = {number.unit} - {""}
    if number.heads and HAN.match(number.heads[0]):
        return {"".join(number.heads[:2]), *unit}
    return {stem(w) for w in number.heads} | unit


def _alike(a: str, b: str) -> float:
    mine = content(a) if language_of(a) == "en" else frozenset(HAN.findall(a))
    theirs = content(b) if language_of(b) == "en" else frozenset(HAN.findall(b))
    return len(mine & theirs) / len(mine) if mine else 0.0


def word_coverage(sentence: str, source: str) -> float:
    """The share of the sentence's content stems that the source has, or a form that shares its first five letters."""
    mine, theirs = content(sentence), content(source)
    if not mine:
        words, around = set(sentence.lower().split()), source.lower()
        return sum(w.strip(".,;:!?") in around for w in words) / max(len(words), 1)
    heads = {w[:5] for w in theirs if len(w) >= 5}
    given = numbers(source)
    claimed = [n for n in numbers(sentence) if n.kind != "month" and n.unit != "day-of-month"]  # a date counts once
    got = sum(1.0 if w in theirs else 0.8 if w[:5] in heads else 0.0 for w in mine)
    got += sum(any(same(c, g) for g in given) for c in claimed)
    return got / (len(mine) + len(claimed))


HAN_STOP = frozenset(
    "的了是在和与及也都就而着过把被对从到于为以其之这那个位名等所由将并又还很更最要会能可说后前里中上下有不没未"
)


def han_coverage(sentence: str, source: str) -> float:
    """The share of the sentence's Chinese words in the source; half for a word of which some characters are."""
    total = got = 0.0
    for word, flag in segmented(sentence):
        if not HAN.search(word) or word in HAN_STOP or flag[:1] in "uxpc":
            continue
        characters = [c for c in word if c not in HAN_STOP] or list(word)
        weight = len(word) ** 0.5
        total += weight
        got += weight * (1.0 if word in source else 0.7 * sum(c in source for c in characters) / len(characters))
    figures = numbers(sentence)
    given = numbers(source)
    for number in figures:
        total += 1
        got += any(same(number, n) for n in given)
    return got / total if total else 0.0


def _parts(text: str) -> list[tuple[int, int]]:
    """Sentences, Chinese ones cut at their commas too."""
    if language_of(text) != "zh":
        return sentence_spans(text)
    return [m.span() for m in re.finditer(r"[^,。;!?\n]+", text)] or [(0, len(text))]


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Where a source's sentences lie: coarse, because only the nearest is looked for."""
    spans = []
    start = 0
    text = narrow(text)
    for end in [*(m.end() for m in SENTENCE_END.finditer(text)), len(text)]:
        piece = text[start:end]
        if piece.strip():
            spans.append((start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())))
        start = end
    return spans or [(0, len(text))]


def _matters(piece: str) -> bool:
    return piece.lower() not in STOP and any(c.isalnum() for c in piece)


def _rows(states: Floats) -> Floats:
    rows: Floats = states / np.maximum(np.linalg.norm(states, axis=1, keepdims=True), 1e-9)
    return rows


def _names(sentence: str) -> list[str]:
    return [w for run in name_runs(sentence) for w in run]


def _bare(text: str) -> str:
    return MARKER.sub("", narrow(text)).strip()


def _weighed(features: Sequence[float], weights: Sequence[float]) -> float:
    return _squash(sum(w * f for w, f in zip(weights, features, strict=False)) + weights[-1])


def _squash(x: float) -> float:
    return 1 / (1 + math.exp(-x))
