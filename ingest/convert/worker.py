"""The process that converts: it reads jobs from its input and writes results to its output, until the input ends.

A message is four bytes of length and JSON. The process keeps its own limits: the kernel ends it when a job takes too
long even if nobody watches any more, and refuses it memory beyond its share.
"""

import json
import os
import signal
import sys
import time
from dataclasses import asdict
from typing import IO, Any

from clew.errors import ConversionError
from clew.ids import digest
from clew.records import Loss, Markdown
from ingest.convert import pulse

GRACE_SECONDS = 5  # the pool's own watch should strike first, it can say why


def send(stream: IO[bytes], message: dict[str, Any]) -> None:
    """Write one message."""
    raw = json.dumps(message, default=str).encode("ascii")
    stream.write(len(raw).to_bytes(4, "little") + raw)
    stream.flush()


def receive(stream: IO[bytes]) -> dict[str, Any] | None:
    """Read one message; None at the end."""
    head = stream.read(4)
    if len(head) < 4:
        return None
    size = int.from_bytes(head, "little")
    raw = stream.read(size)
    return json.loads(raw) if len(raw) == size else None


def main(seconds: float, memory_mb: int) -> None:
    """Serve until the input ends."""
    jobs, results = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between the messages
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory(memory_mb)

    last = 0.0

    def alive() -> None:
        _alarm(min(seconds, last - time.monotonic()) + GRACE_SECONDS)
        send(results, {"alive": True})

    pulse.listen(alive)
    while (job := receive(jobs)) is not None:
        last = time.monotonic() + pulse.PATIENCE * seconds
        _alarm(seconds + GRACE_SECONDS)
        answer = _answer(job, memory_mb)
        _alarm(0)
        send(results, answer)


def _alarm(seconds: float) -> None:
    if hasattr(signal, "setitimer"):  # not on Windows
        signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.0))


def _answer(job: dict[str, Any], memory_mb: int) -> dict[str, Any]:
    """The result, with the hash of the bytes that it follows from; no hash where another try may end otherwise."""
    from ingest.convert import convert_bytes

    name, content = str(job["name"]), ""
    try:
        with open(job["path"], "rb") as file:
            data = file.read()
            modified = os.fstat(file.fileno()).st_mtime
        content = digest(data)
        return {"hash": content, "markdown": asdict(convert_bytes(data, name, modified))}
    except ConversionError as error:
        loss = Loss(path=name, kind=error.kind, reason=error.message, remedy=error.remedy)
    except MemoryError:
        content, loss = "", too_large(name, memory_mb)
    except RecursionError:
        loss = Loss(path=name, kind="failed", reason="its parts are nested too deeply", remedy="Simplify the file.")
    except OSError as error:
        reason = f"the file cannot be read ({error.strerror})"
        content, loss = "", Loss(path=name, kind="skipped", reason=reason, remedy="Give yourself the right to read it.")
    except Exception as error:  # a library that fails in its own way must cost one file only
        reason = f"the file is damaged or unusual ({type(error).__name__}: {' '.join(str(error).split())[:200]})"
        loss = Loss(path=name, kind="failed", reason=reason, remedy="Open it in its program and save it again.")
    return {"hash": content, "loss": asdict(loss)}


def too_large(name: str, memory_mb: int) -> Loss:
    """The loss of a file that needs more memory than a worker has."""
    return Loss(
        path=name,
        kind="failed",
        reason=f"converting it needs more than {memory_mb:,} MB of memory",
        remedy="Raise convert_memory_mb, or split the file.",
    )


def markdown_of(fields: dict[str, Any]) -> Markdown:
    """A Markdown record from its JSON form."""
    from datetime import date

    return Markdown(
        **{
            **fields,
            "pages": tuple((number, start) for number, start in fields["pages"]),
            "date": date.fromisoformat(fields["date"]) if fields["date"] else None,
            "losses": tuple(Loss(**loss) for loss in fields["losses"]),
        }
    )


def _limit_memory(memory_mb: int) -> None:
    try:
        import resource
    except ImportError:  # Windows: the pool watches instead
        return
    try:
        resource.setrlimit(resource.RLIMIT_AS, (memory_mb * 2**20, memory_mb * 2**20))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ValueError, OSError):  # macOS refuses: the pool watches instead
        return
