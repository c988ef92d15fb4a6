"""Bytes to text: what the bytes say of themselves, then UTF-8, then what reads like a language."""

import codecs
import re
import unicodedata

# The commonest characters of written Chinese, simplified and traditional. Text decoded by the wrong table hits
# them by chance once in ten or twenty characters, Chinese text every third.
_COMMON = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成"
    "方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使"
    "情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老"
    "给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目"
    "太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王"
    "象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运船港票号元价"
    "這個們來為國說時會對過發後經麼學當動還進樣開從實軍無與長機業將兩間問應戰頭體見產話員處義認條題變總電數報結務場計資統區隊"
    "決馬書則聽達強難權術領確傳師觀讓識帶導爭運號價碼頭錢"
)
_ENDS = re.compile(r"\r+\n|\r")
_MANY = 10  # characters of UTF-8 for each byte that is none
_NO_CONTROL = bytes(b for b in range(256) if not (b < 9 or 13 < b < 27 or 27 < b < 32 or b == 127))
_PAIR = re.compile(rb"[\x80-\xff]{2}")
_LEGACY_CHINESE = ("gb18030", "big5hkscs")
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)"""
    rb"""|<\?xml[^>]{0,80}?encoding\s*=\s*["']([A-Za-z0-9_:.-]+)""",
    re.I,
)
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "cp1252", "ascii": "cp1252", "big5": "big5hkscs"}


def decode(data: bytes, *, declared: bool = False) -> str:
    """Read ``data`` as text. ``declared`` believes the encoding that HTML or XML names in its first bytes."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    wide = _utf16(data)
    if wide:
        return data.decode(wide, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        cut = error.reason == "unexpected end of data"  # in the middle of a character, in what was UTF-8 until there
        if cut and not data[: error.start].isascii():
            return data.decode("utf-8", "replace")
    text = data.decode("utf-8", "replace")
    strays = text.count("\ufffd")
    if len(text) - len(text.encode("ascii", "ignore")) > _MANY * strays:  # no other encoding looks like UTF-8 so often
        return text
    if declared:
        named = _named(data)
        if named:
            return data.decode(named, "replace")
    return _guess(data)


def lines_of(text: str) -> str:
    """The text with ``\\n`` at the end of its lines, also where a program wrote Windows' ends of lines twice."""
    return _ENDS.sub("\n", text)


def is_binary(data: bytes) -> bool:
    """Whether these bytes are no text in any encoding: NULs outside UTF-16 and UTF-32, or many control codes."""
    head = data[:8192]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)) or _utf16(data):
        text = decode(head)
        odd = sum(unicodedata.category(c) in ("Cn", "Co", "Cs") or c in "\0\ufffd" for c in text)
        return odd > 2 + 0.03 * len(text)
    return b"\0" in head or len(head.translate(None, _NO_CONTROL)) > len(head) * 0.02


def _utf16(data: bytes) -> str | None:
    """UTF-16 without a byte-order mark: ASCII's zero bytes stand at every other place, on one side only; or bytes that
    no text has are common Chinese characters two by two."""
    head = data[: min(len(data), 4096) & ~1]
    if len(head) < 4:
        return None
    even, odd = head[::2].count(0) / (len(head) / 2), head[1::2].count(0) / (len(head) / 2)
    for encoding, here, there in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if here > 0.2 and there < 0.02:
            try:
                text = head.decode(encoding)
            except UnicodeDecodeError as error:
                text = head[: error.start].decode(encoding)
            if _legible(text) > 0.95 * len(text):
                return encoding
    if head.translate(None, _NO_CONTROL):
        for encoding in ("utf-16-le", "utf-16-be"):
            text = head.decode(encoding, "replace")
            if sum(c in _COMMON for c in text) > 0.1 * len(text) and _legible(text) == len(text):
                return encoding
    return None


def _legible(text: str) -> int:
    """How many characters can be shown, blanks among them."""
    return sum(c.isprintable() or c.isspace() for c in text)


def _named(data: bytes) -> str | None:
    match = _DECLARED.search(data[:4096])
    if not match:
        return None
    name = name_of((match[1] or match[2]).decode("ascii"))
    # It is no valid UTF-8, whatever it says; the others are codecs that are no encodings.
    no = ("utf", "rot", "base64", "hex", "zlib", "bz2", "uu", "quopri", "idna", "punycode", "unicode")
    return None if name is None or name.startswith(no) else name


def name_of(label: str) -> str | None:
    """Python's name of the encoding that a label means to those who use it; None for one that is not known."""
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return None
    return _WIDER.get(name, name)


def _guess(data: bytes) -> str:
    sample = data[:65536]
    scores = {name: _chinese(sample, name) for name in _LEGACY_CHINESE}
    best = max(scores, key=lambda name: scores[name])
    if scores[best] > 0.2:
        return data.decode(best, "replace")
    from charset_normalizer import from_bytes

    found = from_bytes(sample).best()
    western = found is None or found.encoding in {"cp1250", "cp1257", "cp775"} or not _PAIR.search(sample)
    if found is None or (western and len(sample) < 2000):
        return data.decode("cp1252", "replace")  # short western text: too little to tell its tables apart
    return data.decode(found.encoding, "replace")


def _chinese(sample: bytes, encoding: str) -> float:
    """The share of common characters among all that are not ASCII, 0 if the bytes do not fit the encoding."""
    try:
        text = codecs.getincrementaldecoder(encoding)("strict").decode(sample)
    except UnicodeDecodeError:
        return 0.0
    foreign = [c for c in text if c > "\x7f" and c not in "，。、；：？！“”‘’（）《》…—"]
    return sum(c in _COMMON for c in foreign) / len(foreign) if foreign else 0.0
