"""Ingest a folder, and die by SIGKILL at the n-th touch of a store or the manifest.

Run as ``python -m tests.ingest.killed FOLDER INDEX N``. With N beyond the last touch it ends by itself.
"""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from clew.settings import Settings
from ingest.manifest import Manifest
from retrieve.assembly import open_index


def main() -> None:
    folder, where, left = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])

    def touch() -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(call: Callable[..., Any]) -> Callable[..., Any]:
        def touched(*args: Any, **kwargs: Any) -> Any:
            touch()
            done = call(*args, **kwargs)
            touch()
            return done

        return touched

    transaction = Manifest.transaction

    @contextmanager
    def touched_transaction(self: Manifest) -> Any:
        touch()
        with transaction(self):
            yield
            touch()
        touch()

    Manifest.transaction = touched_transaction  # type: ignore[method-assign]
    with open_index(where, Settings(threads=1, workers=1)) as index:
        for store, names in ((index.store, ("write", "delete")), (index.facts, ("write", "delete", "settle"))):
            for name in names:
                if store is not None:
                    setattr(store, name, around(getattr(store, name)))
        index.ingest(folder)


if __name__ == "__main__":
    main()
