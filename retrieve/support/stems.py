"""Reduce English words to what their forms share, and a text to its content words."""

import re
from functools import lru_cache

from retrieve.support.words import listed

STOP = frozenset(
    listed("""
    a an the this that these those it its he she they them his her their him we our us you your i my me who whom
    whose which what where when why how of in on at to from by for with without as into onto over under up down out
    off about and or but nor so if than then also too very just only still even both either neither each every all
    any some most more less much many few no not n't never be is are was were been being am do does did done doing
    have has had having will would shall should can could may might must there here because while although though
    since until after before during between among again further once own same other another such s t according one
    ones per via within upon around through against above below
""")
)
IRREGULAR = {
    form: base
    for line in listed("""
    be:is,are,was,were,been run:ran,running see:saw,seen give:gave,given take:took,taken find:found
    write:wrote,written build:built buy:bought sell:sold pay:paid lead:led leave:left hold:held keep:kept make:made
    say:said,says tell:told think:thought bring:brought teach:taught catch:caught begin:began,begun
    break:broke,broken choose:chose,chosen draw:drew,drawn drive:drove,driven fall:fell,fallen fly:flew,flown
    freeze:froze,frozen grow:grew,grown know:knew,known rise:rose,risen sing:sang,sung speak:spoke,spoken
    steal:stole,stolen throw:threw,thrown win:won lose:lost shoot:shot send:sent spend:spent lend:lent meet:met
    feel:felt mean:meant sit:sat stand:stood go:went,gone come:came become:became get:got,gotten
    forget:forgot,forgotten bear:born,borne feed:fed read:read sleep:slept die:died,dying child:children woman:women
    man:men foot:feet mouse:mice person:people,persons half:halves life:lives hit:hitting forbid:forbade,forbidden
    eat:ate,eaten hide:hid,hidden sink:sank,sunk swim:swam wear:wore,worn ride:rode,ridden understand:understood
    rebuild:rebuilt agree:agreed,agrees show:shown,showed death:dead
""")
    for base, _, forms in (line.partition(":"),)
    for form in forms.split(",")
}
INFLECTED = (("ings", ""), ("ing", ""), ("ied", "i"), ("ies", "i"), ("ed", ""), ("es", ""), ("s", ""))
DERIVED = listed("""
    ization isation ational fulness iveness ation ement ition ment ness ance ence ibl abl tion sion ist less alli
    ion est ful iti ous ive iv iz is er or li al
""")
WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A crude stem: irregular forms looked up, one inflection and one derivation cut while enough letters stay."""
    word = word.lower()
    word = IRREGULAR.get(word, word)
    for suffix, left in INFLECTED:
        if (
            word.endswith(suffix)
            and len(word) - len(suffix) >= 3
            and not (suffix == "s" and word.endswith(("ss", "us")))
        ):
            word = word[: -len(suffix)] + left
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    if len(word) > 3 and word[-1] == "e":
        word = word[:-1]
    elif len(word) > 3 and word[-1] == "y":
        word = word[:-1] + "i"
    for suffix in DERIVED:
        if word.endswith(suffix) and len(word) - len(suffix) >= (3 if suffix in ("er", "li") else 4):
            return word[: -len(suffix)]
    return word


@lru_cache(maxsize=4096)
def content(text: str) -> frozenset[str]:
    """The stems of a text's content words, hyphenated words also by their parts."""
    found = set()
    for word in WORD.findall(text.lower()):
        for part in (word, *word.split("-")):
            if part not in STOP and len(part) > 1:
                found.add(stem(part))
    return frozenset(found)
