"""Tell whether a Chinese sentence says the opposite of its source, without a parser.

What follows a negator is what it denies; words with a negator inside ("禁止" = not allow) are written out first.
"""

import re

from retrieve.support.han_clauses import CLAUSE
from retrieve.support.names import segmented
from retrieve.support.words import listed

# What a negator is part of without denying anything.
SPARED = re.compile(
    r"不但|不仅|不过|不断|不久|不少|不同(?!意)|不管|不论|无论|差不多|无线|非常|未来|非洲|别人|特别|区别|分别|级别|性别|不锈钢|没收|无锡|"
    r"不[能得可应许]?(?:以)?(?:超过|多于|高于|大于)|无数|否则|是否|能否|不得不|不妨|不料|不时|莫[雷斯罗扎]|未必|不愧|无非|除非|告别|个别|不到|不足|没有?问题|不够|请?勿超过|无限|了不起|对不起|只不过|"
    r"[\d零一二两三四五六七八九十百千万]+票反对|反对票"
)
NEGATOR = re.compile(r"没有|并非|从未|从没|绝不|毫无|不再|不曾|未曾|不|没|未|无|非|勿|莫(?=[要再])|别(?=[再去把让])")
# Words with a negator inside, as negator and what is denied; and plain ones under one name.
INSIDE = [
    (re.compile(pattern), parts)
    for pattern, parts in (
        (r"严?禁止?(?=[\w])|不许|不准|不得|不可以|不能够?|不可(?=\w)|不让|"
         "不允许|谢绝|请?勿|不要|不宜|不应该?|不该", "不"),
        (r"(?<!不)(?:可以|准许|许可|允许|能够|可(?=[养载借用带]))", ""), ("免费|免票|免收", "不收费"), ("不予", "不"),
        ("(?<!严)禁(?=[食烟酒用养烧鸣])", "不"),
        ("拒绝", "不接受"), ("反对", "不同意"), ("否决", "不通过"), ("否认", "不承认"), ("赞成|支持", "同意"),
        ("取消|停止|暂停", "不进行"), ("不(?:包)?含", "不包括"), ("(?<!包)含(?!量)|包含", "包括"),
        ("缺乏|缺少", "没有"), ("亏损", "不盈利"), ("靠不住", "不可靠"),
        ("无效(?!果)", "没有效果"), ("有效(?!果)", "有效果"), ("停业|打烊|(?<=[周期拜一二三四五六日天])休息", "不营业"),
        ("忘记", "不记得"), ("讨厌", "不喜欢"), ("失败", "不成功"), ("缺席", "不出席"), ("除外", "不包括"),
        ("闭馆|关门|歇业|关闭|关(?=[了上掉]|$)", "不开放"), ("不许?必|无需|无须|不用|不需要?", "不需"),
    )
]  # fmt: skip
ALWAYS = re.compile(r"没有人|没人|无人")
PAIRS = """增长 增加 上升 提高 上涨 升高 增多 增大 | 下降 减少 降低 下跌 减小 回落
扩大 变大 扩建 增大 | 缩小 变小
多于 高于 超过 以上 大于 | 少于 低于 不足 以下 小于
最多 至多 | 最少 至少
最高 | 最低
最大 | 最小
开始 | 结束
开工 开幕 | 完工 竣工 闭幕
买 买入 购买 收购 | 卖 卖出 出售
进口 | 出口
赢 胜 战胜 | 输 败 战败
快 | 慢
冷 | 热
强 | 弱
首次 第一次 | 最后一次
公开 | 秘密
安全 | 危险
新 | 旧
长 | 短
多 | 少
高 | 低
大 | 小"""
# Opposites that no negation elsewhere in the clause makes good.
PLACES = """东 | 西
南 | 北
左 | 右
上午 早上 早晨 | 下午 晚上 夜里
早 提前 | 晚 推迟 延后 推后 延迟
前 之前 以前 | 后 之后 以后
男 | 女
全部 所有 全体 一切 都 | 部分 大部分 多数 少数 一些 有的 有些
进口 | 出口"""


def _table(text: str) -> list[tuple[list[str], list[str]]]:
    sides = [[side.split() for side in line.split("|")] for line in text.splitlines()]
    return [(a, b) for a, b in sides] + [(b, a) for a, b in sides]


OPPOSITES, FIXED = _table(PAIRS), _table(PLACES)
HELPERS = frozenset(
    listed("的 了 过 在 曾 被 经 有 再 把 给 用 从 对 向 去 来 应 应该 该 能 会 要 必 得 想 需 予 曾经 已 已经 进行")
)
CLAUSE_END = re.compile(r"[,。;!?:\n]")
# What is denied only as long as nobody has agreed to it.
WITHOUT_LEAVE = re.compile("未经|不经|未获|没有[^,。;]{1,8}[不禁]|前,[^。;]{0,12}[不未禁]")
LEAVE = re.compile("没|未|后|经|同意|批准|许可|授权|先|只有|才")
UNASKED = re.compile("无需|不需|不用|不必|无须|未经|不经|擅自|自行|随意")


def contradiction_zh(sentence: str, source: str) -> str:
    """What makes a Chinese sentence say the opposite of its source, or an empty string."""
    if WITHOUT_LEAVE.search(source) and LEAVE.search(sentence) and not UNASKED.search(sentence):
        return ""
    theirs = CLAUSE.findall(source)
    grouped: dict[str, list[str]] = {}
    for clause in CLAUSE.findall(sentence):
        score, best = max(((_overlap(clause, other), other) for other in theirs), default=(0.0, ""))
        if score >= 0.3:
            grouped.setdefault(best, []).append(clause)
    for best, ours in grouped.items():
        mine, other = "".join(ours), best
        fixed = _flip(mine, other, source, FIXED)
        if fixed:
            return f"{fixed[0]},而原文是{fixed[1]}"
        if _turned(mine, other) and mine[-1] == other.split("比", 1)[1].strip("了。")[len(_sides_of(other)[1]) :][:1]:
            return "与原文的比较相反"
        bare, against = plain(mine), plain(other)
        said = _sign(bare, against, plain(source))
        if said:
            return said
        flip = None if _turned(mine, other) else _flip(mine, other, other, OPPOSITES)
        if flip and not (len(NEGATOR.findall(bare)) + len(NEGATOR.findall(against))) % 2:
            return f"{flip[0]},而原文是{flip[1]}"
    return ""


def _sign(mine: str, other: str, source: str) -> str:
    """Whether one denies what the other affirms: first by the denied words, then by the number of negators."""
    ours, theirs, all_theirs = _denied(mine), _denied(other), _denied(source)
    if len(ours) > 1 or len(theirs) > 1:  # "not without": only the parity says something
        return "" if len(ours) % 2 == len(theirs) % 2 else "与原文肯定否定相反"
    for deed, around in ours:
        if any((around | {deed}) & (wide | {theirs_deed}) for theirs_deed, wide in all_theirs):
            return ""
        if deed and deed in other and "不包括" not in source:
            return f"原文肯定“{deed}”"
    if not ours:
        for deed, around in all_theirs:
            if len(deed) > 1 and deed in mine and ((deed, around) in theirs or source.count(deed) == 1):
                return f"原文否定“{deed}”"
    if ours and not theirs and _overlap(mine, other) >= 0.4:
        return "与原文肯定否定相反"
    return ""


def _denied(text: str) -> list[tuple[str, frozenset[str]]]:
    """What each negator denies, the first verb or else the first word after it, and the few words around that."""
    out = []
    for m in NEGATOR.finditer(text):
        words = [(w, f) for w, f in segmented(CLAUSE_END.split(text[m.end() : m.end() + 14])[0]) if w not in HELPERS]
        deed = next((w for w, f in words[:3] if f[:1] in "va"), words[0][0] if words else "")
        out.append((deed, frozenset(w for w, _ in words[:6])))
    return out


def plain(text: str) -> str:
    """The text with words that hold a negator written out, and phrases that hold one and deny nothing left out."""
    text = ALWAYS.sub("没有人", SPARED.sub("", text))
    for pattern, parts in INSIDE:
        text = pattern.sub(parts, text)
    return re.sub("不不|不无|没有?不", "", text)


def _overlap(a: str, b: str) -> float:
    mine = set(re.findall(r"\w", a))
    return len(mine & set(b)) / len(mine) if mine else 0.0


def _flip(mine: str, other: str, source: str, table: list[tuple[list[str], list[str]]]) -> tuple[str, str] | None:
    """A word of the sentence whose opposite stands in the source clause, where neither has both."""
    for ours, against in table:
        a = [w for w in ours if _has(mine, w)]
        b = [w for w in against if _has(other, w)]
        if a and b and not any(_has(source, w) for w in ours) and not any(_has(mine, w) for w in against):
            return a[0], b[0]
    return None


def _sides_of(text: str) -> tuple[str, str]:
    """What a comparison sets before and after its "比": the nouns nearest to it."""
    before, _, after = text.partition("比")
    left = [w for w, f in segmented(before) if f.startswith("n")]
    right = next((w for w, f in segmented(after) if f.startswith("n")), "")
    return (left[0] if left else "", right)


def _turned(mine: str, other: str) -> bool:
    """Whether two comparisons name their sides the other way round, so that opposites agree."""
    if "比" not in mine or "比" not in other:
        return False
    names = [w for w, f in segmented(mine.split("比")[0]) if f.startswith("n")]
    return any(w in other.split("比", 1)[1] for w in names)


def _has(text: str, word: str) -> bool:
    """Whether the word stands there; a single character only as a word or with a side's ending."""
    if len(word) > 1:
        return word in text
    if word in "多少高低大小早晚快慢长短强弱" and re.search(f"比[^,]+{word}(?:$|[了得\\d一二三四五六七八九十])", text):
        return True
    words = {w for w, _ in segmented(text)}
    sides = (word, *(word + end for end in "侧部方边面组了"), "比" + word)
    return any(w in words for w in sides) or (word in "前后" and bool(re.search(f"[餐饭年天时]{word}", text)))
