"""JSON and JSON lines: a list of alike objects is a table, anything else an outline."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from clew.errors import ConversionError
from ingest.convert.draft import Draft, lost
from ingest.convert.encoding import decode, lines_of
from ingest.convert.tables import fits, lines, record

_DEEPEST = 30
_SAMPLE = 200
_FIELDS = 60  # more names than that among the objects: they are not alike


def read_json(data: bytes, name: str) -> Draft:
    """Convert one JSON value, or one a line where the first line is one."""
    text = decode(data)
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and "\n" not in text[: error.pos].strip():
            return read_jsonl(data, name)
        raise ConversionError(f"it is no valid JSON: {error}", "Repair it at that place.") from error
    except ValueError as error:
        raise ConversionError("a number in it has too many digits", "Write it as text, in quotes.") from error
    except RecursionError as error:
        raise ConversionError("its values are nested too deeply", "Flatten it.") from error
    title = value.get("title") if isinstance(value, dict) else None
    return Draft.of(_value(value), title=title if isinstance(title, str) else "")


def read_jsonl(data: bytes, name: str) -> Draft:
    """Convert one JSON value a line; lines that are none are counted as a loss."""
    values: list[Any] = []
    bad: list[int] = []
    text = lines_of(decode(data))
    for number, line in enumerate(text.split("\n"), 1):  # other ends of lines may stand in a value
        if not line.strip():
            continue
        try:
            values.append(json.loads(line))
        except (ValueError, RecursionError):  # the former for a number of too many digits too
            bad.append(number)
    if not values:
        raise ConversionError("no line of it is valid JSON", "Repair it, or give it its true extension.")
    reason = f"no valid JSON in {len(bad)} of its lines, the first is line {bad[0]}" if bad else ""
    return Draft.of(_value(values), losses=(lost("failed", reason, "Repair these lines."),) if bad else ())


def _value(value: Any) -> str:
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        return _objects(value)
    if isinstance(value, dict) and not any(isinstance(part, dict | list) for part in value.values()):
        return record(list(map(str, value)), [_scalar(part) for part in value.values()])
    return "\n".join(_outline(value, 0))


def _objects(items: list[dict[str, Any]]) -> str:
    """A table if the objects are flat, alike and short; else each as a record of its own."""
    names = list(dict.fromkeys(str(key) for item in items for key in item))
    flat = all(not isinstance(part, dict | list) for item in items for part in item.values())
    if flat and len(names) <= _FIELDS:
        rows = [[_scalar(item.get(name)) for name in names] for item in items]
        if fits(names, rows[:_SAMPLE]):
            return "\n".join(lines([names, *rows], len(names)))
    return "\n\n".join(
        record(list(map(str, item)), [_scalar(part) for part in item.values()])
        if not any(isinstance(part, dict | list) for part in item.values())
        else "\n".join(_outline(item, 0))
        for item in items
    )


def _outline(value: Any, depth: int) -> Iterator[str]:
    indent = "    " * depth
    pairs: Iterable[tuple[object, Any]]
    if isinstance(value, dict):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = ((None, part) for part in value)
    else:
        yield f"{indent}- {_scalar(value)}"
        return
    if depth > _DEEPEST:
        yield f"{indent}- {json.dumps(value, ensure_ascii=False)}"
        return
    for key, part in pairs:
        label = f"{key}: " if key is not None else ""
        if isinstance(part, list) and part and all(not isinstance(x, dict | list) for x in part):
            yield f"{indent}- {label}{', '.join(map(_scalar, part))}"
        elif isinstance(part, dict | list) and part:
            if key is not None:
                yield f"{indent}- {key}:"
                yield from _outline(part, depth + 1)
            else:
                yield from _outline(part, depth)
        elif not isinstance(part, dict | list):
            yield f"{indent}- {label}{_scalar(part)}"


def _scalar(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return " ".join(str(value).split())
