"""Find the numbers in a text, in English and Chinese, as values with units that can be compared."""

import re
from dataclasses import dataclass

from clew.records import Span
from retrieve.support.units import ALIKE, UNITS
from retrieve.support.words import listed, narrow

ONES = {
    w: i
    for i, w in enumerate(
        listed("""
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen
""")
    )
}
TENS = {w: 10 * i for i, w in enumerate(listed("twenty thirty forty fifty sixty seventy eighty ninety"), 2)}
ORDINALS = {
    w: i
    for i, w in enumerate(
        listed("""
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
    fifteenth sixteenth seventeenth eighteenth nineteenth twentieth
"""),
        1,
    )
}
SCALES = {"hundred": 100, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12}
SHORT = {"k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9, "百": 100, "千": 1e3, "万": 1e4, "亿": 1e8, "万亿": 1e12} | SCALES
MONTHS = {
    name: i
    for i, names in enumerate(
        listed("""
    january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sept|sep october|oct
    november|nov december|dec
"""),
        1,
    )
    for name in names.split("|")
}
FRACTIONS = {"half": 1 / 2, "third": 1 / 3, "quarter": 1 / 4, "thirds": 1 / 3, "quarters": 1 / 4, "halves": 1 / 2}

HAN_DIGITS = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
HAN_NUMBER = "[零〇一二两三四五六七八九十百千万亿]+"
MEASURES = (
    "万亿|亿|万|平方公里|平方米|个小时|个星期|个月|个人|小时|分钟|秒钟|点钟|公里|千米|厘米|毫米|英里|公斤|千克|公顷|千瓦时|摄氏度|"
    "欧元|美元|英镑|港元|日元|克朗|人民币|块钱|角钱|元钱|星期|毫升|毫克|千瓦|[年月日号天周点时秒米里克吨斤元块角毛名位人个辆本册"
    "票次遍倍岁户成条件座张家只头页章届层楼间艘台种项篇枚支群批场家艘所段份代度升亩节班趟集首幅棵匹件双对排列架期回顿杯瓶碗盒箱包袋门笔口颗粒根片幢栋站轮队组类]"
)
EN_WORD = "|".join(sorted([*ONES, *TENS, *SCALES], key=len, reverse=True))
PERCENT = r"%|‰|per\s?cent|percent|percentage points?|个百分点"
UNIT = "|".join(re.escape(u).replace("\\-", r"[\s-]") for u in sorted(UNITS, key=len, reverse=True))

TOKEN = re.compile(
    rf"""
      (?P<iso>\b(?P<y>[12]\d{{3}})[-/.](?P<mo>[01]?\d)[-/.](?P<d>[0-3]?\d)(?!\d))
    | (?P<version>(?<![\d.])\d+(?:\.\d+){{2,}}(?![\w.]*\w))
    | (?P<clock>(?<![\d.:])[0-2]?\d:[0-5]\d(?!\d))
    | (?P<decade>\b[12]\d\d0s\b)
    | 百分之(?P<hanpercent>{HAN_NUMBER}(?:点{HAN_NUMBER})?|\d+(?:\.\d+)?)
    | (?P<den>{HAN_NUMBER})分之(?P<num>{HAN_NUMBER})
    | (?P<hanhalf>一半|半数|半(?=[个年天小]))
    | (?P<digits>(?<![A-Za-z\d.])(?<![A-Za-z]-)(?:\d{{1,3}}(?:[, \u00a0\u2009\u202f']\d{{3}})+(?!\d)|\d+)(?:\.\d+)?)
      (?P<ordinal>(?:st|nd|rd|th)\b)?
    | (?P<han>(?<![\d.周])(?<!星期)(?<!礼拜){HAN_NUMBER}(?=\s?(?:{MEASURES})|\b|[^\w]|$)|(?<=第){HAN_NUMBER}
      |[二三四五六七八九]?十[一二三四五六七八九]
      |{HAN_NUMBER}(?=多))
    | (?P<words>\b(?:an?\s(?=hundred|thousand|million|billion|dozen)(?:{EN_WORD})|{EN_WORD})
      (?:(?:\s+and\s+|[\s-]+)(?:{EN_WORD}))*\b)
    | (?P<fractions>\b(?:(?P<times>one|two|three|a)[\s-])?(?P<fraction>half|halves|thirds?|quarters?)\b)
    | (?P<nth>\b(?:{"|".join(ORDINALS)})\b)
    | (?P<often>\b(?:twice|thrice|doubled?|twofold|tripled?)\b|\bonce\b)
    | (?P<month>\b(?:{"|".join(MONTHS)})\b\.?)
    """,
    re.X | re.I,
)
AFTER = re.compile(
    rf"\s?-?(?P<scale>(?:(?:hundred|thousand|million|billion|trillion)\b)|(?:mn|bn|k|m)\b(?!\s?/)|万亿|亿|万|千(?![米克瓦])|百)?"
    rf"[多余来]?\s?-?(?:(?P<percent>{PERCENT})|(?P<unit>(?:{UNIT})(?![a-z])))?",
    re.I,
)
RATE = re.compile(r"\s*(?:per|an?|each|every|/)\s*(hour|day|week|month|year)\b", re.I)
HAN_RATE = re.compile(r"每(?:个)?(小时|天|日|周|星期|月|年)[^,。;]{0,6}$")
RATES = {"小时": "hour", "天": "day", "日": "day", "周": "week", "星期": "week", "月": "month", "年": "year"}
ABOUT = re.compile(
    r"(?:about|around|roughly|approximately|some|nearly|almost|over|more than|under|less than|just|close to|"
    r"up to|circa|c\.|~|≈|约|大约|近|将近|超过|不到|不足|差不多|逾)\s*[€$£¥]?\s*(?:an?\s)?$",
    re.I,
)
ABOUT_AFTER = re.compile(r"\s?(?:or so|左右|上下|多|余)")
CURRENCY = re.compile(r"(US\$|[€$£¥])\s?$", re.I)
MERIDIEM = re.compile(r"\s?([ap])\.?m\b\.?", re.I)
HAN_HOURS = re.compile(r"(凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|深夜)$")
HEAD_STOP = re.compile(r"[,;:.!?。、()]|\d")
STOP = frozenset(
    listed("""
    of the a an in on at to and or by for with from were was is are as than that which into per
""")
)
ONE_WORDS = re.compile(r"一(?:致|起|样|些|直|定|般|旦|切|贯|律|边|面|方|向|度|再|同|带|生|共|时|手|流|如|味|番|点)")


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a text: ``value`` in the dimension's first unit where it has a ``unit``; percent as a fraction.

    ``rate`` is the period of "a month"; ``heads`` are the words that follow, which say what is counted;
    ``kind`` is number, month, decade, century, ordinal, version or loose
    ("double", which need not be one); ``written`` the figure as it stands there.
    """

    value: float
    span: Span
    unit: str = ""
    kind: str = "number"
    rate: str = ""
    about: bool = False
    heads: tuple[str, ...] = ()
    written: str = ""


def numbers(text: str) -> list[Number]:
    """Every number of the text, in order, dates as their parts."""
    text = narrow(text)
    found: list[Number] = []
    at = 0
    while m := TOKEN.search(text, at):
        found.extend(_read(text, m))
        at = max(m.end(), m.start() + 1)
        after = AFTER.match(text, m.end())
        if m["fractions"]:
            scale = re.match(r"\s+(?:of\s)?an?\s(?:hundred|thousand|million|billion|dozen)\b", text[at:], re.I)
            at += scale.end() if scale else 0
        if (m["digits"] or m["words"]) and after and after["scale"]:
            at = after.end("scale")
    return _with_days(text, found)


def same(wanted: Number, given: Number) -> bool:
    """Whether ``given`` is the number that ``wanted`` claims, in value, unit and rate."""
    if wanted.kind == "version" or given.kind == "version":
        return wanted.written == given.written
    if "month" in (wanted.kind, given.kind):
        return wanted.kind == given.kind and wanted.value == given.value
    if wanted.kind == "decade":
        return given.value // 10 == wanted.value // 10 and given.kind in ("number", "decade")
    if wanted.kind == "century":
        return (given.kind in ("century", "ordinal") and given.value == wanted.value) or (
            not given.unit and (given.value - 1) // 100 + 1 == wanted.value
        )
    if {wanted.kind, given.kind} == {"ordinal", "number"} and "ratio" in (wanted.unit, given.unit):
        part, whole = (wanted, given) if wanted.unit == "ratio" else (given, wanted)
        return _close(part.value, 1 / max(whole.value, 1), 1e-6)  # "a tenth" is 10 percent
    if wanted.rate and given.rate and wanted.rate != given.rate:
        return False
    if wanted.unit == "clock" and given.unit == "clock":
        return (wanted.value - given.value) % 12 == 0
    if wanted.unit and given.unit and wanted.unit != given.unit:
        if {wanted.unit, given.unit} not in ALIKE:
            return False
        if "calendar-year" in (wanted.unit, given.unit):
            years = [n.value / 12 if n.unit == "span" else n.value for n in (wanted, given)]
            return years[0] == years[1]
        days = [n.value / 86400 if n.unit == "time" else n.value for n in (wanted, given)]
        return days[0] == days[1]
    if {wanted.kind, given.kind} == {"ordinal", "number"} and "day-of-month" not in (wanted.unit, given.unit):
        return False
    slack = 0.06 if wanted.about and _figures(wanted) < _figures(given) else 1e-6
    if wanted.unit == given.unit:
        return _close(wanted.value, given.value, slack)
    # One of them stands without its unit: then only the figure itself can be compared.
    return _close(wanted.value, given.value, slack) or _close(bare_value(wanted), bare_value(given), slack)


def _figures(number: Number) -> int:
    """How many figures of the value say something: a number may be rounded to fewer."""
    return len(f"{number.value:.10g}".replace(".", "").strip("0"))


def bare_value(number: Number) -> float:
    """The figure as it is written, without its unit."""
    digits = number.written.replace(",", "")
    if re.fullmatch(r"\d+(?:\.\d+)?", digits):
        return float(digits)
    return _words(digits) if re.fullmatch(rf"(?:{EN_WORD}|[\s-]|and)+", digits, re.I) else number.value


def _close(a: float, b: float, slack: float) -> bool:
    return abs(a - b) <= slack * max(abs(a), abs(b))


def _read(text: str, m: re.Match[str]) -> list[Number]:
    span = Span(m.start(), m.end())
    if m["iso"]:
        year, month, day = int(m["y"]), int(m["mo"]), int(m["d"])
        return [
            Number(year, span, "calendar-year", written=m["y"]),
            Number(month, span, kind="month", written=m["mo"]),
            Number(day, span, "day-of-month", written=m["d"]),
        ]
    if m["version"]:
        return [Number(0, span, kind="version", written=m["version"])]
    if m["decade"]:
        return [Number(int(m["decade"][:-1]), span, kind="decade", written=m["decade"])]
    if m["month"]:
        name = m["month"].rstrip(".").lower()
        if name in ("may", "march", "mar", "jan", "sep", "dec") and not _is_month(text, m):
            return []
        return [Number(MONTHS[name], span, kind="month", written=m["month"])]
    if m["clock"]:
        hour, minute = m["clock"].split(":")
        return [Number((int(hour) + int(minute) / 60) + _afternoon(text, m), span, "clock", written=m["clock"])]
    if m["hanpercent"]:
        return [Number(_value(m["hanpercent"]) / 100, span, "ratio", written=m["hanpercent"])]
    if m["den"]:
        whole = han_value(m["den"])
        return [Number(han_value(m["num"]) / whole, span, "ratio", written=m[0])] if whole else []
    if m["fractions"]:
        return _fraction(text, m, span)
    if m["hanhalf"]:
        after = AFTER.match(text, m.end())
        unit = UNITS.get(after["unit"] or "", ("ratio", 1.0)) if after else ("ratio", 1.0)
        return [Number(0.5 * unit[1], span, unit[0], written=m[0])]
    if m["often"]:
        word = m["often"].lower()
        times = 1 if word == "once" else 3 if word[:2] in ("th", "tr") else 2
        kind = "number" if word in ("once", "twice", "thrice") else "loose"
        return [Number(times, span, "times", kind, written=m["often"])]
    if m["nth"]:
        century = text[m.end() : m.end() + 9].lower().startswith((" century", "-century"))
        return [Number(ORDINALS[m["nth"].lower()], span, kind="century" if century else "ordinal", written=m["nth"])]
    return _plain(text, m, span)


def _fraction(text: str, m: re.Match[str], span: Span) -> list[Number]:
    word, times = m["fraction"].lower(), (m["times"] or "a").lower()
    if word == "third" and not m["times"]:
        return [Number(3, span, kind="ordinal", written=m[0])]
    if text[m.end() : m.end() + 1] == "-" or (word != "half" and not m["times"]):
        return []
    value = FRACTIONS[word] * {"a": 1, "one": 1, "two": 2, "three": 3}[times]
    scale = re.match(r"\s+(?:of\s)?an?\s(hundred|thousand|million|billion|dozen)\b", text[m.end() :], re.I)
    if scale:
        after = AFTER.match(text, m.end() + scale.end())
        unit, factor = UNITS.get(after["unit"].lower(), ("", 1)) if after and after["unit"] else ("", 1)
        return [Number(value * SCALES[scale[1].lower()] * factor, span, unit, written=m[0])]
    timed = re.match(rf"\s+(?:of\s)?(?:an?\s)({UNIT})(?![a-z])", text[m.end() :], re.I)
    if timed:
        dimension, factor = UNITS[timed[1].lower()]
        return [Number(value * factor, span, dimension, written=m[0])]
    return [Number(value, span, "ratio", written=m[0])]


def _plain(text: str, m: re.Match[str], span: Span) -> list[Number]:
    """A figure, in digits, words or Chinese numerals, with the scale and unit that follow."""
    raw = m["digits"] or m["han"] or m["words"]
    if m["han"] and (ONE_WORDS.match(text, m.start()) or text[m.start() - 1 : m.start()] in ("统", "唯", "万")):
        return []
    value = _value(raw)
    kind, unit, rate = "number", "", ""
    if m["ordinal"] or text[m.start() - 1 : m.start()] == "第":
        kind = "century" if re.match(r"[\s-]century|世纪", text[m.end() : m.end() + 9], re.I) else "ordinal"
    after = AFTER.match(text, m.end())
    end = m.end()
    if re.match(r"世纪", text[m.end() : m.end() + 2]):
        kind = "century"
    elif after and not m["ordinal"]:
        end = after.end()
        if after["scale"]:
            value *= SHORT[after["scale"].lower()]
        if after["percent"]:
            value, unit = value / (1000 if after["percent"] == "‰" else 100), "ratio"
        elif after["unit"]:
            unit, factor = UNITS[
                re.sub(r"\s", "-", after["unit"].lower()) if " " in after["unit"] else after["unit"].lower()
            ]
            value *= factor
    if text[end : end + 1] == "月" and unit == "":
        return [Number(value, span, kind="month", written=raw)]
    if text[end : end + 1] == "成" and m["han"]:
        value, unit = value / 10, "ratio"
    money = CURRENCY.search(text, max(0, m.start() - 4), m.start())
    if money:
        unit, factor = UNITS[money[1].lower()]
        value *= factor
    if unit == "clock":
        value += _afternoon(text, m)
    elif MERIDIEM.match(text, m.end()):
        unit, value = "clock", value + _afternoon(text, m)
    per, before = RATE.match(text, end), HAN_RATE.search(text, max(0, m.start() - 12), m.start())
    if per:
        rate = per[1].lower()
    elif before:
        rate = RATES[before[1]]
    about = bool(ABOUT.search(text, max(0, m.start() - 24), m.start()) or ABOUT_AFTER.match(text, end))
    return [Number(value, span, unit, kind, rate, about, _heads(text, end), raw)]


def _heads(text: str, end: int) -> tuple[str, ...]:
    """Up to three words after a number, to the next mark or figure: what it counts."""
    stretch = HEAD_STOP.split(text[end : end + 40], maxsplit=1)[0]
    if re.match(r"\s*[㐀-鿿]", stretch):
        return tuple(re.sub(r"[的了在是和与]", "", stretch)[:4])
    words = re.findall(r"[a-z][a-z-]+", stretch.lower())[:3]
    cut = next((i for i, w in enumerate(words) if w in STOP), len(words))
    return tuple(w[:-1] if w.endswith("s") else w for w in words[:cut])


def _with_days(text: str, found: list[Number]) -> list[Number]:
    """Give a plain number beside a month's name the unit day-of-month, and a year after it calendar-year."""
    out: list[Number] = []
    for i, n in enumerate(found):
        if n.kind in ("number", "ordinal") and not n.unit and 1 <= n.value <= 31:
            before, after = found[i - 1] if i else None, found[i + 1] if i + 1 < len(found) else None
            near_after = (
                after
                and after.kind == "month"
                and re.fullmatch(r"(?:st|nd|rd|th)?\s*(?:of\s)?", text[n.span.end : after.span.start])
            )
            near_before = (
                before
                and before.kind == "month"
                and re.fullmatch(r"\s*(?:the\s)?", text[before.span.end : n.span.start])
            )
            if near_after or near_before:
                n = Number(n.value, n.span, "day-of-month", written=n.written)
        out.append(n)
    return out


def _is_month(text: str, m: re.Match[str]) -> bool:
    """Whether "May" or "March" is the month: capitalised, beside a figure or after a word that dates."""
    if not m[0][0].isupper():
        return False
    before, after = text[: m.start()], text[m.end() :]
    return bool(
        re.search(
            r"(?:\d|\d(?:st|nd|rd|th)|\b(?:in|of|since|until|till|by|last|next|early|late|mid|from|to|before|after|during))[\s-]*$",
            before,
            re.I,
        )
        or re.match(r"[\s,]*\d", after)
    )


def _afternoon(text: str, m: re.Match[str]) -> float:
    meridiem = MERIDIEM.match(text, m.end())
    han = HAN_HOURS.search(text, max(0, m.start() - 4), m.start())
    late = (meridiem and meridiem[1].lower() == "p") or (han and han[1] in ("下午", "傍晚", "晚上", "夜里", "深夜"))
    return 12 if late and int(re.match(r"\d+", m[0])[0] if m[0][0].isdigit() else 0) < 12 else 0  # type: ignore[index]


def _value(raw: str) -> float:
    if raw[0].isdigit():
        return float(re.sub(r"[, \u00a0\u2009\u202f']", "", raw))
    if raw[0] in "零〇一二两三四五六七八九十百千万亿":
        whole, _, part = raw.partition("点")
        return han_value(whole) + (float("0." + "".join(str(HAN_DIGITS[c]) for c in part)) if part else 0)
    return _words(raw)


def han_value(text: str) -> float:
    """The value of a Chinese numeral, read by places or, as years are, figure by figure."""
    if all(c in HAN_DIGITS for c in text):
        return float("".join(str(HAN_DIGITS[c]) for c in text))
    total = section = digit = 0
    for c in text:
        if c in HAN_DIGITS:
            digit = HAN_DIGITS[c]
        elif c in "十百千":
            section += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[c]
            digit = 0
        else:
            total = (total + section + digit or 1) * {"万": 10**4, "亿": 10**8}[c]
            section = digit = 0
    return float(total + section + digit)


def _words(text: str) -> float:
    total = group = 0.0
    for word in re.findall("[a-z]+", text.lower()):
        if word in ("and", "a", "an"):
            continue
        if word in ONES or word in TENS:
            group += ONES.get(word, 0) or TENS.get(word, 0)
        elif word in ("hundred", "dozen"):
            group = (group or 1) * SCALES[word]
        else:
            total += (group or 1) * SCALES[word]
            group = 0
    return total + group
