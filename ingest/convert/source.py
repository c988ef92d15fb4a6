"""Source code and configuration: one fenced block, line for line, so that a line can be cited."""

import re
from pathlib import PurePosixPath

from ingest.convert.draft import Draft
from ingest.convert.encoding import decode, lines_of

LANGUAGES = {
    ".py": "python", ".pyi": "python", ".js": "javascript", ".mjs": "javascript", ".jsx": "jsx", ".ts": "typescript",
    ".tsx": "tsx", ".java": "java", ".kt": "kotlin", ".c": "c", ".h": "c", ".cc": "cpp", ".cpp": "cpp", ".hpp": "cpp",
    ".cs": "csharp", ".go": "go", ".rs": "rust", ".rb": "ruby", ".php": "php", ".pl": "perl", ".lua": "lua",
    ".swift": "swift", ".scala": "scala", ".r": "r", ".jl": "julia", ".m": "matlab", ".hs": "haskell", ".ex": "elixir",
    ".erl": "erlang", ".clj": "clojure", ".sh": "bash", ".bash": "bash", ".zsh": "zsh", ".ps1": "powershell",
    ".bat": "batch", ".sql": "sql", ".css": "css", ".scss": "scss", ".vue": "vue", ".toml": "toml", ".yaml": "yaml",
    ".yml": "yaml", ".ini": "ini", ".cfg": "ini", ".conf": "ini", ".xml": "xml", ".proto": "protobuf", ".tf": "hcl",
    ".dockerfile": "dockerfile", ".mk": "make", ".cmake": "cmake", ".gradle": "groovy", ".vb": "vb", ".pas": "pascal",
    ".f90": "fortran", ".asm": "asm", ".cypher": "cypher", ".graphql": "graphql",
}  # fmt: skip
_NO_LINE_END = re.compile("[\v\f\x85\u2028\u2029]")  # for those who count the lines of code
NAMES = {"dockerfile": "dockerfile", "makefile": "make", "cmakelists.txt": "cmake", "jenkinsfile": "groovy"}


def language_of(name: str) -> str:
    """The language that a file's name tells, or an empty text."""
    path = PurePosixPath(name)
    return NAMES.get(path.name.lower()) or LANGUAGES.get(path.suffix.lower(), "")


def read(data: bytes, name: str) -> Draft:
    """Fence the code. Line n of the file is line n + 1 of the Markdown."""
    text = _NO_LINE_END.sub("", lines_of(decode(data))).rstrip("\n")
    return Draft.of(fenced(text, language_of(name)) if text.strip() else "", verbatim=True)


def fenced(code: str, language: str) -> str:
    """A fenced block, its fence longer than any in the code."""
    fence = "```"
    while fence in code:
        fence += "`"
    return f"{fence}{language}\n{code}\n{fence}"
