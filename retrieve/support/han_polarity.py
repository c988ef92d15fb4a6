"""Tell whether a Chinese sentence affirms what its source denies, clause by clause, opposites counted as denials."""

import re
from functools import cache

from retrieve.support.chinese import LEAVE, NEGATOR, UNASKED, WITHOUT_LEAVE, plain
from retrieve.support.han_clauses import clauses, contents, covered, held, windows
from retrieve.support.words import listed

OPPOSED = """增长 增加 上升 提高 上涨 升高 增多 增大 上调 涨 | 下降 减少 降低 下跌 减小 回落 下调 下滑 降
扩大 变大 扩建 | 缩小 变小 缩减
成功 | 失败 未果
战胜 击败 打败 获胜 取胜 | 落败 输给 失利 败北 不敌
通过 获批 批准 | 否决 驳回
淡水 | 咸水
支持 赞成 同意 赞同 | 反对
开放 营业 | 关闭 闭馆 停业 歇业 关门
继续 保留 维持 | 停止 取消 放弃 终止 中止 停药 停用 废除 撤销
接受 | 拒绝 回绝
免费 | 收费 付费
提前 | 推迟 延后 延期
独自 单独 | 陪同 陪伴
强制 | 自愿
国内 | 国外
白天 | 夜间 夜里
室内 | 室外 户外
手动 人工 | 自动
公开 | 保密 秘密
盈利 | 亏损
出现 | 消失
承认 | 否认
有效 | 无效
正常 | 异常
涨价 | 降价
升级 | 降级
晋级 | 淘汰 出局
入选 当选 | 落选
上任 就任 | 卸任 离任
入职 | 离职 辞职
加入 | 退出
结婚 | 离婚
进口 | 出口
最早 | 最晚
最高 | 最低
最大 | 最小
饭前 餐前 空腹 | 饭后 餐后
顺时针 | 逆时针
上游 | 下游
满意 | 不满
乐观 | 悲观
喜欢 喜爱 | 讨厌
便宜 | 昂贵
宽松 放宽 | 严格 收紧
加快 加速 | 放慢 减缓 放缓
好转 改善 | 恶化
完好 | 损坏 受损
幸存 生还 | 遇难 死亡 丧生
赢得 | 失去 输掉
领先 | 落后
充足 充裕 | 不足 短缺 缺乏
安全 | 危险
拆除 拆掉 | 建造 修建 建成 保留
开始 | 结束
开工 | 完工 竣工
买入 购买 | 卖出 出售
多于 高于 超过 以上 大于 | 少于 低于 不足 以下 小于
表扬 称赞 赞扬 好评 | 批评 指责 差评
加热 | 冷却
松开 | 拧紧 系紧
打开 开启 | 关上 关掉 切断
独有 独享 | 共有 共享
直接 | 间接
永久 | 临时 暂时"""
# What sets something apart, so that the rest may be said to be otherwise.
APART = re.compile(
    r"只|仅|除|才[能会可]|以外|之外|其他|其余|平时|直到|之前不|前不|否则|并非所有|不都|是否|如果|若|的话|除非"
)
AVOIDING = re.compile(r"避免|防止|以免|切忌|忌|谨防|严防|杜绝")


def gainsaid_han(sentence: str, source: str) -> str:
    """What the sentence affirms and the source denies, or the other way round; an empty string where neither."""
    spans = windows(source)
    for mine in clauses(sentence):
        if APART.search(mine) or len(contents(mine)) < 2:
            continue
        agreeing, against, found = 0.0, 0.0, ""
        for theirs, window in spans:
            near = _nearness(mine, theirs, window, sentence)
            if len(contents(theirs)) + (_share(theirs, mine) >= 0.89) < 2:
                continue
            if _differ(mine, theirs):
                if near > against and not _excused(sentence, theirs, window, source):
                    against, found = near, theirs
            else:
                agreeing = max(agreeing, near)
        if found and against >= 0.6 and against - agreeing >= 0.08:
            return f"原文是“{found.strip()}”"
        denied = _only_denied(mine, sentence, source)
        if denied:
            return f"原文是“{denied.strip()}”"
    return ""


def _nearness(mine: str, theirs: str, window: str, sentence: str) -> float:
    """How far two clauses speak of the same thing, opposites counted as the same."""
    here, before = _share(mine, theirs), _share(mine, window)
    back = _share(theirs, sentence)
    return 0.0 if min(before, back) < 0.45 else 0.35 * here + 0.3 * before + 0.35 * back


def _share(part: str, text: str) -> float:
    return covered(part, text, NEGATIVE, _held_or_opposed)


def _held_or_opposed(word: str, text: str) -> float:
    """How much of a word stands in a text, its opposite counted as the word."""
    against = any(other in text for w in _opposites() if w in word for other in _opposites()[w])
    return max(held(word, text), 0.9) if against else held(word, text)


def _differ(mine: str, theirs: str) -> bool:
    """Whether one is denied and the other not, each pair of opposites turning it round."""
    mine, theirs = plain(AVOIDING.sub("不", mine)), plain(AVOIDING.sub("不", theirs))
    signs = len(NEGATOR.findall(mine)) + len(NEGATOR.findall(theirs))
    if signs % 2 and min(_reach(mine, theirs), _reach(theirs, mine)) < 0.5:
        return False
    flips = 0
    seen: set[str] = set()
    for word, others in _opposites().items():
        if word in mine and word not in theirs and word not in seen:
            against = [o for o in others if o in theirs and o not in mine]
            if against:
                flips += 1
                seen |= {w for w in _opposites() if set(_opposites()[w]) & set(against)}
    return (signs + flips) % 2 == 1


def _reach(a: str, b: str) -> float:
    """How much of what a clause denies the other speaks of."""
    found = [m.end() for m in NEGATOR.finditer(a)]
    return _share(a[found[0] :], b) if found and contents(a[found[0] :]) else 1.0


def _negators(text: str) -> list[str]:
    return NEGATOR.findall(plain(AVOIDING.sub("不", text)))


def _excused(sentence: str, theirs: str, window: str, source: str) -> bool:
    """Whether the source sets something apart, or denies only what is done without the leave that is spoken of."""
    if APART.search(theirs):
        return True
    return bool(WITHOUT_LEAVE.search(window) and LEAVE.search(sentence) and not UNASKED.search(sentence))


def _only_denied(mine: str, sentence: str, source: str) -> str:
    """The source's clause that denies something which the source names nowhere else and this clause affirms."""
    if _negators(mine):
        return ""
    for theirs, window in windows(source):
        if len(_negators(theirs)) % 2 == 0 or _excused(sentence, theirs, window, source) or APART.search(window):
            continue
        words = [w for w in contents(theirs) if not any(w in n or n in w for n in NEGATIVE)]
        if not words or not all(w in mine for w in words) or max(map(len, words)) < 2:
            continue
        rest = source.replace(theirs, "", 1)
        if not any(w in rest for w in words if len(w) > 1):
            return theirs
    return ""


NEGATIVE = frozenset(
    listed("不 没 未 无 没有 不能 不得 不可 尚未 未经 不再 无需 禁止 不会 不许 请勿 勿 避免 不准 不宜 不要 谢绝")
)


@cache
def _opposites() -> dict[str, tuple[str, ...]]:
    table: dict[str, set[str]] = {}
    for line in OPPOSED.splitlines():
        left, right = (side.split() for side in line.split("|"))
        for a, b in ((left, right), (right, left)):
            for word in a:
                table.setdefault(word, set()).update(b)
    return {word: tuple(sorted(others)) for word, others in table.items()}
