"""A name taken apart: what is left to compare when titles, suffixes and spelling are put aside."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from graph.words import (
    LEGAL,
    MEN,
    ORDINALS,
    SHIPS,
    SPELT_OUT,
    TITLES,
    WOMEN,
    ZH_LEGAL,
    ZH_NATION,
    ZH_PLACES,
    ZH_TITLES,
)

ARTICLES = ("the", "a", "an")
PEOPLE = frozenset({"person", "name", "title"})


_APOSTROPHES = str.maketrans("’‘ʼ`´", "'''''")
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})
_WORD = re.compile(r"[^\W_]+(?:[.'][^\W_]+)*\.?")
_HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿]")
_BRACKETS = re.compile(r"\s*\(([^()]*)\)\s*$")
_BORN = re.compile(r"(?:n[ée]e|born|formerly|also)\b")
_ACRONYM = re.compile(r"(?:[A-Z]\.?){2,6}s?|[A-Z][A-Za-z&-]{1,5}[A-Z]")


@dataclass(frozen=True, slots=True)
class Form:
    """A name, taken apart.

    ``key`` is what two spellings of one name share; ``words`` are its words. ``titles`` stood before the name (or,
    in Chinese, behind), ``bracket`` behind it to tell it from others ("1948 film"), ``ordinal`` too ("jr", "iii").
    """

    key: str
    words: tuple[str, ...]
    titles: tuple[str, ...]
    bracket: str
    ordinal: str
    han: bool
    acronym: bool

    @property
    def full(self) -> str:
        """The key with what tells it from others of its name."""
        return f"{self.key}|{self.ordinal}|{self.bracket}" if self.ordinal or self.bracket else self.key

    @property
    def gender(self) -> str:
        """What the titles say: "woman", "man" or ""."""
        if not WOMEN.isdisjoint(self.titles):
            return "woman"
        return "" if MEN.isdisjoint(self.titles) else "man"


def fold(text: str) -> str:
    """Lower case, half width, without accents."""
    if text.isascii():
        return text.casefold()
    text = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES))
    return "".join(c for c in text if not unicodedata.combining(c)).casefold().translate(_LETTERS)


def form_of(name: str) -> str:
    """The words of a name in lower case and half width, without accents, possessives and a leading article."""
    return _plain(name)


@lru_cache(maxsize=1 << 16)
def parse(name: str, kind: str) -> Form:
    """Take a name apart. The kind decides what counts as a title or suffix."""
    name = unicodedata.normalize("NFKC", name)
    bracket = _BRACKETS.search(name)
    inside = ""
    if bracket and bracket.start():
        name = name[: bracket.start()]
        inside = "" if _BORN.match(bracket[1]) else _plain(bracket[1])
    if _HAN.search(name):
        return _chinese(name, kind, inside)
    words = _plain(name).split()
    acronym = _ACRONYM.fullmatch(name.removeprefix("the ").removeprefix("The ").strip()) is not None
    titles: list[str] = []
    ordinal = ""
    if kind in PEOPLE:
        while len(words) > 1 and words[0] in TITLES:
            titles.append(words.pop(0))
        if len(words) > 1 and words[-1] in ORDINALS:
            ordinal = {"junior": "jr", "senior": "sr"}.get(words[-1], words[-1])
            words.pop()
    if kind != "person":
        while len(words) > 1 and words[-1] in LEGAL:
            words.pop()
        if len(words) > 2 and words[-1] == "company":
            words.pop()
        if len(words) > 1 and words[0] in SHIPS and kind != "place":
            words.pop(0)
        words = [SPELT_OUT.get(w, w) for w in words]
    return Form(" ".join(words), tuple(words), tuple(titles), inside, ordinal, False, acronym)


def _chinese(name: str, kind: str, bracket: str) -> Form:
    key = _plain(name)
    titles: list[str] = []
    if kind in PEOPLE:
        for title in ZH_TITLES:
            if key.endswith(title) and len(key) > len(title):
                titles.append(title)
                key = key.removesuffix(title)
                break
    if kind == "person" and len(key) == 2 and key[0] in "老小阿":
        titles.append(key[0])
        key = key[1]
    if kind != "person":
        for suffix in ZH_LEGAL:
            if key.endswith(suffix) and len(key) > len(suffix) + 1:
                key = key.removesuffix(suffix)
                break
    if kind in ("place", "name") and len(key) > 2 and key.endswith(ZH_PLACES):
        key = key[:-1]
    if kind != "place":
        for nation in ZH_NATION:
            if key.startswith(nation) and len(key) > len(nation) + 3:
                key = key.removeprefix(nation)
    words = tuple(w for w in re.split(r"[·・•]", name) if w) if "·" in name or "・" in name or "•" in name else (key,)
    return Form(key, words, tuple(titles), bracket, "", True, False)


@lru_cache(maxsize=1 << 16)
def _plain(name: str) -> str:
    text = fold(name).translate(_APOSTROPHES).replace("&", " and ")
    words = [w.rstrip(".").removesuffix("'s").replace(".", "").replace("'", "") for w in _WORD.findall(text)]
    words = [w for w in words if w]
    if len(words) > 1 and words[0] in ARTICLES:
        words = words[1:]
    return ("" if _HAN.search(name) else " ").join(words) or name.casefold().strip()
