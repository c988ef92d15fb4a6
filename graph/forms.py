"""The form in which two spellings of a name are compared."""

import re
import unicodedata

_APOSTROPHES = str.maketrans("’‘ʼ`", "''''")
_WORD = re.compile(r"[^\W_]+(?:[.'][^\W_]+)*")
_HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿]")
_ARTICLES = ("the", "a", "an")


def form_of(name: str) -> str:
    """Words in lower case and half width, without accents, possessives and a leading article."""
    text = unicodedata.normalize("NFKD", name.translate(_APOSTROPHES)).casefold()
    text = "".join(c for c in text if not unicodedata.combining(c))
    words = [w.removesuffix("'s").replace(".", "").replace("'", "") for w in _WORD.findall(text)]
    if len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    return ("" if _HAN.search(name) else " ").join(words) or name.casefold().strip()
