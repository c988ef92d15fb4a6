"""What is configured, whether it works, and what to do where it does not."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from clew.errors import ClewError, UsageError
from clew.models.served import receives
from clew.settings import Settings, strays
from retrieve.assembly import MAKE_ANEW, find_index, open_index
from retrieve.engines import make_connection, make_embedder, make_graph_store
from retrieve.shared import kept_in, places

OLDEST_QDRANT = (1, 16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at; ``exit_code`` is what a command ends with that needs it."""

    name: str
    value: str
    ok: bool
    says: str
    remedy: str = ""
    exit_code: int = 0


def _failed(name: str, value: str, error: ClewError) -> Check:
    return Check(name=name, value=value, ok=False, says=error.message, remedy=error.remedy, exit_code=error.exit_code)


def checkup(settings: Settings, folder: Path) -> list[Check]:
    """Try each part that the settings name."""
    return [_embedder(settings), *_servers(settings), _index(settings, folder), *_models(settings), *_strays()]


def _strays() -> Iterator[Check]:
    """What is set and read by nothing, which a slip of the pen makes."""
    for name, meant in strays().items():
        remedy = f"Did you mean {meant}? " if meant else ""
        yield Check(name="setting", value=name, ok=False, says="is none", remedy=f"{remedy}clew doctor -h lists them.")


def _embedder(settings: Settings) -> Check:
    try:
        embedder = make_embedder(settings)
        embedder.embed_query("Is anybody there?")
    except ClewError as error:
        return _failed("embedder", settings.embedder, error)
    return Check(name="embedder", value=embedder.name, ok=True, says=receives(settings.embedder))


def _servers(settings: Settings) -> Iterator[Check]:
    """The servers that are set, called once each."""
    if settings.qdrant_url:
        yield _called("qdrant", settings.qdrant_url, lambda: _qdrant(settings))
    if settings.neo4j_uri:
        yield _called("neo4j", settings.neo4j_uri, lambda: _neo4j(settings))


def _called(name: str, value: str, call: Callable[[], str]) -> Check:
    value = re.sub(r"//[^/@]*@", "//", value)
    try:
        return Check(name=name, value=value, ok=True, says=call())
    except ClewError as error:
        return _failed(name, value, error)


def _qdrant(settings: Settings) -> str:
    with closing(make_connection(settings)) as connection:
        version = str(connection("info").version)
    if tuple(int(part) for part in re.findall(r"\d+", version)[:2]) < OLDEST_QDRANT:
        raise UsageError(f"The Qdrant server is of version {version}.", "Clew needs 1.16 or newer.")
    bare = settings.qdrant_url.startswith("http://") and not re.match(
        r"http://(127\.|localhost|\[::1\])", settings.qdrant_url
    )
    return f"version {version}" + (
        "; the key goes over the network unencrypted: use https"
        if bare and settings.qdrant_api_key.get_secret_value()
        else ""
    )


def _neo4j(settings: Settings) -> str:
    with closing(make_graph_store(settings, Path("stores-1"))) as store:
        store.revision()
    return "it answers"


def _index(settings: Settings, folder: Path) -> Check:
    try:
        where = find_index(settings, folder)
        with open_index(where, settings, doing="doctor") as index, index.unit():
            if lacking := index.lacking():
                return _failed("index", str(where), ClewError(lacking, MAKE_ANEW))
            count = index.store.count()
            kept = kept_in(places(settings))
    except ClewError as error:
        return _failed("index", str(settings.index or ""), error)
    return Check(name="index", value=str(where), ok=True, says=f"{count} passages, kept in {kept}")


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
        return _failed(role, name, error)
    how = f"; CLEW_LLM can be: {providers.EXAMPLES}" if model is None else ""
    return Check(name=role, value=name, ok=True, says=providers.receives(name) + how)
