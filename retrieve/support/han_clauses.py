"""Cut a Chinese text into clauses and say how much of one stands in another, near-synonyms counted in."""

import re
from collections.abc import Callable, Collection
from functools import cache, lru_cache

from clew.language import HAN
from retrieve.support.names import segmented
from retrieve.support.numbers import HAN_DIGITS, han_value, numbers
from retrieve.support.words import listed

CLAUSE = re.compile(r"[^,。;!?:\n]+")
SENTENCE = re.compile(r"[^。;!?\n]+")
# Words that carry no content of their own: particles, modal verbs, negators, adverbs of degree and time.
EMPTY = frozenset(
    listed("""
    的 了 是 在 和 与 及 也 都 就 而 着 过 把 被 对 从 到 于 为 以 其 之 这 那 个 位 名 等 所 由 将 并 又 还 很
    更 最 要 会 能 可 说 有 不 没 未 没有 不再 可以 能够 应 应当 应该 必须 须 需要 需 得 不得 不能 不会 不可
    尚未 已 已经 曾 曾经 仍 仍然 则 便 才 只 只有 如果 若 如 因为 由于 因此 所以 但 但是 不过 然而 虽然 尽管
    并且 而且 或 或者 以及 他 她 它 他们 她们 其中 该 本 此 这个 那个 进行 表示 认为 中 里 上 下 后 前 时 者 人
    方 再 即 均 各 每 一 获 予 给 向 用 使用 让 使 作为 成为 之后 之前 以后 以前 期间
""")
)
ALIKE = """收购 买下 购入 购买 买
出售 卖掉 变卖 卖出 卖 售出
关闭 闭馆 停业 歇业 关门 停止开放
开放 营业 开门 开馆 接待
装修 翻修 翻新 整修 修缮
医生 大夫 医师
携带 带 随身带
禁止 不准 不许 严禁
上涨 涨价 提高 上调 增加 增长 上升 增多
下降 减少 下调 降低 下滑 回落
开始 启动 着手 起 开工
结束 完成 完结 竣工 完工
担忧 担心 忧虑
反对 不赞成 不同意
赞成 同意 支持 赞同
离职 离开 辞职 辞去 卸任
担任 出任 任
创办 创立 创建 成立 建立 创始人 创办人
设计 设计者 设计师 绘制
开发 编写 研发 写
告知 通知 告诉
游客 游人 旅客 访客 参观者
夺得 获得 赢得 取得 捧得 拿下
战胜 击败 打败 胜
失败 输 落败 败北
员工 职工 雇员 职员
位于 坐落 地处
大约 约 左右
居住 住 生活
去世 逝世 过世
出生 生于 诞生
建造 修建 兴建 建成 建
损坏 受损 破坏 损伤
死亡 遇难 丧生
受伤 负伤
迟到 晚到
喝 饮用 饮
吃 服用 进食 食用 食 服
拒绝 谢绝 推辞 回绝
批准 通过 核准
延期 推迟 延后
取消 撤销
购票 买票
保存 存放 储存 存 保管
归还 还 退还
缴纳 支付 交 付 缴付
打电话 电话 致电
必须 需 应 须
孩子 儿童 小孩
成人 大人 成年人
家长 父母
主教练 主帅
得分 分
首次 第一次 初次 首
冠军 第一名
陪同 陪 陪伴
进入 入内 入 进
用途 用处
修改 更改 改 变更 调整
恢复 还原
删除 删掉
显示 表明 说明
发现 找到
召开 举行 举办
"""


def clauses(text: str) -> list[str]:
    """The stretches between two marks."""
    return CLAUSE.findall(text)


@lru_cache(maxsize=1024)
def windows(text: str) -> tuple[tuple[str, str], ...]:
    """Each clause with what its sentence says before it."""
    out = []
    for sentence in SENTENCE.findall(text):
        before = ""
        for clause in CLAUSE.findall(sentence):
            out.append((clause, before + clause))
            before += clause + ","
    return tuple(out)


@lru_cache(maxsize=2048)
def arabic(text: str) -> str:
    """The text with its Chinese numerals in figures."""
    for number in reversed(numbers(text)):
        written = text[number.span.slice]
        if written and all(c in HAN_DIGITS or c in "十百千" for c in written):
            text = text[: number.span.start] + f"{han_value(written):g}" + text[number.span.end :]
    return text


@lru_cache(maxsize=4096)
def contents(text: str) -> tuple[str, ...]:
    """The content words of a text."""
    return tuple(
        w
        for w, flag in segmented(arabic(text))
        if w not in EMPTY and w != "1" and flag[:1] not in "uxpcyoq" and re.search(r"\w", w)
    )


def held(word: str, text: str) -> float:
    """How much of a word stands in a text: all, a near-synonym, or some of its characters."""
    if word in text:
        return 1.0
    if any(other in text for other in near_synonyms().get(word, ())):
        return 0.9
    characters = [c for c in word if HAN.match(c) and c not in EMPTY]
    return 0.7 * sum(c in text for c in characters) / len(characters) if characters else 0.0


def covered(part: str, text: str, without: Collection[str] = (), holds: Callable[[str, str], float] = held) -> float:
    """The share of the content words of ``part`` that ``text`` holds, long words counting more; ``holds`` says how much
    of a word a text has."""
    text = arabic(text)
    total = got = 0.0
    for word in contents(part):
        if any(word in w or w in word for w in without):
            continue
        weight = len(word) ** 0.5
        total += weight
        got += weight * holds(word, text)
    return got / total if total else 0.0


@cache
def near_synonyms() -> dict[str, frozenset[str]]:
    """Words of one meaning: the list above and the Chinese sides of the glossary."""
    from retrieve.crossing.words import pairs

    groups = [line.split() for line in ALIKE.splitlines() if line]
    groups += [chinese for _, chinese in pairs()]
    table: dict[str, set[str]] = {}
    for group in groups:
        for word in group:
            table.setdefault(word, set()).update(group)
    return {word: frozenset(others - {word}) for word, others in table.items()}
