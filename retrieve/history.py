"""Keep answers, so that they can be continued, reloaded and looked at again."""

from functools import cache
from pathlib import Path
from typing import Any

from clew.errors import UsageError
from clew.records import Answer


class History:
    """Answers as JSON files of a folder, one each, written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, answer: Answer) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = self._folder / f"{answer.id}.part"
        unfinished.write_bytes(_adapter().dump_json(answer))
        unfinished.replace(self._folder / f"{answer.id}.json")

    def load(self, id: str) -> Answer:  # noqa: A002
        """The answer with this id; UsageError if there is none that can be read."""
        file = self._folder / f"{id}.json"
        if not id.isalnum() or not file.is_file():
            raise UsageError(f"There is no answer {id!r} in this index.", "clew ask prints the id of each answer.")
        try:
            answer: Answer = _adapter().validate_json(file.read_bytes())
        except ValueError as error:
            raise UsageError(f"The answer {id!r} cannot be read.", "Ask its question again.") from error
        return answer


@cache
def _adapter() -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(Answer)
