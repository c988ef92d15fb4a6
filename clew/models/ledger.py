"""Count what language models cost, and stop before a cap is passed."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from clew.errors import BudgetReached, UsageError
from clew.language import HAN
from clew.records import Usage

LATIN = re.compile(r"[\u0000-\u024f]")  # four to a token; of other scripts than Chinese nearly each is one

# US dollars for a million tokens in and out, by the start of the model's name. Prices change: CLEW_LLM_PRICE overrides.
PRICES = {
    "gpt-5-nano": (0.05, 0.40),
    "gpt-5-mini": (0.25, 2.00),
    "gpt-5": (1.25, 10.00),
    "gpt-4.1-nano": (0.10, 0.40),
    "gpt-4.1-mini": (0.40, 1.60),
    "gpt-4.1": (2.00, 8.00),
    "gpt-4o-mini": (0.15, 0.60),
    "gpt-4o": (2.50, 10.00),
    "claude-haiku": (1.00, 5.00),
    "claude-sonnet": (3.00, 15.00),
    "claude-opus": (15.00, 75.00),
}


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens."""

    tokens_in: float = 0.0
    tokens_out: float = 0.0

    def of(self, usage: Usage) -> float:
        return (usage.tokens_in * self.tokens_in + usage.tokens_out * self.tokens_out) / 1e6


def price_of(model: str, setting: str = "") -> Price:
    """What a model costs: as set ("0.15/0.6"), else by the table, else nothing, as local models do."""
    if setting:
        try:
            tokens_in, tokens_out = (float(part) for part in setting.split("/"))
        except ValueError:
            raise UsageError(
                f"CLEW_LLM_PRICE cannot be {setting!r}.", "Write dollars for a million tokens in and out: 0.15/0.60"
            ) from None
        return Price(tokens_in, tokens_out)
    name = max((name for name in PRICES if model.startswith(name)), key=len, default="")
    return Price(*PRICES[name]) if name else Price()


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The most that may be spent; 0 is no limit."""

    calls: int = 0
    tokens: int = 0
    usd: float = 0.0


@dataclass(slots=True)
class Ledger:
    """What was spent by purpose, and what calls under way may still spend; safe between threads.

    ``reserve`` the most that a call can cost before it, ``settle`` what it did cost after it.
    """

    budget: Budget = field(default_factory=Budget)
    by_purpose: dict[str, Usage] = field(default_factory=dict)
    _reserved: list[Usage] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def total(self) -> Usage:
        with self._lock:
            return self._spent()

    def reserve(self, most: Usage) -> None:
        """Hold back what a call may cost; BudgetReached if it could pass a cap beside what is spent and reserved."""
        with self._lock:
            spent = self._spent()
            then = sum(self._reserved, spent + most)
            for name, cap, value in (
                ("calls", self.budget.calls, then.calls),
                ("tokens", self.budget.tokens, then.tokens_in + then.tokens_out),
                ("US dollars", self.budget.usd, then.usd),
            ):
                if cap and value > cap:
                    raise BudgetReached(
                        f"The budget of {cap:g} {name} is used up ({spent.calls} calls, "
                        f"{spent.tokens_in + spent.tokens_out} tokens, ${spent.usd:.4f} so far).",
                        "What was done is kept. Raise CLEW_LLM_BUDGET_… and run the same command again to go on.",
                    )
            self._reserved.append(most)

    def settle(self, purpose: str, most: Usage, spent: Usage) -> None:
        """Write down what the call cost for which ``most`` was reserved; nothing if it failed."""
        with self._lock:
            self._reserved.remove(most)
            if spent.calls:
                self.by_purpose[purpose] = self.by_purpose.get(purpose, Usage()) + spent
        if (costs := _COUNTING.get()) is not None:
            costs.append(spent)

    def _spent(self) -> Usage:
        return sum(self.by_purpose.values(), Usage())


_COUNTING: ContextVar[list[Usage] | None] = ContextVar("counting", default=None)


@contextmanager
def counting() -> Iterator[list[Usage]]:
    """What calls to any model cost meanwhile, in this thread: ``with counting() as costs``."""
    costs: list[Usage] = []
    before = _COUNTING.set(costs)
    try:
        yield costs
    finally:
        _COUNTING.reset(before)


def count_tokens(text: str) -> int:
    """About how many tokens a text has: for servers that do not say, and for estimates before a run."""
    han, latin = len(HAN.findall(text)), len(LATIN.findall(text))
    return round(han * 0.8 + latin / 4 + (len(text) - han - latin)) + 1
