"""Understand a follow-up from the turns before: "And his brother?" as a question that stands alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from clew.errors import ClewError
from clew.language import language_of
from clew.models.llm import Message, Model
from retrieve.cite import without_markers
from retrieve.router.reading import read
from retrieve.support.names import missing_names, name_runs, segmented
from retrieve.support.numbers import numbers
from retrieve.support.words import listed

VERSION = "1"
TURNS = 3  # turns before that are looked at
CARRIED = 3  # names carried over at most
LEADS = re.compile(
    r"^(?:and|but|so|then|also|what about|how about|and what about|or)\b[\s,:]*|^(?:那么?|还有)[,\uff0c]?", re.I
)
# What points back in any place; the rest of the English ones is told by what the tagger makes of them.
POINTS = re.compile(
    r"\b(?:the same|else)\b|\bboth\b(?!.*\band\b)|(?<![其吉])[他她它]们?|"
    r"这(?![些个份]?(?:里面|[年月周天]|文件|文档|资料|材料|目录))|(?<!的)那|(?<![尤极与及])其(?![他它她余次实])|(?<!应)该",
    re.I,
)
OWN_ZH = re.compile("[他她它]们?的")  # behind a name: whose it is was said
ITS_OWN = re.compile(  # "it" that stands for nothing
    r"\b(?:does|did|will|would) it (?:take|cost)\b.+?\bto\b|\b(?:is|was) it (?:\w+ )?\w+ (?:that|to)\b|"
    r"\btime (?:is|was) it\b",
    re.I,
)
PERSONS = frozenset(listed("he she they him her them his hers their theirs"))
THINGS = frozenset(listed("it its"))
SHOWING = frozenset(listed("this that these those"))
AT_HAND = frozenset(
    listed(
        "folder file document collection archive index text paper material week month year spring summer autumn winter"
    )
)
"""What "this" and "these" show without anything having been said."""
OPEN = re.compile(r"who|whom|whose|what|which|when|where|why|how", re.I)
VERB = re.compile(r"is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|must", re.I)
ASKING_ZH = re.compile(r"谁|什么|哪|几|多|怎|为何|吗|是否|有没有|如何")
BARE_ZH = re.compile(
    r"(?:[在从到向跟和是有要会又的了呢吗啊呀于由]|什么(?:时候|地方|样)?|为(?:什么|何)|何[时地]|谁|怎么样?|怎样|如何|"
    r"哪[里儿个些位年月天]?|几[个年月天点位次]?|多(?:少钱?|久|长|大|高|重|远|深|快)?|时间)+"
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
    """Whether a question leans on what was said before; one that is complete in itself does not."""
    said = question.strip()
    if _points(said):
        return True
    if language_of(said) == "zh":
        return bool(LEADS.match(said) or _ask_back(said) or BARE_ZH.fullmatch(said.rstrip("?\uff1f。!\uff01 ")))
    if names_in(said):
        return _ask_back(said) is not None
    return bool(LEADS.match(said)) or _is_bare(said)


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
        found = [" ".join(run).removesuffix("'s").removesuffix("’s") for run in name_runs(plain)]
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


def _points(question: str) -> bool:
    """Whether a word of the question stands for something said before it."""
    pointing = list(POINTS.finditer(question))
    if language_of(question) == "zh":
        named = min((question.find(name) for name in names_in(question)), default=len(question))
        return any(found.start() < named or not OWN_ZH.match(question, found.start()) for found in pointing)
    if pointing:
        return True
    words = read(question).words
    names = {word for name in names_in(question) for word in name.split()}
    named = False
    for at, word in enumerate(words):
        before, text = words[at - 1].text.lower() if at else "", word.text.lower()
        follows = words[at + 1].tag if at + 1 < len(words) else ""
        shown = words[word.head].text.lower() if word.dep == "det" else ""
        if (
            (text in PERSONS and not named)
            or (text in THINGS and not (text == "its" and named) and not ITS_OWN.search(question))
            or (text in SHOWING and word.tag == "DT" and shown.removesuffix("s") not in AT_HAND)
            or (text in ("there", "then") and word.tag == "RB")
            or (text == "one" and word.tag != "PRP" and before in ("the", "this", "that", "which"))
            or (text in ("former", "latter") and not follows.startswith("NN"))
        ):
            return True
        named = named or word.text in names
    return False


def _is_bare(question: str) -> bool:
    """Whether hardly more than a question word is asked, or a thing without a verb: "Since when?", "The crew?" """
    words = re.findall(r"[^\W_]+", question)
    if len(words) > 3 or any(VERB.fullmatch(word) for word in words):
        return False
    return any(OPEN.fullmatch(word) for word in words[:2]) or words[:1] in (["the"], ["The"])


def _ask_back(question: str) -> str | None:
    """What is asked about in place of what was asked about before: "the Kittiwake" of "And the Kittiwake?" """
    found = ASK_BACK.match(question) or ASK_BACK_ZH.match(question)
    what = found["what"].strip() if found else ""
    first = what.split()[0] if what else ""
    if not what or LEADS.fullmatch(what) or OPEN.fullmatch(first) or VERB.fullmatch(first) or ASKING_ZH.search(what):
        return None
    return what


def _carried(question: str, turns: Sequence[Turn]) -> str:
    """Without a model: the last question with the new name in it, else the question with the last names behind it."""
    last = turns[-1]
    before = names_in(last.question)
    asked = _ask_back(question.strip())
    if asked and before and not _points(asked) and (names_in(question) or language_of(question) == "zh"):
        return last.question.replace(before[0], asked, 1)
    carried = before
    for turn in reversed(turns[-TURNS:]):
        carried = carried or names_in(turn.question) or names_in(turn.answer)[:1]
    fresh = [name for name in carried if name not in question][:CARRIED]
    if not fresh:
        return question
    return f"{question}({'、'.join(fresh)})" if language_of(question) == "zh" else f"{question} ({', '.join(fresh)})"
