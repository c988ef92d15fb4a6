"""How far an English and a Chinese name sound alike: Falk and 福尔克, Lin Wanqing and 林婉清.

A Chinese name is written in English by its pinyin, so those are compared letter for letter. A Western name is written
in Chinese by syllables that keep its consonants, so of those the consonants are compared first, in classes that
Chinese cannot tell apart (r and l; v, w and f), and only where every character is one that such names are written with.
"""

import re
from functools import lru_cache

WRITTEN_WITH = frozenset(
    "阿埃艾安奥巴芭班邦贝比彼毕波伯博布达戴丹德邓迪蒂丁杜顿多恩尔法菲芬弗福夫盖冈戈格葛古哈海汉亨胡华霍基吉加贾杰卡凯坎考科克肯库"
    "奎拉莱兰朗劳勒雷黎里丽利莉林琳卢鲁路伦罗洛吕马玛迈曼芒梅门蒙米密明摩莫默穆姆纳娜奈内尼妮宁纽努诺欧帕派潘佩彭皮珀普奇齐乔切琴"
    "让瑞若萨塞桑瑟森沙莎舍什史舒斯丝司苏素孙索塔泰坦唐汤特提廷图托瓦万威韦维温文沃乌伍西希锡夏肖谢辛雅亚扬耶叶伊依英因尤约泽扎詹珍"
    "朱兹佐"
)
"""The characters that Western names are mostly written with."""
READ = {"什": "shi", "亚": "a", "雅": "a", "塞": "sai"}  # as they are read in such names
ENOUGH = 0.35  # likeness of what is taken for one name

_INITIAL = re.compile(r"zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]?")
_CLASS = str.maketrans("fjrxzvcq", "wglsswkc")
_CLASS_OF_TWO = {"zh": "g", "ch": "c", "sh": "s", "c": "s", "q": "c"}
_ENGLISH = tuple(
    (re.compile(found), said)
    for found, said in (
        (r"[’'].*$", ""), (r"ph|gh$", "f"), (r"th", "t"), (r"sch|sh", "s"), (r"tch|ch", "C"), (r"ck|qu|q", "k"),
        (r"(?<=.)h(?=[^aeiou]|$)", ""), (r"c(?=[eiy])", "s"), (r"x", "ks"),
        (r"(?<=[aeiou])[yw](?=[^aeiou]|$)", ""), (r"(?<=[aeiou])r(?=[^aeiour]|$)", ""), (r"y(?=[^aeiou]|$)", ""),
        (r"[aeiou]+", ""),
    )
)  # fmt: skip
_TWICE = re.compile(r"(.)\1+")


def likeness(han: str, word: str) -> float:
    """How far one is the other as its language writes it: 0 where it is not, 1 where it is letter for letter."""
    from rapidfuzz import fuzz

    plain = "".join(letter for letter in word.lower() if "a" <= letter <= "z")
    if len(plain) < 3:
        return 0.0
    pinyin = spelled(han)
    if pinyin == plain:
        return 1.0
    mine, other = consonants(han), english(word)
    if len(mine) < 2 or not _same(mine, other):
        return 0.0
    return 0.9 * fuzz.ratio(_soft(pinyin), _soft(plain)) / 100


def spelled(han: str) -> str:
    """A Chinese name as English writes it, without spaces."""
    return "".join(map(_syllable, han))


@lru_cache(maxsize=50_000)
def consonants(han: str) -> str:
    """The consonants that a Chinese spelling of a Western name keeps; empty where it is no such spelling."""
    if not WRITTEN_WITH.issuperset(han):
        return ""
    heard = ""
    for nth, sound in enumerate(map(_syllable, han)):
        if sound == "er":
            heard += "l"
            continue
        found = _INITIAL.match(sound)
        initial = found.group() if found else ""
        if not (initial == "y" and nth == 0):
            heard += _CLASS_OF_TWO.get(initial) or initial.translate(_CLASS)
        if sound.endswith(("n", "ng")):
            heard += "n"
    return _TWICE.sub(r"\1", heard)


@lru_cache(maxsize=50_000)
def english(word: str) -> str:
    """The consonants of an English name, in the same classes."""
    heard = word.lower()
    for found, said in _ENGLISH:
        heard = found.sub(said, heard)
    heard = "".join(letter for letter in heard if letter == "C" or "a" <= letter <= "z").translate(_CLASS)
    return _TWICE.sub(r"\1", heard.lower())


def _same(mine: str, other: str) -> bool:
    """Whether consonants agree, in a long name but for a last one that was left out."""
    if mine == other:
        return True
    short, long = sorted((mine, other), key=len)
    return len(short) > 3 and len(long) == len(short) + 1 and long.startswith(short)


def _soft(letters: str) -> str:
    return letters.translate(str.maketrans("rvcy", "lwki"))


@lru_cache(maxsize=10_000)
def _syllable(character: str) -> str:
    """The pinyin of a character, in small letters without tone."""
    from anyascii import anyascii

    return READ.get(character) or anyascii(character).lower()
