"""Conversions in processes of their own: a file that hangs, bursts or crashes a library costs one loss.

The processes are plain children that speak over pipes, not ``multiprocessing``: those would run the caller's main
module again (a second Streamlit), and a fork would inherit the locks of open stores.
"""

import contextlib
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, TypeAlias

from clew.records import Loss, Markdown
from ingest.convert.pulse import PATIENCE
from ingest.convert.worker import markdown_of, receive, send, too_large
from ingest.load import File

Converted: TypeAlias = tuple[File, str, Markdown | Loss]

_BOOT = """
import json, sys
path, *limits = json.loads(sys.argv[1])
sys.path[:] = path
from ingest.convert.pulse import PATIENCE
from ingest.convert.worker import main
main(*limits)
"""
_AHEAD = 32  # results kept waiting for an earlier file, for each worker
_TICK = 0.2


class _Worker:
    """One child process, and what it is busy with."""

    def __init__(self, seconds: float, memory_mb: int) -> None:
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the worker)
        self.process = subprocess.Popen(
            [sys.executable, "-c", _BOOT, json.dumps([sys.path, seconds, memory_mb])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            start_new_session=True,  # Ctrl-C is for us; the child ends when its input does
        )
        self.deadline = float("inf")
        self.ended: str | None = None  # why we ended it

    def ask(self, job: dict[str, Any], seconds: float) -> dict[str, Any] | None:
        """Its answer; None if it died."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        started = time.monotonic()
        self.deadline = started + seconds
        try:
            send(self.process.stdin, job)
            while (answer := receive(self.process.stdout)) is not None and "alive" in answer:
                self.deadline = min(time.monotonic() + seconds, started + PATIENCE * seconds)
            return answer
        except (OSError, ValueError):
            return None
        finally:
            self.deadline = float("inf")

    def end(self, why: str) -> None:
        self.ended = self.ended or why
        self.process.kill()

    def close(self) -> str:
        """Free what it holds; the last line it wrote to its error output."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):  # what could not be flushed to a dead process
                    stream.close()
        with self.errors as errors:
            errors.seek(0)
            lines = errors.read()[-2000:].decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:200] if lines else ""


class Converters:
    """A pool of converting processes, started as files come. Use as a context manager: leaving it ends them all."""

    def __init__(self, workers: int, seconds: float, memory_mb: int) -> None:
        self.workers = max(1, workers)
        self.seconds = seconds
        self.memory_mb = memory_mb
        self._idle: deque[_Worker] = deque()
        self._all: set[_Worker] = set()
        self._lock = threading.Lock()
        self._closed = threading.Event()

    def __enter__(self) -> "Converters":
        self._threads = ThreadPoolExecutor(self.workers, thread_name_prefix="convert")
        self._watch = threading.Thread(target=self._watching, name="convert-watch", daemon=True)
        self._watch.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed.set()
        with self._lock:
            workers = list(self._all)
        for worker in workers:
            worker.end("closed")
        self._threads.shutdown(cancel_futures=True)
        self._watch.join()
        for worker in list(self._all):
            self._discard(worker)

    def run(self, files: Iterable[File]) -> Iterator[Converted]:
        """Convert files, several at once; yields (file, hash of its bytes, Markdown or Loss) in the order given.
        The hash is empty where the bytes could not be had, or converting them may end otherwise another time."""
        waiting: deque[Future[Converted]] = deque()
        try:
            for file in files:
                waiting.append(self._threads.submit(self._one, file))
                while waiting and (waiting[0].done() or len(waiting) >= _AHEAD * self.workers):
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()

    def _one(self, file: File) -> Converted:
        if self._closed.is_set():
            return file, "", self._loss(file, "the run was ended", "Run again.")
        with self._lock:
            worker = self._idle.pop() if self._idle else None
        if worker is None:
            worker = _Worker(self.seconds, self.memory_mb)
            with self._lock:
                self._all.add(worker)
            if self._closed.is_set():
                worker.end("closed")
        answer = worker.ask({"path": str(file.absolute), "name": file.path}, self.seconds)
        if answer is None:
            return file, "", self._death(file, worker)
        with self._lock:
            self._idle.append(worker)
        if "loss" in answer:
            return file, answer["hash"], Loss(**answer["loss"])
        return file, answer["hash"], markdown_of(answer["markdown"])

    def _death(self, file: File, worker: _Worker) -> Loss:
        last = self._discard(worker)
        if worker.ended == "time":
            return self._loss(
                file,
                f"converting it took longer than {self.seconds:g} s",
                "Raise convert_seconds, or split the file.",
            )
        if worker.ended == "memory" or "MemoryError" in last or "bad_alloc" in last:
            return too_large(file.path, self.memory_mb)
        how = f"exit code {worker.process.returncode}" + (f": {last}" if last else "")
        return self._loss(file, f"its converter crashed ({how})", "Open it in its program and save it again.")

    def _loss(self, file: File, reason: str, remedy: str) -> Loss:
        return Loss(path=file.path, kind="failed", reason=reason, remedy=remedy)

    def _discard(self, worker: _Worker) -> str:
        with self._lock:
            self._all.discard(worker)
        return worker.close()

    def _watching(self) -> None:
        """End workers that are over their time or, where the kernel sets no limit, over their memory."""
        while not self._closed.wait(_TICK):
            now = time.monotonic()
            with self._lock:
                busy = [w for w in self._all if w.deadline != float("inf")]
            for worker in busy:
                if now > worker.deadline:
                    worker.end("time")
                elif sys.platform != "linux" and _resident_mb(worker.process.pid) > self.memory_mb:
                    worker.end("memory")


def _resident_mb(pid: int) -> float:
    import psutil

    try:
        return float(psutil.Process(pid).memory_info().rss) / 2**20
    except psutil.Error:
        return 0.0
