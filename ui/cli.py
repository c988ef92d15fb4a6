"""The terminal: one verb for each thing a person does. Verbs are imported when they are called."""

import errno
import os
import signal
import sqlite3
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import FrameType

import click

from clew.errors import ClewError, UsageError

VERBS = {
    "chat": "Ingest a folder, then open the chat page on it.",
    "ingest": "Bring the index up to date with a folder.",
    "ask": "Answer a question, with citations.",
    "continue": "Go on with an answer given before.",
    "search": "Show the evidence for a question; write no answer.",
    "cite": "Check whether sources support sentences.",
    "reindex": "Make the index anew with what is set now.",
    "move": "Move the index to the servers that are set, or back to its folder.",
    "markdown": "Show the Markdown that would be indexed for a file.",
    "graph": "Count, show and export who is named where; join and part entities.",
    "router": "Ask, measure and teach the part that picks the way.",
    "status": "Say what the index holds.",
    "eval": "Measure, compare and explain.",
    "doctor": "Check what is configured, reachable and missing.",
}


FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
BARRED = (
    errno.EACCES,
    errno.EEXIST,
    errno.EPERM,
    errno.EROFS,
    errno.ENOENT,
    errno.ENOTDIR,
    errno.EISDIR,
    errno.ENAMETOOLONG,
)
DAMAGED = (
    "vectors.sqlite, replies.sqlite and reports.sqlite in the index folder are caches: delete them. "
    "If it is manifest.sqlite, put back a copy of the index folder, or remove it and ingest again."
)
FULL_SIGNS = ("No space left", "disk is full", "disk I/O error", "File too large")


class Verbs(click.Group):
    """Knows every verb by name and imports only the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        taken = "_" if cmd_name in ("continue", "graph", "ingest") else ""  # a keyword, and names of rooms
        command: click.Command = import_module(f"ui.commands.{cmd_name}{taken}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with: clew chat FOLDER. Settings are read from CLEW_… in the environment: clew doctor -h lists them.",
)
@click.version_option(package_name="clew", message="%(prog)s %(version)s")
def clew() -> None:
    """Ask your own folder of documents; every sentence of an answer leads back to its source."""


def main() -> None:
    """Run ``clew``."""
    sys.exit(run(clew, sys.argv[1:]))


def ingest_main() -> None:
    """Run ``ingest``, which is ``clew ingest``."""
    sys.exit(run(clew, ["ingest", *sys.argv[1:]]))


def run(group: click.Command, arguments: list[str]) -> int:
    """Run a command line and return its exit code; errors are told on stderr, never as a traceback."""
    # OpenBLAS raises this flag now and then where every number is finite: numpy/numpy#24067.
    warnings.filterwarnings("ignore", "invalid value encountered in matmul", RuntimeWarning)
    with _noted_interrupts() as interrupts:
        try:
            _demand_text(arguments)
            code = group.main(arguments, prog_name="clew", standalone_mode=False)
        except (Exception, KeyboardInterrupt) as error:
            if interrupts or isinstance(error, KeyboardInterrupt | click.Abort):
                kept = " What was finished is kept; run the same command again to go on." if _goes_on(arguments) else ""
                click.echo(f"Interrupted.{kept}", err=True)
                return 130
            return _explained(error)
    return code if isinstance(code, int) else 0


@contextmanager
def _noted_interrupts() -> Iterator[list[int]]:
    """Each Ctrl-C, noted: a library that is just being loaded may tell it as an error of its own."""
    noted: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        noted.append(number)
        signal.default_int_handler(number, frame)

    ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    ours = ours and threading.current_thread() is threading.main_thread()
    if ours:
        signal.signal(signal.SIGINT, note)
    try:
        yield noted
    finally:
        if ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)


def _explained(error: BaseException) -> int:
    """Tell an error as a person should read it; what is a fault of this program is raised."""
    if isinstance(error, ClewError):
        click.secho(f"Error: {error.message}", fg="red", err=True)
        if error.remedy:
            click.echo(error.remedy, err=True)
        return error.exit_code
    if isinstance(error, click.ClickException):
        error.show()
        return 2
    if isinstance(error, OSError):
        if error.errno in FULL:
            return _full(error)
        if error.errno in BARRED:
            return _told(f"{_shown(str(error.filename))}: {error.strerror}.", "Check the path and the rights to it.")
    elif any(sign in str(error) for sign in FULL_SIGNS):
        return _full(error)
    elif isinstance(error, sqlite3.DatabaseError):
        return _told(f"A database of the index is damaged or barred: {error}.", DAMAGED)
    raise error


def _demand_text(arguments: list[str]) -> None:
    """UsageError for an argument that is no UTF-8, unless it is the name of something on this disk."""
    for given in arguments:
        try:
            given.encode()
        except UnicodeEncodeError:
            if not os.path.lexists(given):
                raise UsageError(f"“{_shown(given)}” is not UTF-8.", "Write it in UTF-8, and try again.") from None


def _goes_on(arguments: list[str]) -> bool:
    """Whether a command that was interrupted goes on from there at its next run."""
    return arguments[:1] in ([verb] for verb in ("chat", "ingest", "reindex", "move", "eval")) or (
        arguments[:2] == ["router", "label"]
    )


def _shown(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _full(error: BaseException) -> int:
    return _told(
        f"The disk is full, or a limit on file sizes was reached: {error}",
        "Make room and run the same command again; what was finished is kept.",
    )


def _told(message: str, remedy: str) -> int:
    click.secho(f"Error: {message}", fg="red", err=True)
    click.echo(remedy, err=True)
    return 1


if __name__ == "__main__":
    main()
