"""Conversations on disk: what was asked, what is being answered, what was answered."""

import json
import re
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

import filelock

from clew.errors import UsageError

CHATS = "chats"  # where they lie in the index folder
State = Literal["running", "done", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One question and what became of it. ``text`` grows while the answer is written; ``answer`` is its id; ``scope``
    says where alone was looked."""

    id: str
    question: str
    path: str | None = None
    text: str = ""
    state: State = "running"
    answer: str | None = None
    error: str = ""
    thumb: int | None = None
    scope: str = ""


class Conversation:
    """The turns of one conversation, in a file that every tab, every rerun and every other page's process reads."""

    def __init__(self, folder: Path, id: str) -> None:  # noqa: A002
        if not re.fullmatch(r"[0-9a-f]{12}", id):
            raise UsageError(f"{id!r} names no conversation.", "Open the page without ?c=… to begin a new one.")
        self.id = id
        self._file = folder / f"{id}.json"
        self._writing = threading.Lock()
        self._lock = filelock.FileLock(folder / "lock")

    @staticmethod
    def new_id() -> str:
        return uuid.uuid4().hex[:12]

    def turns(self) -> list[Turn]:
        """The turns, oldest first; UsageError if they cannot be read."""
        if not self._file.exists():
            return []
        try:
            return [Turn(**turn) for turn in json.loads(self._file.read_text(encoding="utf-8"))]
        except (ValueError, TypeError) as error:
            raise UsageError(f"The conversation {self._file} cannot be read.", "Begin a new one.") from error

    def add(self, question: str, path: str | None, scope: str = "") -> Turn:
        """Begin a turn."""
        turn = Turn(id=uuid.uuid4().hex[:12], question=question, path=path, scope=scope)
        with self._alone():
            self._save([*self.turns(), turn])
        return turn

    def change(self, id: str, **what: object) -> None:  # noqa: A002
        """Change fields of one turn."""
        with self._alone():
            self._save([replace(turn, **what) if turn.id == id else turn for turn in self.turns()])  # type: ignore[arg-type]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other thread or process changes the turns meanwhile."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._writing, self._lock:
            yield

    def _save(self, turns: list[Turn]) -> None:
        unfinished = self._file.with_suffix(".part")
        unfinished.write_text(json.dumps([asdict(turn) for turn in turns], ensure_ascii=False), encoding="utf-8")
        unfinished.replace(self._file)


def latest(folder: Path, count: int) -> list[tuple[str, str]]:
    """The conversations gone on with last, the last one first: the id of each, and what was asked first."""
    files = sorted(folder.glob("*.json"), key=lambda file: file.stat().st_mtime, reverse=True)[:count]
    found = []
    for file in files:
        with suppress(UsageError):  # damaged, or of another name
            found += [(file.stem, turn.question) for turn in Conversation(folder, file.stem).turns()[:1]]
    return found
