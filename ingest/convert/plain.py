"""Plain text and Markdown: already what we want, but for the encoding and the front matter."""

import datetime
import re
from typing import Any

from clew.records import Loss
from ingest.convert.draft import Draft, pictures_lost
from ingest.convert.encoding import decode, lines_of
from ingest.dates import date_of

_FRONT = re.compile(r"\A---[ \t]*\n(?:.*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.+?)[ \t#]*$|^(\S[^\n]*)\n(?:=+|-{3,})[ \t]*$", re.M)
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)", re.M | re.S)
_INLINE = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}")
_DATA = re.compile(r"data:image/[\w.+-]+(?:;[\w=-]+)*,[^\s)>\"']{200,}")
_DATES = ("date", "created", "published", "updated", "modified", "日期")
_TAKEN = ("title", "date", "created", "published", "日期")


def read_text(data: bytes, name: str) -> Draft:
    """Take the text as it is. A text file names no title."""
    return Draft.of(decode(data))


def read_markdown(data: bytes, name: str) -> Draft:
    """Take the Markdown as it is; front matter gives title and date, and its other fields become lines of text."""
    text = lines_of(decode(data))
    fields, body = front_matter(text)
    body, pictures = _without_data(body)
    date = next((d for key in _DATES if (d := date_of(fields.get(key)))), None)
    rest = [f"{key}: {_line(value)}" for key, value in fields.items() if not _is_taken(key, value) and _line(value)]
    title = _line(fields.get("title")) or heading_of(body)
    head = "\n".join(rest) + "\n\n" if rest else ""
    return Draft.of(head + body, title=title, date=date, date_source="front-matter" if date else None, losses=pictures)


def front_matter(text: str) -> tuple[dict[str, Any], str]:
    """The fields of YAML front matter and the text after it; no fields where it is none or cannot be read."""
    match = _FRONT.match(text)
    if not match or match.end() > 65536:
        return {}, text
    import frontmatter
    import yaml

    try:
        fields = frontmatter.loads(match[0]).metadata
    except (yaml.YAMLError, ValueError, LookupError, AttributeError, RecursionError):  # its tags ("!!bool x") raise all
        return {}, text
    if not fields:
        return {}, text
    return {str(key): value for key, value in fields.items()}, text[match.end() :]


def heading_of(markdown: str) -> str:
    """The text of the first heading, without its marks."""
    head = _FENCE.sub("", markdown[:20000])
    match = _HEADING.search(head)
    return " ".join(_INLINE.sub(r"\1", match[1] or match[2]).split())[:300] if match else ""


def _is_taken(key: str, value: object) -> bool:
    """Whether a field is kept elsewhere: as the title, or as a date that could be read."""
    return key == "title" or (key in _TAKEN and date_of(value) is not None)


def _without_data(markdown: str) -> tuple[str, tuple[Loss, ...]]:
    """The text without pictures that stand in it as data, and their loss: letters that nobody reads or looks for."""
    left = _DATA.sub("data:", markdown)
    return left, pictures_lost(len(_DATA.findall(markdown)))


def _line(value: object) -> str:
    """A field of front matter as one line; nested ones, which nobody searches for, are left out."""
    if isinstance(value, list):
        return ", ".join(part for item in value if not isinstance(item, list | dict) and (part := _line(item)))
    if isinstance(value, str | int | float | datetime.date) and not isinstance(value, bool):
        return " ".join(str(value).split())
    return ""
