"""Where the definitions of source code begin and what they are called, by Pygments' lexers."""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass

MOST = 500_000
"""Characters of code that are read for definitions; longer files are data, and are cut by length alone."""

# What some lexers do not tell from other names: JavaScript's and Go's declarations, SQL's, the shell's, sections.
_DECLARED = re.compile(
    r"^[ \t]*(?:(?:export|default|async|public|abstract|declare)\s+)*"
    r"(?:(?:function\*?|class|interface|enum|struct|trait|type|module|namespace)\s+|func\s*(?:\([^)\n]*\)\s*)?)([A-Za-z_$][\w$]*)"
    r"|^[ \t]*create\s+(?:or\s+replace\s+)?(?:table|view|function|procedure|trigger|index)\s+(?:if\s+not\s+exists\s+)?"
    r"[\"`\[]?([\w.]+)",
    re.M | re.I,
)
_SHELL = re.compile(r"^[ \t]*(?:function\s+)?([A-Za-z_][\w-]*)\s*\(\)\s*\{", re.M)
_SECTION = re.compile(r"^\[+([^\]\n]+)\]+[ \t]*$", re.M)
_KEY = re.compile(r"^([\w.-]+):(?=\s|$)", re.M)
_PATTERNS = {
    "javascript": _DECLARED, "jsx": _DECLARED, "typescript": _DECLARED, "tsx": _DECLARED, "vue": _DECLARED,
    "go": _DECLARED, "sql": _DECLARED, "bash": _SHELL, "zsh": _SHELL, "toml": _SECTION, "ini": _SECTION, "yaml": _KEY,
}  # fmt: skip
_ABOVE = re.compile(r"[ \t]*(?:@|#|//|/\*|\*|--|\"\"\")")
_CLOSES = re.compile(r"[ \t]*(?:[)\]}>]|end\b|$)")


@dataclass(frozen=True, slots=True)
class Definition:
    """``line`` (from 0) begins it, with the comments and decorators right above; ``path`` are the names around it and
    its own; ``until`` is the first line behind it."""

    line: int
    until: int
    path: tuple[str, ...]


def definitions(code: str, language: str) -> list[Definition]:
    """The definitions of a piece of code in the order of their first lines, inner ones behind those around them.

    Empty where the language is not known or defines nothing.
    """
    if not language or len(code) > MOST:
        return []
    named = dict(sorted({**_by_patterns(code, language), **_by_lexer(code, language)}.items()))
    lines = code.split("\n")
    found: list[Definition] = []
    ends: dict[int, int] = {}
    around: list[tuple[int, int, str]] = []  # (indent, line behind it, name)
    for line, name in named.items():
        indent = _indent(lines[line])
        around = [outer for outer in around if outer[0] < indent and line < outer[1]]
        until = _end(lines, line, named, ends)
        around.append((indent, until, name))
        found.append(Definition(_first(lines, line, named), until, tuple(outer[2] for outer in around)))
    return found


def _by_lexer(code: str, language: str) -> dict[int, str]:
    """Names that the lexer takes for those of a function or class being defined, by line."""
    from pygments.lexers import get_lexer_by_name
    from pygments.token import Name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return {}
    found: dict[int, str] = {}
    at, line = 0, 0
    for offset, kind, text in lexer.get_tokens_unprocessed(code):
        if kind in (Name.Function, Name.Class):
            line += code.count("\n", at, offset)
            at = offset
            found.setdefault(line, text)
    return found


def _by_patterns(code: str, language: str) -> dict[int, str]:
    found = _PATTERNS[language].finditer(code) if language in _PATTERNS else ()
    named = ((match.lastindex or 0, match) for match in found)
    return {code.count("\n", 0, match.start(group)): match[group] for group, match in named}


def _first(lines: list[str], line: int, named: Container[int]) -> int:
    """The first of the comments and decorators that stand right above a line, or the line itself."""
    while line and line - 1 not in named and lines[line - 1].strip() and _ABOVE.match(lines[line - 1]):
        line -= 1
    return line


def _end(lines: list[str], line: int, named: Container[int], ends: dict[int, int]) -> int:
    """The first line behind a definition: one that stands no further in than its head and does not close it.

    ``ends`` are those found for the heads before, by how far in they stand: no line is looked at twice for one depth.
    """
    indent = _indent(lines[line])

    def inside(number: int) -> bool:
        text = lines[number]
        return _indent(text) > indent or _CLOSES.match(text) is not None or text.lstrip().startswith("{")

    start = line + 1
    if _goes_on(lines[line]):  # a head of several lines
        start = next((n for n in _further(lines, start) if inside(n) or n in named), len(lines))
    if ends.get(indent, 0) < start:
        ends[indent] = next((n for n in _further(lines, start) if not inside(n)), len(lines))
    return ends[indent]


def _goes_on(head: str) -> bool:
    return head.count("(") > head.count(")")


def _further(lines: list[str], start: int) -> Iterator[int]:
    return (number for number in range(start, len(lines)) if lines[number].strip())


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
