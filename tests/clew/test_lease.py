"""One process at a time holds an index; nobody waits for ever, and nobody starves."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from clew.errors import IndexBusy
from clew.lease import Lease

HOLDER = """
import sys, time
from pathlib import Path
from clew.lease import Lease
lease = Lease(Path(sys.argv[1]), doing="a long ingest", wait_seconds=5, let_go=lambda: None)
with lease.hold():
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
print("left", flush=True)
time.sleep(float(sys.argv[3]))
"""


def lease_on(folder: Path, wait: float = 5.0, let_go: Callable[[], None] = lambda: None) -> Lease:
    return Lease(folder, doing="a test", wait_seconds=wait, let_go=let_go)


def holder(folder: Path, seconds: float, then: float = 0.0) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder), str(seconds), str(then)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_waiting_is_bounded_and_names_the_holder(tmp_path: Path) -> None:
    with holder(tmp_path, 30) as process:
        try:
            with (
                pytest.raises(IndexBusy, match=rf"process {process.pid} \(a long ingest"),
                lease_on(tmp_path, 0.3).hold(),
            ):
                pass
        finally:
            process.kill()


def test_the_hold_of_a_killed_process_is_free_at_once(tmp_path: Path) -> None:
    with holder(tmp_path, 30) as process:
        process.kill()
    started = time.monotonic()
    with lease_on(tmp_path).hold():
        assert time.monotonic() - started < 3


def test_a_process_that_keeps_its_handles_warm_lets_go_when_another_waits(tmp_path: Path) -> None:
    with holder(tmp_path, 0.0, then=30) as process:
        try:
            with lease_on(tmp_path).hold():
                pass
        finally:
            process.kill()


def test_handles_stay_open_between_two_holds_when_nobody_asks(tmp_path: Path) -> None:
    closed = []
    lease = lease_on(tmp_path, let_go=lambda: closed.append(1))
    for _ in range(3):
        with lease.hold():
            time.sleep(0.05)
    assert closed == []
    lease.release()
    assert closed == [1]


def test_two_that_work_without_pause_take_turns(tmp_path: Path) -> None:
    turns: list[str] = []
    until = time.monotonic() + 1.5

    def work(name: str) -> None:
        lease = lease_on(tmp_path)
        while time.monotonic() < until:
            with lease.hold():
                turns.append(name)
                time.sleep(0.01)
        lease.release()

    threads = [threading.Thread(target=work, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert min(turns.count("one"), turns.count("two")) >= 5


def test_threads_of_one_process_hold_together_and_the_hold_nests(tmp_path: Path) -> None:
    lease = lease_on(tmp_path)
    inside = threading.Barrier(2, timeout=5)

    def work() -> None:
        with lease.hold(), lease.hold():
            inside.wait()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not inside.broken
    lease.release()


def test_an_abandoned_ticket_blocks_nobody(tmp_path: Path) -> None:
    waiting = tmp_path / "waiting"
    waiting.mkdir()
    (waiting / "00000000000000000001-1").touch()
    with lease_on(tmp_path, wait=6).hold():
        pass


def test_handles_stay_open_under_a_thread_that_works_when_another_process_asks_between_two_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = []
    lease = lease_on(tmp_path, let_go=lambda: closed.append(1))
    looks = iter([False, True])

    def ask() -> None:
        with lease.hold():
            pass

    with lease.hold():
        monkeypatch.setattr(lease, "_wanted", lambda: next(looks, False))
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
        assert closed == []


def test_a_hold_that_cannot_say_who_it_is_lets_go_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "holder.json").mkdir()
    warm = lease_on(tmp_path)
    with warm.hold():
        pass
    with lease_on(tmp_path, wait=2).hold():
        pass
