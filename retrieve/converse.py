"""Understand a follow-up from the turns before: "And his brother?" as a question that stands alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from clew.errors import ClewError
from clew.language import language_of
from clew.models.llm import Message, Model
from retrieve.cite import without_markers
from retrieve.support.names import missing_names, name_runs, segmented
from retrieve.support.numbers import numbers

VERSION = "1"
TURNS = 3  # turns before that are looked at
CARRIED = 3  # names carried over at most
LEADS = re.compile(
    r"^(?:and|but|so|then|also|what about|how about|and what about|or)\b[\s,:]*|^(?:那么?|还有)[,\uff0c]?", re.I
)
POINTS = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|hers|its|their|theirs|this|that|these|those|there|then|one|"
    r"the same|both|former|latter)\b|[他她它]们?|这[个些里]?|那[个些里]|其|该",
    re.I,
)
ASK_BACK = re.compile(r"^(?:and|what about|how about|and what about)\s+(?:the\s+)?(?P<what>.+?)\s*\??$", re.I)
ASK_BACK_ZH = re.compile(r"^(?:那么?|还有)?[,\uff0c]?(?P<what>.{1,12}?)呢[?\uff1f]?$")
SEND = {
    "en": (
        "Rewrite the last question so that it can be understood without the conversation: put the names it points to "
        "in their places and change nothing else. Write only the question."
    ),
    "zh": "请改写最后一个问题,使它脱离对话也能看懂:把代词换成所指的名称,其他不变。只写出问题。",
}


@dataclass(frozen=True, slots=True)
class Turn:
    """A question asked before and what was answered."""

    question: str
    answer: str


def is_follow_up(question: str) -> bool:
    """Whether a question leans on what was said before."""
    if LEADS.match(question.strip()) or POINTS.search(question):
        return True
    if language_of(question) == "zh":
        return bool(ASK_BACK_ZH.match(question.strip())) or (not names_in(question) and len(question) <= 6)
    return len(question.split()) <= 3 and not names_in(question)


def standalone(question: str, turns: Sequence[Turn], model: Model | None = None) -> str:
    """The question as it would be asked by somebody who was not there; unchanged where it needs no help."""
    if not turns or not is_follow_up(question):
        return question
    if model is not None:
        rewritten = _rewritten(question, turns, model)
        if rewritten:
            return rewritten
    return _carried(question, turns)


def names_in(text: str) -> list[str]:
    """The names of a text, each once, in order."""
    plain = without_markers(text)
    if language_of(plain) == "zh":
        found = [w for w, flag in segmented(plain) if flag[:2] in ("nr", "ns", "nt", "nz") and len(w) > 1]
        found += re.findall(r"[“《「]([^”》」]{2,12})[”》」]", plain) + re.findall(r"[㐀-鿿]{2,4}号", plain)
    else:
        found = [" ".join(run) for run in name_runs(plain)]
    return list(dict.fromkeys(found))


def _rewritten(question: str, turns: Sequence[Turn], model: Model) -> str:
    """The model's version; empty where it fails or brings in a name or number that nobody said."""
    language = language_of(question)
    said = "\n".join(f"Q: {t.question}\nA: {without_markers(t.answer)[:600]}" for t in turns[-TURNS:])
    messages = [Message("system", SEND[language]), Message("user", f"{said}\nQ: {question}")]
    try:
        reply = model.write(messages, purpose="converse", version=VERSION, max_tokens=80)
    except ClewError:
        return ""
    text = re.sub(r"^(?:Q|Question|问题)\s*[:\uff1a]\s*", "", reply.text.strip()).strip('"“”')
    known = f"{said}\n{question}"
    if not text or "\n" in text or len(text) > 300 or missing_names(text, known):
        return ""
    given = {n.value for n in numbers(known)}
    return text if all(n.value in given for n in numbers(text)) else ""


def _carried(question: str, turns: Sequence[Turn]) -> str:
    """Without a model: the last question with the new name in it, else the question with the last names behind it."""
    last = turns[-1]
    before = names_in(last.question)
    asked = ASK_BACK.match(question.strip()) or ASK_BACK_ZH.match(question.strip())
    if asked and before and not POINTS.search(asked["what"]) and (names_in(question) or language_of(question) == "zh"):
        return last.question.replace(before[0], asked["what"].strip(), 1)
    carried = before
    for turn in reversed(turns[-TURNS:]):
        carried = carried or names_in(turn.question) or names_in(turn.answer)[:1]
    fresh = [name for name in carried if name not in question][:CARRIED]
    if not fresh:
        return question
    return f"{question}({'、'.join(fresh)})" if language_of(question) == "zh" else f"{question} ({', '.join(fresh)})"
