"""Slow but steady work says that it is alive: each page that was read starts the file's time limit anew."""

from collections.abc import Callable

PATIENCE = 30  # times its limit is what a file gets at most, however steady
_listeners: list[Callable[[], None]] = []


def beat() -> None:
    """Say that a step of a long conversion is done."""
    for listener in _listeners:
        listener()


def listen(listener: Callable[[], None]) -> None:
    """Have ``listener`` called at every beat in this process."""
    _listeners.append(listener)
