"""Compute without a language model: a sum that a question spells out, else the numbers that the evidence gives.

A sum is read off only where nothing of the question is left over; simpleeval evaluates it, never ``eval``.
"""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from clew.records import Evidence, Span
from retrieve.arithmetic import evaluated, shown
from retrieve.support.numbers import numbers
from retrieve.terms import content_words, terms

LONGEST = 300  # characters of a question that may be a sum

NUMBER = r"\d+(?:\.\d+)?"
HAN = "零〇一二两三四五六七八九十百千万亿"
HAN_NUMBER = rf"[{HAN}]+(?:点[{HAN}]+)?"
BELOW = {"百": "十", "千": "百", "万": "千", "亿": "千万"}
ENGLISH = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million"
)
ENGLISH_WORD = "|".join(sorted(ENGLISH.split(), key=len, reverse=True))
ENGLISH_NUMBER = rf"\b(?:{ENGLISH_WORD})(?:(?:[\s-]+(?:and\s+)?)(?:{ENGLISH_WORD}))*\b"
AROUND = (
    re.compile(
        r"^(?:(?:so|ok|hi|hey|please|quick one|and|now|then|just|pls|can you|could you|tell me|give me|work out|add up"
        r"|i need|what is|what's|whats|what does|what do|how much is|how much are|how many is|calculate|compute"
        r"|evaluate|the result of|the answer to|the value of|请问|请|麻烦|帮我|帮忙|算一下|算算|计算一下"
        r"|计算|算|求|那|那么|一下)[\s,:]*)+"
    ),
    re.compile(
        r"(?:[\s,]*(?:please|thanks|in total|altogether|equals?|come to|make|is what|=|是多少|等于多少|等于几|得多少"
        r"|得几|一共是多少|一共多少|结果是多少|多少|是几|等于|得|呢|啊|吗|谢谢|共))+$"
    ),
)
# Each turns one way of saying a sum into signs; they are tried in this order until none finds anything more.
N = rf"\(*{NUMBER}\)*"
SAYINGS: tuple[tuple[str, str], ...] = (
    (rf"({N})\s*(?:%|percent|per cent|pct)\s+(?:of|off?\s+of)\s+({N})", r"(\1/100*\2)"),
    (rf"(?:a|an|one)?\s*half of\s+({N})", r"(\1/2)"),
    (rf"(?:a|an|one)\s+(third|quarter|fifth|tenth) of\s+({N})", r"(\2/<\1>)"),
    (rf"(?:the\s+)?square root of\s+({N})", r"sqrt(\1)"),
    (rf"({N})\s+squared", r"(\1**2)"),
    (rf"({N})\s+cubed", r"(\1**3)"),
    (rf"({N})\s+to the power(?: of)?\s+({N})", r"(\1**\2)"),
    (rf"({N})\s*的\s*({N})\s*次方", r"(\1**\2)"),
    (rf"({N})\s*的\s*平方根|根号\s*({N})", r"sqrt(\1\2)"),
    (rf"({N})\s*的\s*平方", r"(\1**2)"),
    (rf"({N})\s*的\s*({N})%", r"(\1*\2/100)"),
    (rf"({N})\s*(?:元|块)?\s*打\s*({N})\s*折", r"(\1*<折>\2)"),
    (rf"({N})\s*除\s*({N})", r"(\2/\1)"),
    (r"\s*(?:multiplied by|times|乘以|乘上|乘)\s*", "*"),
    (r"\s*(?:divided by|除以)\s*", "/"),
    (r"\s*(?:plus|added to|加上|再加|加)\s*", "+"),
    (r"\s*(?:minus|less|take away|减去|再减|减掉|减)\s*", "-"),
    (rf"(?<=[\d)])\s*x\s*(?={N})", "*"),
)
COUNTED = re.compile(
    r"(?<=\d)\s+(?!squared|cubed|hundred|thousand|million|billion|trillion|dozen)[a-z]{3,}$"
)  # the pieces of "3% of 200 pieces"
SHARE = {"third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
LISTS: tuple[tuple[str, str], ...] = (
    (r"(?:the\s+)?(?:average|mean) of\s+(.+)", "mean"),
    (r"(.+?)\s*的\s*平均(?:数|值)", "mean"),
    (r"(?:the\s+)?(?:sum|total) of\s+(.+)", "sum"),
    (r"(.+?)\s*(?:的和|的总和)", "sum"),
)
LESS_PERCENT = re.compile(rf"^\s*({NUMBER})\s*([+-])\s*({NUMBER})\s*%\s*$")  # a fifth off 80, not 0.2
SIGNS = re.compile(r"(?:sqrt|[\d.+\-*/()%\s])+")
SPAN = re.compile(r"\+\d+(?:[\s-]\d+)+|(\d{3,})[-–](\d{3,})")
TIED = re.compile(rf"{NUMBER}\s*%|\*\*|[+\-*/]|sqrt")


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum that was read off a question: what was evaluated, and what it comes to."""

    expression: str
    value: float

    @property
    def text(self) -> str:
        """``12*7+3 = 87``"""
        return f"{self.expression} = {shown(self.value)}"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that the evidence gives: as written, its sentence and itself as spans of the document's Markdown."""

    evidence: Evidence
    sentence: Span
    span: Span
    written: str


def read_sum(question: str) -> Sum | None:
    """The sum that a question spells out, evaluated; None where it is no sum or cannot be read off whole."""
    if len(question) > LONGEST or _is_span(question):
        return None
    for sentence in (question, *re.split(r"[?!\uff1f\uff01。]|\.(?=\s|$)", question)):
        text = _plain(sentence)
        expression = _list(text) or _signs(text)
        value = _evaluated(expression) if expression else None
        if expression and value is not None:
            return Sum(expression, value)
    return None


def figures(question: str, evidence: Sequence[Evidence], limit: int = 8) -> tuple[Figure, ...]:
    """Numbers in those sentences of the evidence that share most content words with the question, best first."""
    wanted = terms(question)
    ranked = []
    for place, piece in enumerate(evidence):
        for sentence in piece.chunk.sentences:
            quoted = piece.chunk.quote(sentence)
            found = numbers(quoted)
            if found:
                shared = len(wanted & terms(quoted))
                ranked.append((-shared, place, sentence.start, piece, sentence, found))
    ranked.sort(key=lambda r: r[:3])
    asked = bool(content_words(question))
    return tuple(
        Figure(piece, sentence, number.span.shift(sentence.start), piece.chunk.quote(number.span.shift(sentence.start)))
        for shared, _, _, piece, sentence, found in ranked
        if shared or not asked
        for number in found
    )[:limit]


def _is_span(question: str) -> bool:
    """Whether what stands there alone is a span of years or a telephone number."""
    found = SPAN.fullmatch(question.strip(" ?\uff1f"))
    return found is not None and (found[1] is None or int(found[1]) <= int(found[2]))


def _plain(question: str) -> str:
    """Lower case, half width, numerals as digits, signs as programs write them, the words around the sum gone."""
    text = unicodedata.normalize("NFKC", question).lower().strip().rstrip("?!。. ")
    for sign, plain in (("×", "*"), ("÷", "/"), ("−", "-"), ("–", "-"), ("^", "**"), ("·", "*")):
        text = text.replace(sign, plain)
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    text = re.sub(r"[$€£¥](?=\d)", "", text)
    for around in AROUND:
        text = around.sub("", text.strip()).strip()
    text = re.sub(rf"({HAN_NUMBER}|{NUMBER})分之({HAN_NUMBER}|{NUMBER})", _share, text)
    text = COUNTED.sub("", text)
    text = re.sub(rf"(?<![{HAN}]){HAN_NUMBER}", lambda m: _digits(m[0]), text)
    return re.sub(ENGLISH_NUMBER, lambda m: _digits(m[0]), text)


def _share(found: re.Match[str]) -> str:
    whole, part = (_digits("100" if g == "百" else g) for g in found.groups())
    return f"{part}%" if whole == "100" else f"({part}/{whole})"


def _digits(numeral: str) -> str:
    """A numeral in words as digits; itself if it is none."""
    if numeral[0].isdigit():
        return numeral
    short = re.fullmatch(r"(.*)([百千万亿])([一二三四五六七八九])", numeral)
    if short:  # 三千五 is 3,500, not 3,005
        numeral = f"{short[1]}{short[2]}{short[3]}{BELOW[short[2]]}"
    read = numbers(numeral)
    return _written(read[0].value) if len(read) == 1 and read[0].span == Span(0, len(numeral)) else numeral


def _list(text: str) -> str | None:
    """``(12+19+23)/3`` for "the average of 12, 19 and 23"."""
    for pattern, kind in LISTS:
        found = re.fullmatch(pattern, text)
        if found:
            items = [i for i in re.split(r"\s*(?:,|、|and|和|与|&)\s*", found[1]) if i]
            if len(items) > 1 and all(re.fullmatch(NUMBER, item) for item in items):
                total = "+".join(items)
                return f"({total})/{len(items)}" if kind == "mean" else total
    return None


def _signs(text: str) -> str | None:
    """The text as signs and digits alone, with at least one sign that ties two numbers."""
    for _ in range(6):
        before = text
        for pattern, signs in SAYINGS:
            text = re.sub(pattern, signs, text)
        if text == before:
            break
    text = re.sub(r"<(\w+)>", lambda m: str(SHARE.get(m[1], m[0])), text)
    text = re.sub(rf"<折>({NUMBER})", lambda m: _written(float(m[1]) / (10 if float(m[1]) < 10 else 100)), text)
    text = re.sub(LESS_PERCENT, r"(\1*(1\2\3/100))", text)
    text = re.sub(rf"({NUMBER})\s*%(?!\s*\d)", r"(\1/100)", text)
    if (
        not SIGNS.fullmatch(text)
        or not TIED.search(text)
        or len(re.findall(NUMBER, text)) < (1 if "sqrt" in text else 2)
    ):
        return None
    if re.search(r"\d\s+\d", text) or re.fullmatch(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}", text.strip()):
        return None  # two numbers with nothing between them, or a date
    return re.sub(r"\s+", "", text)


def _written(value: float) -> str:
    """A number as an expression has it, without the noise of binary fractions."""
    return f"{value:.15g}"


def _evaluated(expression: str) -> float | None:
    try:
        return evaluated(expression, {"sqrt": math.sqrt})
    except ValueError:
        return None
