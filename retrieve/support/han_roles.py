"""Find Chinese names that have changed places with one another."""

import re
from functools import lru_cache

from retrieve.support.han_clauses import clauses, contents, covered, near_synonyms, windows
from retrieve.support.names import HAN_NOT_NAMES, SURNAMES, segmented
from retrieve.support.words import listed

PARTIES = listed("""
    甲方 乙方 丙方 买方 卖方 供方 需方 出租方 承租方 出租人 承租人 房东 租客 租户 贷款人 借款人 原告 被告 委托人 受托人
    发包方 承包方 雇主 雇员 投保人 被保险人 保险公司 业主 物业 老师 学生 家长 医生 护士 患者 卖家 买家
""")
PARTY = re.compile("|".join(PARTIES))
CALLED = re.compile(
    rf"[老小阿][{SURNAMES}]|[{SURNAMES}](?:医生|大夫|老师|先生|女士|太太|教授|经理|主任|律师|师傅|警官|同学|某|护士)"
)
COMPANY = re.compile(r"[㐀-鿿]{2}(?:集团|控股|股份|公司|银行|科技|大学|学院|中学|小学|医院|酒店|剧院|协会|基金会)")
TITLED = re.compile(
    r"(?:(?<![㐀-鿿])|(?<=的))[㐀-鿿]{2,3}(?=医生|大夫|医师|教授|博士|老师|先生|女士|经理|主任|律师|法官|部长|市长|校长|队长)"
)
LATIN = re.compile(r"[A-Z][A-Za-z]+")
CLASSES = "队站县市区镇村省州岛湖河江山乡路街桥寺校院厂店馆所局部司社团"
PASSIVE = re.compile("被|由|从|给|受|向|把|对|遭|与|和|跟")
GIVER = "从向给对"


@lru_cache(maxsize=1024)
def mentions(text: str) -> tuple[str, ...]:
    """The names and parties of a text, and words that no dictionary has, in order."""
    import jieba

    out: list[str] = []
    taken: set[int] = set()
    for pattern in (CALLED, TITLED, PARTY, COMPANY, LATIN):
        for m in pattern.finditer(text):
            if not taken & set(range(*m.span())):
                taken |= set(range(*m.span()))
                out.append(m[0])
    at = 0
    words = [(w, f) for w, f in segmented(text)]
    for i, (word, flag) in enumerate(words):
        start, at = at, at + len(word)
        if taken & set(range(start, at)) or word in HAN_NOT_NAMES or not re.fullmatch(r"[㐀-鿿]+", word):
            continue
        name = word
        person = flag[:2] == "nr"
        new = not jieba.dt.FREQ.get(word) and flag[:1] in "n"
        if not person and not new and flag[:2] not in ("ns", "nt", "nz"):
            continue
        if person and flag != "nrt" and len(word) < 4 and word[0] not in SURNAMES and jieba.dt.FREQ.get(word):
            continue
        if person and len(word) == 3 and word[2] in "则也已将仍又均即":
            name = word[:2]
        if len(word) == 1:  # a surname cut off from its name
            continue
        before = words[i - 1][0] if i else ""
        if new and len(before) == 1 and before not in "的了在和与由被从向是为及" and words[i - 1][1][:1] in "fanbjv":
            name = before + word
        name = name.lstrip("了的把给在") if new else name
        if i + 1 < len(words) and len(words[i + 1][0]) == 1 and words[i + 1][0] in CLASSES:
            name += words[i + 1][0]
        out.append(name)
    return tuple(dict.fromkeys(out))


def exchanged_han(sentence: str, source: str) -> str:
    """A name that stands where the source has another one, or an empty string."""
    known = mentions(source)
    for mine in clauses(sentence):
        if len(contents(mine)) < 2:
            continue
        here = mentions(mine)
        for name in here:
            if not _in(name, source):
                continue
            rival = _rival(name, mine, here, source, known)
            if rival:
                return f"{name},而原文是{rival}"
        turned = _turned_round(mine, here, source)
        if turned:
            return turned
    return ""


def _rival(name: str, mine: str, here: tuple[str, ...], source: str, known: tuple[str, ...]) -> str:
    """Who does in the source what the clause says of ``name``."""
    own, best, found = 0.0, 0.0, ""
    for clause, window in windows(source):
        share = covered(mine, clause, (name,))
        said = window[max(0, window.find(name if name in window else name[:-1])) :]
        whole = covered(mine, said[said.find(",") + 1 :] if clause not in said else said, (name,))
        if _in(name, window):
            others = [n for n in mentions(clause) if not _in(n, mine) and not _in(name, clause)]
            lead = bool(others) and _leads(others[0], clause)
            if _owns(name, clause, mine):
                lead = any(not _in(n, mine) for n in mentions(clause))
            if not lead:
                own = max(own, whole)
                continue
        rivals = [n for n in known if n in clause and not any(_in(n, h) for h in here) and not _in(n, mine)]
        if not mentions(clause) and "," in window:
            speakers = [n for n in mentions(window.rsplit(",", 2)[-2]) if not _in(n, mine)]
            rivals, share = speakers[:1], covered(mine, window, (name,))
            rivals = [n for n in rivals if _kind(n) == _kind(name)]
            if rivals and share > best:
                best, found = share, rivals[0]
            continue
        rivals = [n for n in rivals if _leads(n, clause) or not _leads(name, mine)]
        rivals = [n for n in rivals if _kind(n) == _kind(name)]
        if rivals and share > best:
            best, found = share, rivals[0]
    return found if best >= 0.55 and best - own >= 0.2 else ""


def _owns(name: str, clause: str, mine: str) -> bool:
    """Whether a name only says in the source whose somebody is: "李娜的外婆"."""
    return name + "的" in clause and name + "的" not in mine


def _leads(name: str, clause: str) -> bool:
    """Whether a name is who does it: at the clause's head, behind a title, or after "由"."""
    at = clause.find(name)
    before = clause[:at]
    return at >= 0 and (
        at <= 6 or before.endswith(("的", "由", "被", "让", "请", "是", "为")) or bool(re.search("由|被", before))
    )


def _kind(name: str) -> str:
    if COMPANY.search(name):
        return "body"
    if PARTY.fullmatch(name):
        return "party"
    if name[-1] in CLASSES:
        return name[-1]
    if LATIN.fullmatch(name):
        return "latin"
    return "name"


def _in(name: str, text: str) -> bool:
    if name in text or text in name:
        return True
    return len(name) > 2 and name[-1] in CLASSES and name[:-1] in text


def _turned_round(mine: str, here: tuple[str, ...], source: str) -> str:
    """Two names around one verb in the other order, or the giver made the taker."""
    for clause, _ in windows(source):
        both = [n for n in here if n in clause and n in mine]
        if len(both) >= 2 and sorted(PASSIVE.findall(mine)) == sorted(PASSIVE.findall(clause)):
            a, b = sorted(both, key=mine.find)[:2]
            if clause.find(b) < clause.find(a):
                between, there = mine[mine.find(a) + len(a) : mine.find(b)], clause[clause.find(b) : clause.find(a)]
                verbs = {w for w, f in segmented(between) if len(w) > 1 and (f[:1] == "v" or w in near_synonyms())}
                if any(v in there for v in verbs):
                    return f"{a}与{b}在原文中相反"
        for name in both[:1]:
            at = clause.find(name)
            others = [n for n in mentions(clause) if n not in mine and clause.find(n) < at]
            if (
                at
                and clause[at - 1] in GIVER
                and mine.find(name) <= 2
                and others
                and covered(mine, clause, (name,)) >= 0.6
            ):
                return f"{name},而原文是{others[0]}"
    return ""
