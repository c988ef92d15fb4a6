"""Formats that are text underneath: RTF, mail and notebooks."""

import json
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

from rendering.blocks import Source, runs


def rtf(source: Source) -> bytes:
    def escaped(text: str) -> str:
        out = ""
        for char in text:
            if char in "\\{}":
                out += "\\" + char
            else:
                out += char if ord(char) < 128 else f"\\u{ord(char)}?"
        return out

    looks = {"bold": "\\b ", "italic": "\\i ", "": ""}
    lines = []
    for block in source.blocks:
        size = "\\fs32\\b " if block.kind == "heading" else "\\fs24 "
        for line in block.items or (block.text,):
            text = "".join(
                "{" + looks[style] + escaped(part) + "}" if style else escaped(part) for part, style in runs(line)
            )
            lines.append("{\\pard\\sa180 " + size + text + "\\par}")
    return ("{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Times New Roman;}}\n" + "\n".join(lines) + "\n}\n").encode("ascii")


def mail(source: Source) -> bytes:
    """A message as Chinese mail programs send it: encoded subject and names, body in base64."""
    message = EmailMessage(policy=SMTP)

    def people(line: str) -> list[Address]:
        pairs = [parseaddr(one) for one in line.split(",")]
        return [Address(display_name=name, addr_spec=address) for name, address in pairs]

    message["From"] = people(source.meta["from"])
    message["To"] = people(source.meta["to"])
    if "cc" in source.meta:
        message["Cc"] = people(source.meta["cc"])
    message["Date"] = source.meta["date"]
    message["Subject"] = source.meta["subject"]
    message["Message-ID"] = f"<{source.meta['id']}>"
    message.set_content(source.body.strip("\n") + "\n", charset="utf-8", cte="base64")
    return message.as_bytes()


def notebook(source: Source) -> bytes:
    cells: list[dict[str, object]] = []
    for number, part in enumerate(_cells(source)):
        kind, text, output = part
        cell: dict[str, object] = {
            "cell_type": kind,
            "id": f"cell-{number:02}",
            "metadata": {},
            "source": text.splitlines(keepends=True),
        }
        if kind == "code":
            stream = {"name": "stdout", "output_type": "stream", "text": [line + "\n" for line in output.splitlines()]}
            cell |= {"execution_count": None, "outputs": [stream] if output else []}
        cells.append(cell)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    book = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(book, ensure_ascii=False, indent=1) + "\n").encode()


def _cells(source: Source) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    for number, piece in enumerate(source.body.split("```")):
        text = piece.strip("\n")
        if number % 2 == 0:
            found += [("markdown", text, "")] if text else []
            continue
        language, _, code = text.partition("\n")
        if language == "output":
            kind, before, _ = found.pop()
            found.append((kind, before, code))
        else:
            found.append(("code", code, ""))
    return found
