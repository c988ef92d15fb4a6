"""The content words of a text in a form that can be compared, so that 'ferries' covers 'ferry': no engine, no table.

English words become stems, numbers stay as they are, Chinese runs become pairs of characters: where a word ends there
is a matter of opinion, and a tokenizer seldom agrees with itself in two sentences.
"""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from clew.records import Chunk, Span
from retrieve.support.names import segmented
from retrieve.support.stems import STOP, stem
from retrieve.support.words import listed

HAN = "㐀-䶿一-鿿豈-﫿"
RUN = re.compile(f"[{HAN}]+")
HAN_WORD = re.compile(f"(?![几每哪])[{HAN}]{{2,}}")
PLAIN_WORD = re.compile(rf"[^\W\d_{HAN}]+|\d+(?:[.,:]\d+)*")
TOKEN = re.compile(f"{RUN.pattern}|{PLAIN_WORD.pattern}")
# What holds a Chinese sentence together or asks: no name and no thing goes across it.
SEAM = re.compile(
    r"什么|怎么样?|怎样|如何|多[少久大高长深远重快]|为何|为什么|哪[些个位里儿年月天日家所]?|几[时点月号天个名位次]?|是否|有没有|"
    r"是不是|一共|总共|以及|还是|或者|但是|因为|所以|原因|叫做?|"
    r"[的了吗呢吧啊呀着么嘛是在有和与及或都也就还被把给对从向到于而之其这那它他她我你您们谁去来用请问让会能要]"
)
ASKING = frozenset(
    map(stem, listed("what which who whom whose when where why how much many long name named number kind called call"))
)
"""Words that say what kind of answer is wanted."""
EMPTY = ASKING | frozenset(
    stem(word)
    for word in listed("""
    big old large tall often far soon sort type tell told say said describe explain give given list
    show please know known find found exactly actually ever thing things anything something somebody anybody someone
    people person get got go went come came become became take took make made use used want wanted way one two ago
    today now currently present nowadays year day time
    """)
)
"""Words besides that mean next to nothing on their own: it would be silly to say that they were not found."""
HERE = re.compile(
    r"\b(?:folders?|files?|documents?)\b|文件夹?|文档|资料|说说|(?:介绍|总结|概括|列出|描述)(?:一下)?", re.I
)
"""What is asked and what is asked for, which no document has to name."""
TELLING = frozenset("nvaijlzbsx")  # first letters of the flags of Chinese words that say something
EMPTY_HAN = frozenset(listed("时候 时间 地方 情况 事情 东西 原因 名字 有人 个人 人们 一下 大概 具体 知道 告诉"))
"""Chinese words that only ask, or mean next to nothing on their own."""


class Word(NamedTuple):
    """A word of a text as written, where it stands, and its terms."""

    text: str
    span: Span
    terms: frozenset[str]


@lru_cache(maxsize=10_000)
def terms(text: str) -> frozenset[str]:
    """The text's content words, reduced to what their forms share; Chinese also by the single character."""
    found = set(map(_form, PLAIN_WORD.findall(text)))
    for run in RUN.findall(text):
        found.update(run)
        found.update(map(str.__add__, run, run[1:]))
    found.discard("")
    return frozenset(found)


def said_in(chunk: Chunk) -> frozenset[str]:
    """The content words of a passage, its title and its headings."""
    return terms(" ".join((chunk.document.title, *chunk.headings, chunk.text)))


def over_it(chunk: Chunk) -> frozenset[str]:
    """The content words that stand over a passage: of its title and its headings."""
    return terms(". ".join((chunk.document.title, *chunk.headings)))


def content_words(question: str) -> list[Word]:
    """The content words of a question, in order. What only asks is left out."""
    words = [word._replace(terms=word.terms - ASKING) for word in _words(question)]
    return [word for word in words if word.terms]


def uncovered(question: str, held: frozenset[str], said: Collection[str] = ()) -> tuple[str, ...]:
    """The words of the question that texts with the terms ``held`` do not have, each once, as written; not those that
    are ``said`` there in another way."""
    ways = (re.compile(r"\W+".join(map(re.escape, word.split())), re.I) for word in said)
    told = {at for way in (HERE, *ways) for found in way.finditer(question) for at in range(*found.span())}
    missing: dict[str, None] = {}
    for word in content_words(question):
        if re.match(f"[{HAN}]", word.text):
            missing.update(dict.fromkeys(_open_words(question, word, held, told)))
        elif word.span.start not in told and not word.terms & held and not word.terms <= EMPTY:
            missing[word.text] = None
    return tuple(missing)


def _open_words(question: str, run: Word, held: frozenset[str], told: Collection[int]) -> Iterator[str]:
    """The words of two characters or more in a run of Chinese that no pair found elsewhere reaches into."""
    first = run.span.start
    reached = {
        first + at + side for at, pair in enumerate(pairwise(run.text)) if "".join(pair) in held for side in (0, 1)
    }
    for word, span in han_words(question):
        places = range(span.start, span.end)
        inside = first <= span.start and span.end <= run.span.end
        if inside and reached.isdisjoint(places) and not any(place in told for place in places):
            yield word


def han_words(question: str) -> Iterator[tuple[str, Span]]:
    """The whole Chinese words of a question that say something, and where they stand."""
    end = 0
    for word, flag in segmented(question):
        span = Span(start := question.find(word, end), end := start + len(word))
        if HAN_WORD.fullmatch(word) and flag[:1] in TELLING and word not in EMPTY_HAN:
            yield word, span


def _words(text: str) -> Iterator[Word]:
    for match in TOKEN.finditer(text):
        token, start = match.group(), match.start()
        if RUN.match(token):
            for at, piece in _pieces(token):
                pairs = map(str.__add__, piece, piece[1:]) if len(piece) > 1 else (piece,)
                yield Word(piece, Span(start + at, start + at + len(piece)), frozenset(pairs))
        elif form := _form(token):
            yield Word(token, Span(start, match.end()), frozenset((form,)))


@lru_cache(maxsize=50_000)
def _form(token: str) -> str:
    """The term of a word or a number; empty for a word that carries no content."""
    lower = token.lower()
    if lower[0].isdigit():
        return lower.replace(",", "")
    return stem(lower) if len(lower) > 1 and lower not in STOP else ""


def _pieces(run: str) -> Iterator[tuple[int, str]]:
    """A Chinese run cut at its seams: each piece with where it starts."""
    at = 0
    for seam in SEAM.finditer(run):
        if seam.start() > at:
            yield at, run[at : seam.start()]
        at = seam.end()
    if at < len(run):
        yield at, run[at:]
