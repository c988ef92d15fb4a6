"""Check an answer's citations: which sentence cites what, the quote that bears it out, and how well it does.

An answer's markers ``[n]`` number its evidence from 1. Markers that number nothing are taken out; sentences without one
get the best that is found; sentences that nothing supports are marked ``[?]``, never dropped.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from clew.language import language_of
from clew.records import Chunk, Citation, Evidence, Sentence, Span
from ingest.sentences import split
from retrieve import prompts
from retrieve.support import Checker, Support
from retrieve.support.score import sentence_spans, word_coverage
from retrieve.support.stems import content

MARKER = re.compile(
    r"[^\S\n]?[\[【\uff3b]\s?(?:source|来源)?\s?(\d{1,3}(?:\s?[-–,\uff0c、;\uff1b]\s?\d{1,3})*)\s?[\]】\uff3d]", re.I
)
BEFORE = re.compile(rf"^{MARKER.pattern}[^\S\n]?", re.I | re.M)  # at the beginning of a line
DOUBT = "[?]"
DOUBTED = re.compile(r"\s?\[\?\]")
CLOSING = ".!?。\uff01\uff1f…\"'”’)\uff09」』】"
NEAREST = 3  # source sentences compared in full for each sentence of an answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A source that says otherwise than a sentence which another source supports."""

    sentence: int
    marker: int
    quote: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """An answer's text with valid markers only, its sentences and citations.

    ``attached`` is the share of the claims whose markers Clew found itself; ``invented`` counts markers taken out.
    """

    text: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    attached: float = 0.0
    invented: int = 0
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """The stretch of a chunk that bears a sentence out best."""

    marker: int
    chunk: Chunk
    span: Span
    support: Support


def markers_in(text: str) -> tuple[int, ...]:
    """The numbers that a text's markers name, in order, each once; a range names what lies between."""
    found: dict[int, None] = {}
    for m in MARKER.finditer(text):
        for part in re.split(r"[,\uff0c、;\uff1b]", m[1]):
            ends = [int(n) for n in re.findall(r"\d+", part)]
            found.update(dict.fromkeys(range(ends[0], min(ends[-1], ends[0] + 20) + 1)))
    return tuple(found)


def without_markers(text: str) -> str:
    """The text as a person would read it aloud."""
    return DOUBTED.sub("", MARKER.sub("", text))


def sentences_of(text: str) -> list[Span]:
    """The sentences of an answer, each with the markers that follow it, list items and headings on their own."""
    spans: list[Span] = []
    for line in re.finditer(r"[^\n]+", text):
        spans.extend(_in_line(text, line.start(), line.end()))
    return spans


def _in_line(text: str, start: int, end: int) -> list[Span]:
    """Split a line with its markers blanked out, then give each sentence the markers up to the next."""
    line = text[start:end]
    blank = MARKER.sub(lambda m: " " * len(m[0]), DOUBTED.sub(lambda m: " " * len(m[0]), line))
    if not blank.strip():
        return []
    found = split(blank, language_of(blank))
    starts = [start + s.start for s in found]
    spans = []
    for at, following in zip(starts, [*starts[1:], end], strict=True):
        stop = following
        while stop > at and text[stop - 1].isspace():
            stop -= 1
        spans.append(Span(at, stop))
    return spans


def check(text: str, evidence: Sequence[Evidence], checker: Checker, *, unfinished: bool = False) -> Checked:
    """Check every sentence of ``text`` against the evidence that it cites, or against all of it if it cites none.

    ``unfinished``: the text was cut, so a last sentence without its closing mark is left as it is.
    """
    parts: list[str] = []
    sentences: list[Sentence] = []
    citations: list[Citation] = []
    conflicts: list[Conflict] = []
    at = done = invented = claims = attached = 0
    spans = sentences_of(text)
    for span in spans:
        gap = MARKER.sub("", BEFORE.sub("", DOUBTED.sub("", text[done : span.start])))
        said = text[span.slice]
        cited = markers_in(said)
        valid = tuple(n for n in cited if 1 <= n <= len(evidence))
        invented += len(cited) - len(valid)
        bare = without_markers(said).strip()
        matches: list[Match] = []
        supported = True
        cut = unfinished and span is spans[-1] and bare[-1:] not in CLOSING
        if is_claim(bare) and not cut and not prompts.is_refusal(said):
            claims += 1
            matches = [match for n in valid if (match := best_match(bare, n, evidence[n - 1].chunk, checker))]
            supported = any(m.support.supported for m in matches) or _together(bare, matches, checker)
            if not valid:
                matches = _attach(bare, evidence, checker)
                supported = any(m.support.supported for m in matches)
                attached += supported
            if supported:
                conflicts += _conflicts(len(sentences), bare, matches, evidence, checker)
        numbers = tuple(m.marker for m in matches)
        written = MARKER.sub("", said) if cut else with_markers(bare, numbers, doubt=not supported)
        parts += [gap, written]
        at += len(gap)
        sentences.append(Sentence(span=Span(at, at + len(written)), markers=numbers, supported=supported))
        citations += [
            Citation(
                marker=m.marker, chunk=m.chunk, span=m.span, support=m.support.score, supported=m.support.supported
            )
            for m in matches
        ]
        at += len(written)
        done = span.end
    parts.append(MARKER.sub("", text[done:]))
    return Checked(
        text="".join(parts),
        sentences=tuple(sentences),
        citations=tuple(citations),
        attached=attached / claims if claims else 0.0,
        invented=invented,
        conflicts=tuple(conflicts),
    )


def with_markers(bare: str, numbers: Sequence[int], *, doubt: bool = False) -> str:
    """A sentence with its markers before the closing mark: "It is red [1][2].", "它是红的[1]。"."""
    marks = "".join(f"[{n}]" for n in numbers) + (DOUBT if doubt else "")
    if not marks:
        return bare
    end = len(bare)
    while end and bare[end - 1] in CLOSING:
        end -= 1
    body = bare[:end] or bare
    gap = "" if language_of(bare) == "zh" else " "
    return f"{body}{gap}{marks}{bare[len(body) :]}"


def is_claim(sentence: str) -> bool:
    """Whether a sentence says something that a source must bear out: no heading, question or lead-in."""
    plain = sentence.strip().lstrip("-*+•# 0123456789.)").strip()
    if not plain or sentence.lstrip().startswith("#") or plain.endswith((":", "\uff1a", "?", "\uff1f")):
        return False
    return bool(content(plain)) or language_of(plain) == "zh" or any(c.isdigit() for c in plain)


def best_match(sentence: str, marker: int, chunk: Chunk, checker: Checker) -> Match | None:
    """The sentence of the chunk, or two or three in a row, that supports the sentence best."""
    spans = list(chunk.sentences) or [
        Span(chunk.span.start + a, chunk.span.start + b) for a, b in sentence_spans(chunk.text)
    ]
    if not spans:
        return None
    context = (chunk.document.title, *chunk.headings, chunk.text)
    ranked = sorted(range(len(spans)), key=lambda i: -_near(sentence, chunk.quote(spans[i])))[:NEAREST]
    best: Match | None = None
    for i in ranked:
        found = Match(marker, chunk, spans[i], checker.support(sentence, chunk.quote(spans[i]), context))
        best = found if best is None or found.support.score > best.support.score else best
    if best is None or best.support.supported:
        return best
    for i in ranked[:2]:
        for a, b in ((i - 1, i), (i, i + 1), (i - 1, i + 1)):
            if a < 0 or b >= len(spans):
                continue
            joined = Span(spans[a].start, spans[b].end)
            found = Match(marker, chunk, joined, checker.support(sentence, chunk.quote(joined), context))
            if found.support.score > best.support.score:
                best = found
            if best.support.supported:
                return best
    return best


def _near(sentence: str, quote: str) -> float:
    if language_of(sentence) == "zh" or language_of(quote) == "zh":
        mine = set(re.findall(r"[^\W_]", sentence))
        return len(mine & set(quote)) / max(len(mine), 1)
    figures = set(re.findall(r"\d+", sentence))
    return word_coverage(sentence, quote) + 0.2 * len(figures & set(re.findall(r"\d+", quote)))


def _together(sentence: str, matches: Sequence[Match], checker: Checker) -> bool:
    """Whether the quotes support the sentence only taken together."""
    if len(matches) < 2:
        return False
    context = [text for m in matches for text in (m.chunk.document.title, *m.chunk.headings)]
    return checker.support(sentence, " ".join(m.chunk.quote(m.span) for m in matches), context).supported


def _attach(sentence: str, evidence: Sequence[Evidence], checker: Checker) -> list[Match]:
    """The piece of evidence that supports a sentence without markers; none if none does."""
    ranked = sorted(range(len(evidence)), key=lambda i: -_near(sentence, evidence[i].chunk.text))[:NEAREST]
    found = [m for i in ranked if (m := best_match(sentence, i + 1, evidence[i].chunk, checker))]
    supported = [m for m in found if m.support.supported]
    return [max(supported, key=lambda m: m.support.score)] if supported else []


def _conflicts(
    index: int, sentence: str, matches: Sequence[Match], evidence: Sequence[Evidence], checker: Checker
) -> list[Conflict]:
    """Sources not cited that speak of the same and say otherwise: another figure, or the opposite."""
    out = []
    cited = {m.chunk.id for m in matches}
    for number, piece in enumerate(evidence, 1):
        if piece.chunk.id in cited:
            continue
        match = best_match(sentence, number, piece.chunk, checker)
        if match is None or match.support.supported:
            continue
        quote = piece.chunk.quote(match.span)
        reason = checker.disagreement(sentence, quote)
        if reason:
            out.append(Conflict(sentence=index, marker=number, quote=quote, reason=reason))
    return out
