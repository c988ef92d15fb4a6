"""Show what documents and models wrote as the text it is: no markup, no links, no pictures, no address fetched."""

import re

MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|$~:&^=])")
# The page makes links, icons, its maker's mark and arrows of plain words too, after the escapes are read.
LIVE = re.compile(
    r"(?<=://)|(?<=www)(?=\.)|(?<=@)(?=[\w-])|(?<=:)(?<!\d:)(?=[\w+/-]+:)"
    r"|(?:(?<=^[-<>~])|(?<=\s[-<>~]))(?=(?:[-=>]|->)(?:\s|$))",
    re.I | re.M,
)
BLANKS = re.compile(r"(?:^|(?<=[\r\n]))[ \t]+(?=\S)")
JOINER, NO_BREAK = "\u2060", "\u00a0"  # not seen, and seen as a blank


def neutral(text: str) -> str:
    """The text with all that Markdown, HTML or the page's own directives give a meaning escaped or taken apart."""
    text = BLANKS.sub(lambda found: found[0].expandtabs(4).replace(" ", NO_BREAK), text)
    return MARKUP.sub(r"\\\1", LIVE.sub(JOINER, text))
