"""The answer to a question about the whole folder, by quoting: theme by theme, a sentence for each document.

The documents that fit best speak for themselves; the others are named, each with its marker, whose quote is the
sentence that speaks for it. How many are told follows from how likely each is wanted, not from a fixed number.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from clew.language import language_of
from clew.records import Answer, Chunk, Citation, Evidence, Fact, Sentence, Span
from ingest.blocks import plain
from retrieve import quote
from retrieve.content import terms
from retrieve.prompts import unmarked

POOL = 150  # pieces of evidence that an answer and its going on are made from
SHARE = 0.85  # of all that is likely to be wanted: told when that much is
NEARLY = 0.15  # of the likeliest one's likelihood: so likely ones are told in any case
MOST = 66  # documents of one answer
QUOTED = 12  # documents of which the sentence is written out
STEP = 8  # further documents for each press of keep going
GIVEN = 24  # documents that a model is given
AROUND = 1  # sentences on either side that a model is given
WIDE = 600  # characters of these at most

LEAD = {
    "en": "{n} documents of this folder may bear on this; the likeliest {quoted} are quoted.",
    "zh": "这个文件夹里可能有{n}份文件与此有关，下面引用最相关的{quoted}份。",
}
FEW = {"en": "{n} documents of this folder may bear on this.", "zh": "这个文件夹里可能有{n}份文件与此有关。"}
ONE = {"en": "One document of this folder bears on this.", "zh": "这个文件夹里有一份文件与此有关。"}
ALSO = {"en": "Also: ", "zh": "另见："}
COLON = {"en": ":", "zh": "："}
ELSEWHERE = {"en": "Elsewhere", "zh": "其他"}
NOTHING = {"en": "I found nothing in this folder that answers this.", "zh": "文件夹里没有找到能回答这个问题的内容。"}


@dataclass(slots=True)
class _Page:
    """An answer while it is put together."""

    text: str
    marker: int
    sentences: list[Sentence]
    citations: list[Citation]
    also: str

    def quote(self, piece: Evidence, fact: Fact) -> None:
        """A document's sentence, written out; its title alone where another said the same."""
        words = plain(fact.text)
        one = quote.Quote(
            evidence=piece, span=fact.span, words=words, terms=terms(words), score=piece.score, offers=True
        )
        said, sentences, citations = quote.compose([one], self.marker)
        if f"\n{said.rpartition('[')[0]}" in self.text:
            self.name([(piece, fact)])
            return
        self._begin("\n\n")
        at = len(self.text)
        self.text += said
        self.sentences += [replace(sentence, span=sentence.span.shift(at)) for sentence in sentences]
        self.citations += citations
        self.marker += 1

    def name(self, pieces: Sequence[tuple[Evidence, Fact]]) -> None:
        """Documents by their titles, in a row."""
        self._begin("\n\n")
        self.text += self.also
        for nth, (piece, fact) in enumerate(pieces):
            self.text += "; " if nth else ""
            at = len(self.text)
            self.text += f"{_title(piece.chunk.document.title)} [{self.marker}]"
            self.sentences.append(Sentence(span=Span(at, len(self.text)), markers=(self.marker,), supported=True))
            self.citations.append(
                Citation(marker=self.marker, chunk=piece.chunk, span=fact.span, support=1.0, supported=True)
            )
            self.marker += 1

    def head(self, title: str, colon: str) -> None:
        """A theme's title on a line of its own, without markup: it came out of documents."""
        self._begin("\n\n")
        self.text += _title(title) + colon

    def _begin(self, gap: str) -> None:
        self.text += gap if self.text else ""


def _title(text: str) -> str:
    return unmarked(" ".join(plain(text).split()))


def answered(answer: Answer) -> Answer:
    """The answer told from its evidence, which is ranked as ``retrieve.overview`` ranks it."""
    language = language_of(answer.question)
    pieces = list(_of_documents(answer.evidence))
    chosen = pieces[: _enough([piece.score for piece, _ in pieces])]
    if not chosen:
        return replace(answer, text=NOTHING[language], finish="abstained")
    leads = ONE if len(chosen) == 1 else FEW if len(chosen) <= QUOTED else LEAD
    lead = leads[language].format(n=len(chosen), quoted=QUOTED)
    page = _Page(lead, 1, [], [], ALSO[language])
    spoken = {piece.chunk.document.id for piece, _ in chosen[:QUOTED]}
    themes = dict.fromkeys(piece.theme for piece, _ in chosen)
    for theme in sorted(themes, key=lambda theme: not theme):  # what has no theme comes last
        own = [one for one in chosen if one[0].theme == theme]
        if theme or len(themes) > 1:
            page.head(theme or ELSEWHERE[language], COLON[language])
        for piece, fact in own:
            if piece.chunk.document.id in spoken:
                page.quote(piece, fact)
        others = [one for one in own if one[0].chunk.document.id not in spoken]
        if others:
            page.name(others)
    return _with(answer, page)


def deeper(answer: Answer, *, id: str) -> Answer:  # noqa: A002
    """The answer with the next documents, numbers following on, under a new id."""
    used = {citation.chunk.document.id for citation in answer.citations}
    last = max((citation.marker for citation in answer.citations), default=0)
    start = len(answer.text) + 2
    also = ALSO[language_of(answer.question)]
    page = _Page(answer.text, last + 1, list(answer.sentences), list(answer.citations), also)
    for piece, fact in [one for one in _of_documents(answer.evidence) if one[0].chunk.document.id not in used][:STEP]:
        page.quote(piece, fact)
    if page.marker == last + 1:
        page.text += "\n\n" + quote.nothing_more(answer.question)
    more = _with(answer, page)
    return replace(more, id=id, continues=answer.id, kind="deeper", added_from=start)


def narrowed(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The evidence as a model is given it: of each document the sentence that speaks for it, with its neighbours."""
    return tuple(replace(piece, chunk=_narrow(piece.chunk, fact.span)) for piece, fact in _of_documents(evidence))


def _narrow(chunk: Chunk, span: Span) -> Chunk:
    at = next((nth for nth, one in enumerate(chunk.sentences) if one.overlaps(span)), None)
    if at is None:
        return chunk
    kept = chunk.sentences[max(0, at - AROUND) : at + AROUND + 1]
    if kept[-1].end - kept[0].start > WIDE:
        kept = (chunk.sentences[at],)
    whole = Span(kept[0].start, kept[-1].end)
    return replace(chunk, span=whole, text=chunk.quote(whole), sentences=kept)


def _of_documents(evidence: Sequence[Evidence]) -> Iterator[tuple[Evidence, Fact]]:
    """The first piece of each document that has a sentence to speak for it."""
    seen: set[str] = set()
    for piece in evidence:
        if piece.facts and piece.chunk.document.id not in seen:
            seen.add(piece.chunk.document.id)
            yield piece, piece.facts[0]


def _enough(likely: Sequence[float]) -> int:
    """How many of the first documents hold the share of what is likely wanted; all that are nearly as likely as the
    first are among them."""
    wanted, told = SHARE * sum(likely), 0.0
    for count, one in enumerate(likely[:MOST]):
        if told >= wanted and one < NEARLY * likely[0]:
            return count
        told += one
    return min(len(likely), MOST)


def _with(answer: Answer, page: _Page) -> Answer:
    return replace(
        answer, text=page.text, finish="complete", sentences=tuple(page.sentences), citations=tuple(page.citations)
    )
