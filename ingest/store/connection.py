"""The way to a Qdrant server: opened when it is needed, tried again where a fault may pass, explained where it stays.

Every call that is made here may be made twice without harm, so a call whose reply was lost is simply made again.
"""

import re
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from clew.errors import ClewError, IndexIncompatible, Unreachable, UsageError

TRIES = 4
PAUSE = 0.25  # seconds before the second try, doubled for each further one
LONGEST_PAUSE = 5.0  # however long a busy server asks to be left alone
PASSING = (429, 500, 502, 503, 504)
WITHOUT_PORT = 6333

Open = Callable[[], Any]
"""Makes a ``qdrant_client.QdrantClient``."""


class Connection:
    """Calls of one Qdrant client. ``where`` names the server in messages; ``secret`` never stands in one."""

    def __init__(self, open: Open, *, where: str, secret: str = "") -> None:  # noqa: A002
        self._open = open
        self._where = where
        self._secret = secret
        self._client: Any = None
        self._lock = threading.Lock()

    def __call__(self, method: str, /, **arguments: Any) -> Any:
        """Call a method of the client."""
        for left in reversed(range(TRIES)):
            try:
                return getattr(self._opened(), method)(**arguments)
            except Exception as error:
                wait = _wait(error, TRIES - left)
                if wait is None or not left:
                    raise self._explained(error) from error
                time.sleep(wait)
        raise AssertionError("unreachable")

    def close(self) -> None:
        with self._lock:
            if self._client is not None:
                self._client.close()
                self._client = None

    def _opened(self) -> Any:
        with self._lock:
            if self._client is None:
                self._client = self._open()
            return self._client

    def _explained(self, error: Exception) -> Exception:
        """What a person should read instead of the client's error."""
        import httpx
        from pydantic import ValidationError
        from qdrant_client.common.client_exceptions import ResourceExhaustedResponse
        from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

        here = f"The Qdrant server at {self._where}"
        strange = UsageError(f"What answers at {self._where} does not speak as Qdrant does.", "Check CLEW_QDRANT_URL.")
        retry = "See whether it runs: clew doctor. What was not finished is done again by the next run."
        if isinstance(error, ResourceExhaustedResponse):
            return Unreachable(f"{here} is too busy and asks to wait {error.retry_after_s} s.", "Try again then.")
        if isinstance(error, ResponseHandlingException):
            source = error.source
            if isinstance(source, (ValidationError, ValueError)) and not isinstance(source, httpx.HTTPError):
                return strange
            if isinstance(source, (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError)):
                return UsageError(f"{here} cannot be called with what is set: {self._safe(source)}", _ADDRESS)
            if isinstance(source, httpx.TimeoutException):
                return Unreachable(f"{here} does not answer in time.", f"{retry} CLEW_QDRANT_SECONDS sets the time.")
            return Unreachable(f"{here} does not answer: {self._safe(source)}", retry)
        if isinstance(error, AssertionError):  # the client asserts that there is a result
            return strange
        if not isinstance(error, UnexpectedResponse):
            return error
        code, said = error.status_code or 0, self._safe(_said(error))
        if code in (401, 403):
            return UsageError(f"{here} refuses the key that is set ({code}).", "Set CLEW_QDRANT_API_KEY.")
        if code in PASSING:
            return Unreachable(f"{here} fails ({code}): {said}", retry)
        if code == 404:
            return IndexIncompatible(
                f"{here} has no longer what was looked for: {said}",
                "If the index was made anew elsewhere, start this command again; else check CLEW_QDRANT_URL.",
            )
        return ClewError(f"{here} refuses ({code}): {said}", "Clew needs Qdrant 1.16 or newer.")

    def _safe(self, said: object) -> str:
        text = " ".join(str(said).split())[:300] or type(said).__name__
        return text.replace(self._secret, "***") if self._secret else text


_ADDRESS = "Set CLEW_QDRANT_URL, e.g. to http://127.0.0.1:6333"


def connect(url: str, *, key: str = "", seconds: float = 30.0) -> Connection:
    """The way to the server at an address. The key goes into a header; nothing is called yet."""
    parts = urlsplit(url)
    try:
        port = parts.port or WITHOUT_PORT
    except ValueError:
        port = 0
    if parts.scheme not in ("http", "https") or not parts.hostname or not port:
        raise UsageError(f"{_without_password(url)!r} is no address of Qdrant.", _ADDRESS)

    def open_client() -> Any:
        from qdrant_client import QdrantClient

        # As api_key= a key on plain http would raise a warning of Python's; `clew doctor` tells people of it.
        return QdrantClient(
            url=url,
            headers={"api-key": key} if key else None,
            timeout=max(1, round(seconds)),
            check_compatibility=False,
        )

    return Connection(open_client, where=f"{parts.scheme}://{parts.hostname}:{port}{parts.path}", secret=key)


def _wait(error: Exception, tried: int) -> float | None:
    """Seconds to wait before the next try; None for a fault that will not pass, or that was waited for already."""
    import httpx
    from qdrant_client.common.client_exceptions import ResourceExhaustedResponse
    from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

    wait = PAUSE * 2 ** (tried - 1)
    if isinstance(error, ResourceExhaustedResponse):
        return max(wait, error.retry_after_s) if error.retry_after_s <= LONGEST_PAUSE else None
    if isinstance(error, UnexpectedResponse):
        return wait if error.status_code in PASSING else None
    passing = isinstance(error, ResponseHandlingException) and isinstance(
        error.source, (httpx.NetworkError, httpx.RemoteProtocolError)
    )
    return wait if passing else None


def _said(error: Any) -> str:
    """The server's own words out of a reply."""
    try:
        status = error.structured()["status"]
        return str(status["error"])
    except (ValueError, KeyError, TypeError):
        return str(error.reason_phrase or "no reason given")


def _without_password(url: str) -> str:
    return re.sub(r"//[^/@]*@", "//", url)
