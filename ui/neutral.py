"""Show what documents and models wrote as the text it is: no markup, no links, no pictures, no address fetched."""

import re

MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|$~:&^=])")


def neutral(text: str) -> str:
    """The text with every character that Markdown, HTML or the page's own directives give a meaning escaped."""
    return MARKUP.sub(r"\\\1", text)
