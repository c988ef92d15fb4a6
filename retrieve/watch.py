"""Time the stages of an answer."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Watch:
    """``with watch("retrieve"): …`` adds to that stage's milliseconds."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._ms = {"route": 0.0, "retrieve": 0.0, "answer": 0.0}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self._ms[stage] += (time.perf_counter() - started) * 1000

    @property
    def ms(self) -> dict[str, float]:
        """Milliseconds by stage, and in total until now."""
        total = (time.perf_counter() - self._started) * 1000
        return {stage: round(spent, 2) for stage, spent in (*self._ms.items(), ("total", total))}
