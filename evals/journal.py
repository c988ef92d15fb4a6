"""Finished cases, one a line, so that a run that was killed goes on where it stopped."""

import json
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from clew.ids import digest
from evals.cases import Case
from evals.observe import Observation


class Journal:
    """The observations of one configuration, appended and flushed one by one: a kill loses at most the last."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept: dict[tuple[str, str], Observation] = {}
        for key, system, observation in _lines(path):
            self._kept[key, system] = observation

    def get(self, case: Case, system: str) -> Observation | None:
        """What was seen of exactly this case: another wording or other gold is another case."""
        return self._kept.get((_key(case), system))

    def add(self, case: Case, observation: Observation) -> None:
        """Keep an observation, whatever happens next."""
        self._kept[_key(case), observation.system] = observation
        self._path.parent.mkdir(parents=True, exist_ok=True)
        row = {"key": _key(case), "observation": observation.model_dump(mode="json")}
        with self._path.open("ab") as file:
            file.write(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n")

    def forget(self) -> None:
        """Begin anew."""
        self._kept.clear()
        self._path.unlink(missing_ok=True)


def _key(case: Case) -> str:
    return digest("case", case.model_dump_json())


def _lines(path: Path) -> Iterator[tuple[str, str, Observation]]:
    """The whole lines of a journal. What a kill left of the last one is cut off, so that the next starts a line."""
    if not path.is_file():
        return
    raw = path.read_bytes()
    whole = raw[: raw.rfind(b"\n") + 1]
    if len(whole) < len(raw):
        with path.open("r+b") as file:
            file.truncate(len(whole))
    for line in whole.decode("utf-8", "replace").split("\n")[:-1]:
        try:
            row = json.loads(line)
            observation = Observation.model_validate(row["observation"])
        except (json.JSONDecodeError, KeyError, ValidationError):
            continue  # written by another version: that case is asked again
        yield row["key"], observation.system, observation
