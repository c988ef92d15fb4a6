"""A Jupyter notebook: its text, its code, and what the code printed."""

import json
from typing import Any

from clew.errors import ConversionError
from clew.records import Loss
from ingest.convert.draft import Draft, lost
from ingest.convert.encoding import decode
from ingest.convert.plain import heading_of
from ingest.convert.source import fenced

_MOST_OUTPUT = 4000  # characters of one cell's output


def read(data: bytes, name: str) -> Draft:
    """Convert a notebook of format 4; format 3 keeps its cells in a worksheet."""
    try:
        book = json.loads(decode(data))
        cells = book["cells"] if "cells" in book else [c for sheet in book["worksheets"] for c in sheet["cells"]]
        about = book.get("metadata", {})
        named = about.get("kernelspec", {}).get("language") or about.get("language_info", {}).get("name") or "python"
        language = str(named).lower()
        parts: list[str] = []
        losses: list[Loss] = []
        for cell in cells:
            parts += _cell(cell, language, losses)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConversionError(
            f"it is damaged or no notebook ({type(error).__name__})", "Open it in Jupyter and save it again."
        ) from error
    text = "\n\n".join(part for part in parts if part.strip())
    return Draft.of(text, title=heading_of(text), losses=tuple(losses))


def _cell(cell: dict[str, Any], language: str, losses: list[Loss]) -> list[str]:
    source = _joined(cell.get("source", cell.get("input", "")))
    if cell.get("cell_type") != "code":
        return [source]
    parts = [fenced(source, language)] if source.strip() else []
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        text = _joined(output.get("text", data.get("text/plain", "")))
        if output.get("output_type") in ("error", "pyerr"):
            text = f"{output.get('ename', '')}: {output.get('evalue', '')}"
        elif said := _written(data):
            parts.append(said)
            continue
        if any(kind.startswith("image/") for kind in data):
            losses.append(lost("image", "a plot is not read", "Describe what matters of it in the text."))
            if text.startswith("<"):  # "<Figure size 640x480>"
                continue
        if len(text) > _MOST_OUTPUT:
            losses.append(lost("truncated", "a long output was cut", "Print less."))
            text = text[:_MOST_OUTPUT]
        if text.strip():
            parts.append(fenced(text, ""))
    return parts


def _written(data: dict[str, Any]) -> str:
    """What a cell wrote as Markdown or as a page, where its plain text is but the name of an object."""
    if not _joined(data.get("text/plain", "<")).startswith("<"):
        return ""
    for kind in ("text/markdown", "text/latex"):
        if kind in data:
            return _joined(data[kind])
    if "text/html" in data and not any(kind.startswith("image/") for kind in data):
        from ingest.convert.html import read_fragment

        return read_fragment(_joined(data["text/html"])).strip()
    return ""


def _joined(text: str | list[str]) -> str:
    return "".join(text).rstrip("\n")
