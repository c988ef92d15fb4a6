"""Share an index that admits one process: hold it for one unit of work, let go when another process waits.

A process that waits lays a ticket into ``waiting/``; the oldest living ticket is next. Who holds the lock says so in
``holder.json``. A lock of a dead process is free at once (the operating system drops it); its ticket goes stale.
"""

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import filelock

from clew.errors import IndexBusy

PAUSE = 0.01  # seconds between two tries for the lock
STALE = 2.0  # seconds after which a ticket that nobody renews counts as abandoned


class Lease:
    """One process's hold on an index folder, shared by its threads. Handles stay open while nobody else asks.

    ``let_go`` closes the engines' handles; it runs before the lock is given up, in whichever thread that happens.
    """

    def __init__(self, folder: Path, *, doing: str, wait_seconds: float, let_go: Callable[[], None]) -> None:
        self._folder = folder
        self._doing = doing
        self._wait_seconds = wait_seconds
        self._let_go = let_go
        self._lock = filelock.FileLock(folder / "lock", timeout=0, thread_local=False)
        self._changed = threading.Condition(threading.RLock())
        self._users = 0
        self._depth = threading.local()
        self._held = False
        self._turn = 0

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the index for one unit of work. Nested holds of one thread are one hold.

        Raises IndexBusy, naming the holder, when another process does not let go in time.
        """
        depth: int = getattr(self._depth, "value", 0)
        if depth == 0:
            self._enter()
        self._depth.value = depth + 1
        try:
            yield
        finally:
            self._depth.value = depth
            if depth == 0:
                self._leave()

    def release(self) -> None:
        """Let go now. Work that still runs in other threads ends first."""
        with self._changed:
            self._changed.wait_for(lambda: self._users == 0)
            self._give_up()

    def _enter(self) -> None:
        with self._changed:
            # Once another process waits, new work queues behind it, or a busy page would never let go.
            while self._held and self._wanted():
                if self._users:
                    self._changed.wait(PAUSE)
                else:
                    self._give_up()
            if not self._held:
                self._acquire()
            self._users += 1

    def _leave(self) -> None:
        with self._changed:
            self._users -= 1
            if not self._users and self._wanted():
                self._give_up()
            self._changed.notify_all()

    def _give_up(self) -> None:
        if not self._held:
            return
        try:
            self._let_go()
        finally:
            self._held = False
            with suppress(OSError):
                (self._folder / "holder.json").unlink()
            self._lock.release()

    def _acquire(self) -> None:
        waiting = self._folder / "waiting"
        waiting.mkdir(parents=True, exist_ok=True)
        ticket = waiting / f"{time.time_ns():020d}-{os.getpid()}"
        deadline = time.monotonic() + self._wait_seconds
        try:
            while True:
                ticket.touch()
                if self._next_in_line(ticket) and self._try():
                    return
                if time.monotonic() > deadline:
                    raise self._busy()
                time.sleep(PAUSE)
        finally:
            ticket.unlink(missing_ok=True)

    def _try(self) -> bool:
        try:
            self._lock.acquire(blocking=False)
        except filelock.Timeout:
            return False
        self._held = True
        holder = {"pid": os.getpid(), "doing": self._doing, "since": time.strftime("%H:%M:%S")}
        with suppress(OSError):  # a full disk: others are not told who holds it
            (self._folder / "holder.json").write_text(json.dumps(holder), encoding="utf-8")
        self._turn += 1
        threading.Thread(target=self._watch, args=(self._turn,), name="clew-lease", daemon=True).start()
        return True

    def _watch(self, turn: int) -> None:
        """While the handles are kept warm, let go as soon as another process asks."""
        while True:
            time.sleep(PAUSE * 2)
            with self._changed:
                if not self._held or self._turn != turn:
                    return
                if not self._users and self._wanted():
                    self._give_up()
                    return

    def _wanted(self) -> bool:
        return bool(self._tickets())

    def _next_in_line(self, ticket: Path) -> bool:
        return min(self._tickets(), default=ticket.name) >= ticket.name

    def _tickets(self) -> list[str]:
        """Names of the living tickets; those of the dead are cleared away."""
        now = time.time()
        living = []
        with suppress(FileNotFoundError), os.scandir(self._folder / "waiting") as entries:
            for entry in entries:
                with suppress(FileNotFoundError):
                    if now - entry.stat().st_mtime < STALE:
                        living.append(entry.name)
                    else:
                        os.unlink(entry.path)
        return living

    def _busy(self) -> IndexBusy:
        try:
            holder = json.loads((self._folder / "holder.json").read_text(encoding="utf-8"))
            who = f"process {holder['pid']} ({holder['doing']}, since {holder['since']})"
        except (OSError, ValueError, KeyError):
            who = "another process"
        return IndexBusy(
            f"The index {self._folder} is held by {who}; waited {self._wait_seconds:g} s.",
            "Wait until it is done, or stop it, and try again. CLEW_WAIT_SECONDS sets how long to wait.",
        )
