"""The answer without an LLM: the sentences that answer, word for word, each with its source."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from clew.language import language_of
from clew.ports import Int8s, QueryVectors
from clew.records import Citation, Evidence, Sentence, Span
from ingest.blocks import plain
from retrieve.enough import Verdict, judge
from retrieve.prompts import unmarked
from retrieve.tables import cells, columns
from retrieve.wanted import IN_WORDS
from retrieve.weigh import FROM, Quote, sentences

__all__ = ["FROM", "MOST", "Quote", "Weighed", "choose", "compose", "nothing_found", "nothing_more", "weigh"]

MOST = 3  # sentences of one answer
BEHIND = 2.0  # a further sentence may score this much less than the first one with it
FAR = 8.0  # a sentence that scores this much less than the best of all is never shown: there is nothing more
ALIKE = 0.8  # two sentences that share this much of their terms say the same
LIST = 8  # items that come along with the sentence that leads them in
INDENTED = re.compile(r"\n(?:\s*\n)?[ \t]+")
ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,9}[.)])\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """The sentences of the evidence, best first, and whether there is enough to answer with."""

    quotes: tuple[Quote, ...]
    verdict: Verdict

    @property
    def thin(self) -> bool:
        return not self.verdict.enough


def weigh(
    question: str,
    query: QueryVectors | None,
    evidence: Sequence[Evidence],
    vectors: Mapping[str, Int8s],
    *,
    fresh: bool = False,
) -> Weighed:
    """Score every sentence of the first pieces of evidence. ``vectors`` are their chunks' sentence vectors."""
    of, quotes = sentences(question, query, evidence, vectors, fresh=fresh)
    return Weighed(quotes=tuple(quotes), verdict=judge(of, quotes))


def choose(weighed: Weighed, used: frozenset[tuple[str, Span]] = frozenset(), most: int = MOST) -> list[Quote]:
    """The next sentences to show: good ones that add something, none of ``used`` nor like it, best first."""
    shown = [quote for quote in weighed.quotes if _among(quote, used)]
    chosen: list[Quote] = []
    for quote in weighed.quotes:
        least = chosen[0].score - BEHIND if chosen else weighed.quotes[0].score - FAR
        if len(chosen) == most or quote.score < least:
            break
        if not quote.terms or _among(quote, used) or any(_overlap(quote, other) for other in chosen):
            continue
        if not any(_alike(quote, other) for other in (*shown, *chosen)):
            whole = _with_reply(_with_list(quote))
            again = _among(whole, used) or any(_overlap(whole, other) for other in chosen)
            chosen.append(quote if again else whole)
    return chosen


def compose(quotes: Sequence[Quote], first_marker: int = 1) -> tuple[str, list[Sentence], list[Citation]]:
    """Sentences in a row, each with a marker of its own, numbers from ``first_marker`` on."""
    text = ""
    made, citations = [], []
    for marker, quote in enumerate(quotes, first_marker):
        start = len(text)
        text += f"{_shown(quote)} [{marker}]"
        made.append(Sentence(span=Span(start, len(text)), markers=(marker,), supported=True))
        text += "\n\n"
        citations.append(
            Citation(marker=marker, chunk=quote.evidence.chunk, span=quote.span, support=1.0, supported=True)
        )
    return text.rstrip(), made, citations


def nothing_found(question: str, weighed: Weighed, uncovered: Sequence[str] = ()) -> str:
    """What is said when the folder does not tell: what was looked for in vain, as far as that is known."""
    kind, chinese = weighed.verdict.missing, language_of(question) == "zh"
    if chinese:
        parts = [f"文件夹里没有找到能{'确定' if weighed.quotes else ''}回答这个问题的内容。"]
        if uncovered:
            parts.append(f"没有提到：{'、'.join(uncovered)}。")
        if kind and weighed.quotes:
            parts.append(f"最接近的句子里没有看到所问的{IN_WORDS[kind][1]}。")
        return "".join(parts) + ("最接近的如下，未必是答案：" if weighed.quotes else "")
    parts = [f"I found nothing in this folder that {'surely ' if weighed.quotes else ''}answers this."]
    if uncovered:
        parts.append(f"Not found: {', '.join(uncovered)}.")
    if kind and weighed.quotes:
        parts.append(f"The question asks for {IN_WORDS[kind][0]}, which I do not see in the nearest sentences.")
    return " ".join(parts) + (" The nearest I found, which may not answer it:" if weighed.quotes else "")


def nothing_more(question: str) -> str:
    """What is said when every sentence found has been shown."""
    return "没有更多内容了。" if language_of(question) == "zh" else "There is nothing more on this in what was found."


def _among(quote: Quote, used: frozenset[tuple[str, Span]]) -> bool:
    return any(chunk == quote.evidence.chunk.id and span.overlaps(quote.span) for chunk, span in used)


def _overlap(quote: Quote, other: Quote) -> bool:
    return quote.evidence.chunk.id == other.evidence.chunk.id and quote.span.overlaps(other.span)


def _alike(quote: Quote, other: Quote) -> bool:
    """Whether two sentences say the same: nearly the same terms, and every number in both."""
    if quote.words == other.words:
        return True
    if len(quote.terms & other.terms) < ALIKE * len(quote.terms | other.terms):
        return False
    return not any(character.isdigit() for term in quote.terms ^ other.terms for character in term)


def _with_list(quote: Quote) -> Quote:
    """A sentence that leads in a list brings the list along."""
    if not quote.words.endswith((":", "：")):
        return quote
    chunk = quote.evidence.chunk
    end = quote.span.end
    for span in [span for span in chunk.sentences if span.start >= end][:LIST]:
        # The marker stands before the item's span, or the item goes on in a further sentence, on its line or indented.
        between = chunk.quote(Span(end, span.start))
        goes_on = end > quote.span.end and ("\n" not in between or INDENTED.fullmatch(between))
        if not goes_on and not ITEM.fullmatch(between.rpartition("\n")[2]):
            break
        end = span.end
    if end == quote.span.end:
        return quote
    span = Span(quote.span.start, end)
    return replace(quote, span=span, words=plain(chunk.quote(span)))


def _with_reply(quote: Quote) -> Quote:
    """A question that a document asks brings along what is said to it."""
    if not quote.words.endswith(("?", "\uff1f")):
        return quote
    chunk = quote.evidence.chunk
    reply = next((span for span in chunk.sentences if span.start >= quote.span.end), None)
    if reply is None or "|" in chunk.quote(reply) or plain(chunk.quote(reply)).endswith(("?", "\uff1f")):
        return quote
    span = Span(quote.span.start, reply.end)
    return replace(quote, span=span, words=plain(chunk.quote(span)))


def _shown(quote: Quote) -> str:
    """The sentence as it is read: a list keeps its lines, a table row is given its column names, source code stands as
    it is. Nothing of it passes for a marker."""
    chunk = quote.evidence.chunk
    raw = chunk.quote(quote.span)
    return raw.strip() if chunk.line is not None else unmarked(_read(quote, raw))


def _read(quote: Quote, raw: str) -> str:
    chunk = quote.evidence.chunk
    inside = cells(raw) if "|" in raw else []
    names = columns(chunk, quote.span, len(inside)) if len(inside) > 1 or quote.row else []
    if quote.row or names:
        pairs = zip(names, inside, strict=True) if names else (("", cell) for cell in inside)
        return "; ".join(f"{name}: {cell}" if name else cell for name, cell in pairs if cell)
    lines = [f"- {plain(line)}" if ITEM.match(line) else plain(line) for line in raw.split("\n")]
    if any(line.startswith("- ") for line in lines):
        return "\n".join(line for line in lines if line)
    return quote.words
