"""Reading files of a data set, with errors that name the file, the line and what was expected of it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from clew.errors import ClewError

T = TypeVar("T")


def need(path: Path, what: str) -> Path:
    """``path``, if it is there. A missing data set is an error, never a shorter table."""
    if not path.exists():
        raise ClewError(f"{what} is not at {path}.", "Get the data set, or point --data at the folder that holds it.")
    return path


def read_text(path: Path, what: str) -> str:
    """The text of a file, a byte order mark left out."""
    try:
        return need(path, what).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as bad:
        raise ClewError(f"{path} cannot be read: {bad}.", "Get the file anew.") from bad


def read_json(path: Path, what: str) -> Any:
    """The JSON value in a file."""
    try:
        return json.loads(read_text(path, what))
    except json.JSONDecodeError as bad:
        raise ClewError(f"{path} is not JSON: {bad}.", "Get the file anew.") from bad


def read_lines(path: Path, what: str) -> Iterator[Any]:
    """The JSON values of a JSON lines file."""
    for number, line in enumerate(read_text(path, what).split("\n"), 1):
        if line.strip():
            try:
                yield json.loads(line)
            except json.JSONDecodeError as bad:
                raise ClewError(f"{path}, line {number} is not JSON: {bad}.", "Get the file anew.") from bad


def read_either(path: Path, what: str) -> list[Any]:
    """The rows of a file that is either one JSON list or JSON lines: data sets come in both."""
    if read_text(path, what).lstrip()[:1] == "[":
        rows = read_json(path, what)
        return list(rows)
    return list(read_lines(path, what))


def shaped(rows: Any, shape: type[T], path: Path) -> T:
    """``rows`` checked against the official layout, given as a type; a row that differs is named."""
    try:
        return TypeAdapter(shape).validate_python(rows)
    except ValidationError as bad:
        first = bad.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ClewError(
            f"{path} is not laid out as expected at {where}: {first['msg']}.", "Check which data set the file holds."
        ) from bad
