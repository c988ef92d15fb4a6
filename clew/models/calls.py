"""Call a model with patience: time limits, retries of what may pass, errors that say what to do."""

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from clew.errors import ClewError, ModelError, Unreachable

T = TypeVar("T")
PASSING = frozenset((408, 409, 425, 429, 500, 502, 503, 504, 529))  # HTTP states that may be another at the next try
PATIENCE = 20.0  # the longest wait between two tries, seconds


def is_transient(error: BaseException) -> bool:
    """Whether the same call may succeed later. A spent quota also comes as 429, and does not pass."""
    if isinstance(error, Unreachable):
        return True
    if isinstance(error, ClewError):
        return False
    status = getattr(error, "status_code", None) or getattr(getattr(error, "response", None), "status_code", None)
    if status is not None:
        return status in PASSING and "insufficient_quota" not in str(error)
    names = {kind.__name__ for kind in type(error).__mro__}
    return isinstance(error, ConnectionError | TimeoutError) or bool(
        names & {"APIConnectionError", "APITimeoutError", "TransportError", "TimeoutException", "RemoteProtocolError"}
    )


def explain(error: BaseException, model: str) -> ClewError:
    """The error as a person should read it."""
    if isinstance(error, ClewError):
        return error
    status = getattr(error, "status_code", None)
    said = " ".join(str(error).split())[:300] or type(error).__name__
    if is_transient(error):
        if status == 429:
            return Unreachable(f"The model {model} has had too many requests: {said}", "Wait a minute, then try again.")
        return Unreachable(
            f"The model {model} did not answer: {said}",
            "Is the server running, and the address right? clew doctor says.",
        )
    if status in (401, 403):
        return ModelError(
            f"The model {model} refused the key: {said}", "Set CLEW_LLM_API_KEY to a key that it accepts."
        )
    if status == 404:
        return ModelError(f"The server does not know the model {model}: {said}", "Correct the name in CLEW_LLM.")
    if "exceed_context_size" in said or "context_length" in said:
        return ModelError(
            f"The question and its evidence are too long for the model {model}: {said}", "Ask for fewer sources."
        )
    return ModelError(f"The model {model} could not answer: {said}", "clew doctor says what it receives.")


def patiently(call: Callable[[], T], *, model: str, tries: int, first_wait: float = 0.5) -> T:
    """Call, and call again after transient errors, waiting longer each time or as long as the server asks."""
    from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

    usual = wait_exponential_jitter(multiplier=first_wait, max=PATIENCE, jitter=first_wait)

    def wait(state: RetryCallState) -> float:
        asked = _retry_after(state.outcome.exception()) if state.outcome else None
        return min(asked, PATIENCE) if asked is not None else usual(state)

    try:
        return Retrying(
            stop=stop_after_attempt(tries), wait=wait, retry=retry_if_exception(is_transient), reraise=True
        )(call)
    except Exception as error:
        raise explain(error, model) from error


def _retry_after(error: BaseException | None) -> float | None:
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        return float(headers.get("retry-after") or "")
    except ValueError:  # a date, or nothing
        return None


class _End:
    """What the producer puts last: the error that ended it, if one did."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def watched(make: Callable[[], Iterable[T]], seconds: float) -> Iterator[T]:
    """The items of a stream; TimeoutError if the next does not come within ``seconds``.

    The stream runs in a thread of its own, so that one that says nothing can be left. Leaving early stops it.
    """
    items: queue.Queue[T | _End] = queue.Queue()
    left = threading.Event()

    def produce() -> None:
        error: BaseException | None = None
        stream: Iterable[T] | None = None
        try:
            stream = make()
            for item in stream:
                if left.is_set():
                    break
                items.put(item)
        except Exception as caught:
            error = caught
        finally:
            close = getattr(stream, "close", None)
            if close is not None and left.is_set():
                close()
            items.put(_End(error))

    threading.Thread(target=produce, daemon=True, name="clew-model").start()
    try:
        while True:
            try:
                item = items.get(timeout=seconds)
            except queue.Empty:
                raise TimeoutError(f"nothing came for {seconds:g} seconds") from None
            if isinstance(item, _End):
                if item.error is not None:
                    raise item.error
                return
            yield item
    finally:
        left.set()


def within(call: Callable[[], T], seconds: float) -> T:
    """The result of one call; TimeoutError if it takes longer than ``seconds``."""
    started = time.monotonic()
    for result in watched(lambda: iter([call()]), seconds):
        return result
    raise TimeoutError(f"nothing came for {time.monotonic() - started:.0f} seconds")
