"""A question about the whole folder, as its documents may say it: in either language, without what is only asking."""

import re
from dataclasses import dataclass

from clew.language import HAN, language_of
from retrieve.content import EMPTY, content_words, terms
from retrieve.crossing import Names, across, translation
from retrieve.groups import Group, group
from retrieve.support.names import segmented
from retrieve.support.words import listed

ABOUT = frozenset().union(
    *map(
        terms,
        listed(
            "document paper folder collection file text everything main mainly topic subject theme summary summarise "
            "summarize overview story describe draw tell write written across together list"
        ),
    )
)
"""Terms that speak of the folder and of the answer, not of what the documents tell."""
WHOLE = frozenset().union(
    *map(terms, listed("document folder collection file summary summarise summarize overview topic theme"))
)
WHOLE_HAN = re.compile("文件夹?|文档|资料|内容|主题|概括|概述|总结")
"""Those that ask of the folder as a whole."""
ABOUT_HAN = re.compile(
    "文件夹?|文档|资料|文字|内容|主题|主要|概括|概述|总结|所有|全部|这[批些]|哪[些几]|列出|一下|讲了?"
)
NAME = re.compile(r"(?<!^)\b[A-Z][a-z]{2,}\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """``said`` are the groups to look for in documents of the question's ``language``, ``carried`` in others;
    ``named`` and ``sounding`` those of them that are names; ``english`` the question in English, as far as it goes."""

    language: str
    said: tuple[Group, ...]
    carried: tuple[Group, ...]
    named: tuple[Group, ...]
    sounding: tuple[Group, ...]
    english: str

    @property
    def general(self) -> bool:
        """Whether nothing in particular is asked of the folder."""
        return not self.said and not self.carried

    @property
    def carried_words(self) -> str:
        """What to look for in documents of the other language: every way of every word that could be carried."""
        return " ".join(term for one in self.carried for way in one.ways for term in way)

    def groups(self, language: str) -> tuple[Group, ...]:
        return self.said if language == self.language else self.carried

    def names(self, language: str) -> tuple[Group, ...]:
        return self.named if language == self.language else self.sounding


def own_words(question: str) -> tuple[Group, ...]:
    """The question's own words, each a group of one way; single Chinese characters, if they are things, where there is
    nothing else."""
    words = content_words(ABOUT_HAN.sub("，", question))
    found = {
        term: Group(word.text, ((term,),))
        for word in words
        for term in sorted(word.terms - ABOUT - EMPTY)
        if len(word.text) > 1
    }
    if not found and any(HAN.match(word.text) for word in words):
        things = {word for word, flag in segmented(question) if flag.startswith("n")}
        found = {word.text: Group(word.text, ((word.text,),)) for word in words if word.text in things}
    return tuple(found.values())


def asks_for_all(question: str) -> bool:
    """Whether a question asks of the folder as a whole and of nothing in it: "Summarise." """
    if own_words(question):
        return False
    return bool(WHOLE_HAN.search(question)) or any(word.terms & WHOLE for word in content_words(question))


def asking(question: str, names: Names, *, also: str = "") -> Asking:
    """Read a question. ``also`` are other words for its own, in either language."""
    language = language_of(question)
    told = ABOUT_HAN.sub("，", question)
    words = {term: one for one in own_words(question) for (term,) in one.ways}
    crossed = across(told, names)
    known = {word for word, _ in names.across(told)}
    carried = [group(*one) for one in crossed if not terms(one[0]) & (ABOUT | EMPTY)]
    for word in content_words(also):
        if language_of(word.text) == language:
            words |= {term: Group(word.text, ((term,),)) for term in sorted(word.terms - ABOUT)}
        else:
            carried.append(group(word.text, [word.text]))
    named = [group(word, [word]) for word in dict.fromkeys(NAME.findall(question))] if language == "en" else []
    return Asking(
        language=language,
        said=tuple(words.values()),
        carried=tuple(one for one in carried if one.ways),
        named=tuple(one for one in named if one.ways),
        sounding=tuple(one for one in carried if one.ways and one.word in known),
        english=question if language == "en" else translation(crossed),
    )
