"""What kind of thing a question wants to know, and whether a sentence has one to offer."""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["", "money", "phone", "age", "weight", "length", "speed", "time", "duration", "number", "reason", "name",
               "place"]  # fmt: skip

# A number in figures, in English words or in Chinese ones.
NUMBER = (
    r"(?:\d[\d.,:]*|[零一二两三四五六七八九十百千万]+|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|"
    r"ninety|hundreds?|thousands?|millions?|dozen|half|once|twice|one|no|none|nobody)\b)"
)
CAPITALISED = r"\b[A-Z][\w’'-]+"
# Surnames that are seldom anything else: 方, 时, 向 and their like stand in every sentence.
SURNAMES = (
    "王李张刘陈杨赵吴徐孙胡郭罗郑梁谢宋唐许韩冯邓曹彭曾肖董袁潘蒋蔡杜苏魏吕丁沈姚卢崔钟谭陆汪范廖贾韦邹孟熊秦邱尹薛闫侯"
    "黎贺顾龚邵戴莫葛林周黄"
)
CHINESE_NAME = rf"[{SURNAMES}][一-鿿]{{1,2}}|[一-鿿]+[·・][一-鿿]+|[一-鿿](?:先生|女士|师傅|小姐|经理|船长|老师|老太)"

LENGTHS = r"metres?|meters?|miles?|km|feet|centimetres?"

# kind, how a question asks for it, what offers it; the first kind that fits the question counts.
_KINDS: tuple[tuple[Kind, str, str], ...] = (
    ("money",
     r"\b(?:cost|price|pay|paid|salary|salaries|wage|earn|fee|fine|fare|rent|income|profit|revenue|worth|spend|spent|"
     r"charge|penalty|turnover|allowance|due)s?\b|多少钱|价格|费用|造价|工资|年薪|薪水|利润|收入|票价|罚款|退休金|金额|报价",
     NUMBER + r"[^.。;；]{0,12}(?:crowns?|yuan|euros?|dollars?|pounds?|克朗|元|million|per cent|%)|[$€£¥]|\bfree\b|"
     r"免费|\d{1,3},\d{3}|\d\.\d\d\b"),
    ("phone", r"(?:tele)?phone number|extension|电话", r"(?<![\d.,])(?!(?:1[5-9]|20)\d\d\b)\d{3,}(?![\d,])(?:-\d+)*"),
    ("age", r"\bhow old\b|多大年纪|几岁|多少岁", r"\b\d\d?\b|\bborn\b|aged|岁|years old|[a-z]+-?[a-z]* years"),
    ("weight", r"\bhow heavy|\bweigh|多重|重量", NUMBER + r"[^.。]{0,6}(?:tonnes?|tons?|kg|kilos?|吨|公斤|斤|克)"),
    ("length", r"\bhow (?:tall|deep|wide|high|far)\b|\b(?:length|depth|height|width|draught)\b|多[高长深远]",
     NUMBER + rf"[^.。]{{0,8}}(?:{LENGTHS}|米|里|公里)"),
    ("speed", r"\bhow (?:fast|quickly)\b|\bspeed\b|knots|多快|多少节",
     NUMBER + r"[^.。]{0,12}(?:knots?|节|km|miles|mph|rpm|revolutions|seconds?|minutes?|秒)"),
    ("time",
     r"^(?!\W*(?:what|who|whom|whose|which|why|where|how)\b).*\bwhen\b|\bwhen\W*$|"
     r"\b(?:and when|what (?:time|day|date|year)|(?:which|what) (?:day|date|year|month)|since when|"
     r"how (?:late|early|soon))\b|哪一?[年月天日]|什么时候|何时|几[点月号时]|日期",
     r"\b1\d\d\d\b|\b20\d\d\b|\d{1,2}:\d\d|\b\d{1,2}(?:\.\d\d)? ?(?:[ap]\.?m\b|o[’']clock)|"
     r"\b(?:on|from|until|till|by|since|every|each) (?:Mon|Tue|Tues|Wed|Thu|Thur|Thurs|Fri|Sat|Sun)\b|"
     r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b|[年月日点时天]|"
     r"\b(?:morning|evening|noon|night|Christmas|Easter|spring|summer|autumn|winter|(?:day|week|month|year)s?)\b|"
     r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b"),
    ("duration", r"\bhow long\b|多久|几[天年]|多长时间",
     NUMBER + rf"[^.。]{{0,12}}(?:minutes?|hours?|days?|weeks?|months?|years?|{LENGTHS}|分钟|小时|天|年|月|周|星期)"),
    ("number", r"\bhow (?:many|often|much)\b|多少|几[个名位次只箱把封份]|百分之几|percentage|\bshare\b|号码|\bnumber\b",
     NUMBER),
    ("reason", r"\b(?:why|reason|cause)\b|为什么|为何|原因|怎么[会搞]",
     r"\b(?:because|since|so that|in order|as|due|therefore|reason|owing|to)\b|因|由于|所以|为了|怕"),
    ("name",
     r"\b(?:who|whom|whose|name|(?:which|what) (?:man|woman|person|captain|doctor|company|bank|yard|lender|school))\b|"
     r"谁|哪[位家个]|叫什么|什么名字",
     f"{CAPITALISED}|{CHINESE_NAME}|名叫|名为|叫[做作]|取名|起名|绰号|外号|称[为作]"),
    ("place", r"\b(?:where|which (?:town|city|place|island|country|street|university))\b|哪里|哪儿|什么地方|在哪|哪所",
     rf"{CAPITALISED}|\b(?:at|in|on|under|above|behind|near|beneath|beside|below|inside|outside|within|between|"
     r"opposite|next to)\b|[一-鿿]"),
)  # fmt: skip
MEASURED: frozenset[Kind] = frozenset(("money", "weight", "length", "speed", "duration"))
PRICE = re.compile(
    r"\b(?:price|cost|amount)s?\b|价格|单价|费用|金额", re.IGNORECASE
)  # a column of whatever is paid for
LABELLED = re.compile(r"([^\W\d_]+(?:_[^\W\d_]+)*)\s*[:=]\s*[$€£¥]?\d")  # "salary: 2000", "bollard_pull = 63"
_COMPILED = [(kind, re.compile(asks, re.IGNORECASE), re.compile(offers)) for kind, asks, offers in _KINDS]

IN_WORDS: dict[Kind, tuple[str, str]] = {
    "money": ("a sum of money", "金额"), "phone": ("a telephone number", "电话号码"), "age": ("an age", "年龄"),
    "weight": ("a weight", "重量"), "length": ("a length", "长度"), "speed": ("a speed", "速度"),
    "time": ("a time", "时间"), "duration": ("a duration or a length", "时长"), "number": ("a number", "数目"),
    "reason": ("a reason", "原因"), "name": ("a name", "名字"), "place": ("a place", "地点"),
}  # fmt: skip
"""Each kind as it is named to people, in English and in Chinese."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The kind of answer a question wants, empty where it does not say, and what offers one."""

    question: str
    kind: Kind
    offer: re.Pattern[str] | None

    def offered(self, text: str) -> bool:
        """Whether the text has such a thing that the question itself does not already have."""
        return self.offer is None or any(
            found.group().lower() not in self.question for found in self.offer.finditer(text)
        )


def wanted_by(question: str) -> Wanted:
    """Tell what kind of answer a question wants."""
    for kind, asks, offers in _COMPILED:
        if asks.search(question):
            return Wanted(question.lower(), kind, offers)
    return Wanted(question.lower(), "", None)
