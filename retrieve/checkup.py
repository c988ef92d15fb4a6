"""What is configured, whether it works, and what to do where it does not."""

from dataclasses import dataclass
from pathlib import Path

from clew.errors import ClewError
from clew.models.served import receives
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
    return [_embedder(settings), _index(settings, folder), *_models(settings)]


def _embedder(settings: Settings) -> Check:
    try:
        embedder = make_embedder(settings)
        embedder.embed_query("Is anybody there?")
    except ClewError as error:
        return Check(name="embedder", value=settings.embedder, ok=False, says=error.message, remedy=error.remedy)
    return Check(name="embedder", value=embedder.name, ok=True, says=receives(settings.embedder))


def _index(settings: Settings, folder: Path) -> Check:
    try:
        where = find_index(settings, folder)
        with open_index(where, settings, doing="doctor") as index, index.lease.hold():
            count = index.store.count()
    except ClewError as error:
        return Check(name="index", value=str(settings.index or ""), ok=False, says=error.message, remedy=error.remedy)
    return Check(name="index", value=str(where), ok=True, says=f"{count} passages; nothing leaves this machine")


def _models(settings: Settings) -> list[Check]:
    """The model of each role; one that is set for both is asked once."""
    found = [_model("llm", settings.llm, settings)]
    if settings.llm_offline not in ("", settings.llm):
        found.append(_model("llm offline", settings.llm_offline, settings))
    return found


def _model(role: str, name: str, settings: Settings) -> Check:
    """Ask the model for one word: the only way to know that address, key and name are right."""
    from clew.models import providers
    from clew.models.llm import Message

    try:
        model = providers.model(name, settings)
        if model is not None:
            model.tries = 1
            model.write([Message("user", "Say OK.")], purpose="doctor", max_tokens=2)
    except ClewError as error:
        return Check(name=role, value=name, ok=False, says=error.message, remedy=error.remedy)
    return Check(name=role, value=name, ok=True, says=providers.receives(name))
