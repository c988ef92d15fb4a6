"""What can go wrong, as a person should read it: what happened, which value, what to do.

ClewError                     exit 1
├── UsageError                exit 2   the command or a setting cannot be understood
├── IndexBusy                 exit 5   another process holds the index longer than we wait
├── IndexIncompatible         exit 5   the index was made by another embedder, chunker or version
├── ConversionError           (a loss) one file could not be read
├── Unreachable               exit 6   a model or server does not answer (transient)
├── ModelError                exit 6   a model answered, but not with anything usable
└── BudgetReached             exit 7   the run's cap on calls, tokens or money
"""

from clew.records import LossKind


class ClewError(Exception):
    """Something a person can act on: ``message`` says what happened, ``remedy`` what to do."""

    exit_code = 1

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}\n{self.remedy}" if self.remedy else self.message


class UsageError(ClewError):
    """The command line or a setting cannot be understood."""

    exit_code = 2


class IndexBusy(ClewError):
    """Another process held the index for longer than we were told to wait."""

    exit_code = 5


class IndexIncompatible(ClewError):
    """The index was made by something that what we have now cannot read or extend."""

    exit_code = 5


class ConversionError(ClewError):
    """One file could not be turned into Markdown; the others go on. ``kind`` is the loss that it amounts to."""

    def __init__(self, message: str, remedy: str = "", kind: LossKind = "failed") -> None:
        super().__init__(message, remedy)
        self.kind = kind


class Unreachable(ClewError):
    """A model or server did not answer. Transient: the same call may succeed later."""

    exit_code = 6


class ModelError(ClewError):
    """A model answered with something that cannot be used."""

    exit_code = 6


class BudgetReached(ClewError):
    """The cap that the user set on calls, tokens or money was reached; what was done is kept."""

    exit_code = 7
