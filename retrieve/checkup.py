"""What is configured, whether it works, and what to do where it does not."""

from dataclasses import dataclass
from pathlib import Path

from clew.errors import ClewError
from clew.settings import Settings
from retrieve.assembly import find_index, open_index
from retrieve.engines import make_embedder


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at."""

    name: str
    value: str
    ok: bool
    says: str
    remedy: str = ""


def checkup(settings: Settings, folder: Path) -> list[Check]:
    """Try each part that the settings name."""
    return [_embedder(settings), _index(settings, folder), _model(settings)]


def _embedder(settings: Settings) -> Check:
    try:
        embedder = make_embedder(settings)
        embedder.embed_query("Is anybody there?")
    except ClewError as error:
        return Check(name="embedder", value=settings.embedder, ok=False, says=error.message, remedy=error.remedy)
    return Check(name="embedder", value=embedder.name, ok=True, says="runs on this machine; sends nothing")


def _index(settings: Settings, folder: Path) -> Check:
    try:
        where = find_index(settings, folder)
        with open_index(where, settings, doing="doctor") as index, index.lease.hold():
            count = index.store.count()
    except ClewError as error:
        return Check(name="index", value=str(settings.index or ""), ok=False, says=error.message, remedy=error.remedy)
    return Check(name="index", value=str(where), ok=True, says=f"{count} passages; nothing leaves this machine")


def _model(settings: Settings) -> Check:
    """Ask the model for one word: the only way to know that address, key and name are right."""
    from clew.models.llm import Message
    from clew.models.providers import online, receives

    try:
        model = online(settings)
        if model is not None:
            model.tries = 1
            model.write([Message("user", "Say OK.")], purpose="doctor", max_tokens=2)
    except ClewError as error:
        return Check(name="llm", value=settings.llm, ok=False, says=error.message, remedy=error.remedy)
    return Check(name="llm", value=settings.llm, ok=True, says=receives(settings.llm))
