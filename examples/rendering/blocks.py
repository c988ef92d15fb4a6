"""Read the small part of Markdown in which the sources are written."""

import re
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """kind: heading, paragraph, bullets, numbers, table or code; `level` counts for headings, `rows` for tables."""

    kind: str
    text: str = ""
    level: int = 0
    items: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    meta: dict[str, str] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    body: str = ""


def read(text: str) -> Source:
    meta: dict[str, str] = {}
    if text.startswith("---\n"):
        head, text = text[4:].split("\n---\n", 1)
        meta = {key.strip(): value.strip() for key, value in (line.split(":", 1) for line in head.splitlines())}
    return Source(meta=meta, blocks=tuple(blocks(text)), body=text)


def blocks(text: str) -> list[Block]:
    found: list[Block] = []
    parts = re.split(r"(^```.*?^```$)", text, flags=re.M | re.S)
    for part in parts:
        if part.startswith("```"):
            language, code = part[3:-3].split("\n", 1)
            found.append(Block(kind="code", text=code.rstrip("\n"), items=(language,)))
            continue
        for piece in re.split(r"\n\s*\n", part.strip("\n")):
            if piece.strip():
                found.extend(one(piece.strip("\n")))
    return found


def one(piece: str) -> list[Block]:
    lines = piece.splitlines()
    if heading := re.match(r"(#+) (.*)", lines[0]):
        rest = "\n".join(lines[1:])
        return [Block(kind="heading", level=len(heading[1]), text=heading[2]), *(one(rest) if rest.strip() else [])]
    if lines[0].startswith("|"):
        rows = [tuple(cell.strip() for cell in line.strip().strip("|").split("|")) for line in lines]
        return [Block(kind="table", rows=tuple(row for row in rows if not all(set(c) <= set("-") and c for c in row)))]
    if all(line.startswith("- ") for line in lines):
        return [Block(kind="bullets", items=tuple(line[2:] for line in lines))]
    if all(re.match(r"\d+\. ", line) for line in lines) and len(lines) > 1:
        return [Block(kind="numbers", items=tuple(re.sub(r"^\d+\. ", "", line) for line in lines))]
    return [Block(kind="paragraph", text=" ".join(lines))]


def runs(text: str) -> list[tuple[str, str]]:
    """Cut a line into (text, style) with the styles "", bold and italic."""
    found: list[tuple[str, str]] = []
    for part in re.split(r"(\*\*.+?\*\*|\*.+?\*)", text):
        if part.startswith("**"):
            found.append((part[2:-2], "bold"))
        elif part.startswith("*") and len(part) > 1:
            found.append((part[1:-1], "italic"))
        elif part:
            found.append((part, ""))
    return found
