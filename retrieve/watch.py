"""Time the stages of an answer, and count what models cost in them."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from clew.models.ledger import counting
from clew.records import Usage


class Watch:
    """``with watch("retrieve"): …`` adds to that stage's milliseconds, and to the ``usage`` what models cost in it."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._ms = {"route": 0.0, "retrieve": 0.0, "answer": 0.0}
        self.usage = Usage()

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        started = time.perf_counter()
        with counting() as costs:
            try:
                yield
            finally:
                self.usage = sum(costs, self.usage)
        self._ms[stage] += (time.perf_counter() - started) * 1000

    @property
    def ms(self) -> dict[str, float]:
        """Milliseconds by stage, and in total until now."""
        total = (time.perf_counter() - self._started) * 1000
        return {stage: round(spent, 2) for stage, spent in (*self._ms.items(), ("total", total))}
