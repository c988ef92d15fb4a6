"""Walk a folder: which files are to be read, which its owner excluded, and which cannot be had."""

import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pathspec import GitIgnoreSpec

from clew.errors import ClewError, UsageError
from clew.records import Loss

RULE_FILES = (".gitignore", ".clewignore")  # the later one wins where both speak
EXAMPLES = 20
BY_RULE = " (by rule)"
SIGN = re.compile(r"\\(?=x(?:[0189a-f][0-9a-f]|5c|7f))")
STARS = re.compile(r"(?:(?<!\*)\*++[^*/]++){4}")  # in one name: matching them takes time by the fourth power and more
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")  # the latter turn the line around


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file to read. ``path`` is relative to the folder, with forward slashes, and always printable text;
    ``absolute`` is what the system knows it by; ``mtime`` in seconds."""

    path: str
    absolute: Path
    size: int
    mtime: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What a folder holds. ``ignored`` counts what is left alone (a folder counts once), and ``examples`` names the
    first few with the reason; ``excluded`` are those that its owner's rules exclude; ``closed`` are the files and
    folders that could not be opened, of which nobody knows whether they changed."""

    files: tuple[File, ...]
    losses: tuple[Loss, ...] = ()
    ignored: int = 0
    examples: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()

    def hides(self, path: str) -> bool:
        """Whether there may be a file at ``path`` all the same, though none was seen."""
        return any(path == closed or path.startswith(f"{closed}/") for closed in self.closed)


def scan(root: Path, *, max_bytes: int) -> Scan:
    """List the files below ``root`` in the order of their paths. An index kept inside excludes itself by a rule."""
    if not root.exists():
        raise UsageError(f"There is no folder {printable(str(root))}.", "Check the path, or create the folder first.")
    if not root.is_dir():
        raise UsageError(f"{printable(str(root))} is a file, not a folder.", "Name the folder that holds it.")
    walk = _Walk(root.resolve(), max_bytes)
    walk.folder(walk.root, "", ())
    walk.follow()
    return Scan(
        files=tuple(sorted(walk.files, key=lambda f: f.path)),
        losses=tuple(sorted(walk.losses, key=lambda loss: loss.path)),
        ignored=len(walk.ignored),
        examples=tuple(sorted(walk.ignored)[:EXAMPLES]),
        excluded=tuple(sorted(one.removesuffix(BY_RULE) for one in walk.ignored if one.endswith(BY_RULE))),
        closed=tuple(sorted(walk.closed)),
    )


def printable(path: str) -> str:
    """A path as text: bytes that are no UTF-8, and control characters, show as ``\\xNN``. A name that has such signs
    of its own shows them with the backslash as ``\\x5c``, so that two names never become one."""
    path = SIGN.sub(r"\\x5c", path)
    return CONTROL.sub(_bytes, os.fsencode(path).decode("utf-8", "backslashreplace"))


def _bytes(control: re.Match[str]) -> str:
    return "".join(f"\\x{byte:02x}" for byte in control[0].encode())


Rules = tuple[tuple[str, GitIgnoreSpec], ...]


class _Walk:
    """One walk through one folder, gathering as it goes."""

    def __init__(self, root: Path, max_bytes: int) -> None:
        self.root = root
        self.max_bytes = max_bytes
        self.met: set[Path] = set()  # files and folders that are read, or whose loss is told
        self.links: list[tuple[str, Path]] = []
        self.files: list[File] = []
        self.losses: list[Loss] = []
        self.ignored: list[str] = []
        self.closed: list[str] = []

    def folder(self, here: Path, base: str, rules: Rules) -> None:
        pending = [(here, base, rules)]
        while pending:  # no recursion: folders may nest deeper than Python's stack
            here, base, rules = pending.pop()
            self.met.add(here)
            try:
                with os.scandir(here) as listing:
                    entries = sorted(listing, key=lambda e: e.name)
            except OSError as error:
                if not base:  # not an empty folder: what is known of it must not be removed
                    raise ClewError(f"{printable(str(here))} cannot be opened ({error.strerror}).", GRANT) from error
                self.close(base.rstrip("/"), f"the folder cannot be opened ({error.strerror})")
                continue
            rules += self.rules_of(here, base, {e.name for e in entries})
            for entry in entries:
                relative = base + entry.name
                if entry.name.startswith("."):
                    self.ignore(relative, "hidden")
                elif entry.is_symlink():
                    self.link(entry, relative, rules)
                elif entry.is_dir(follow_symlinks=False):
                    if _excluded(relative + "/", rules):
                        self.ignore(relative + "/", "by rule")
                    else:
                        pending.append((Path(entry.path), relative + "/", rules))
                elif _excluded(relative, rules):
                    self.ignore(relative, "by rule")
                else:
                    self.file(entry, relative)

    def rules_of(self, here: Path, base: str, names: set[str]) -> Rules:
        lines: list[str] = []
        for name in RULE_FILES:
            if name in names:
                try:
                    written = (here / name).read_text("utf-8", "replace").removeprefix("\ufeff").splitlines()
                except OSError as error:
                    self.lose(base + name, f"the rules cannot be read ({error.strerror})", GRANT)
                else:
                    lines += self.patterns(base + name, written)
        return ((base, GitIgnoreSpec.from_lines(lines)),) if lines else ()

    def patterns(self, file: str, lines: Iterable[str]) -> Iterator[str]:
        """The lines of a file of rules that can be matched: what is no pattern git ignores too, many stars are told."""
        for line in lines:
            if STARS.search(line) and not line.startswith("#"):
                self.lose(file, f"the rule {printable(line[:40])} is left out: too many stars", FEWER)
            elif _is_pattern(line):
                yield line

    def link(self, entry: os.DirEntry[str], relative: str, rules: Rules) -> None:
        if _excluded(relative, rules):
            self.ignore(relative, "by rule")
            return
        try:
            target = Path(entry.path).resolve(strict=True)
        except (OSError, RuntimeError):  # Python before 3.13 tells a loop by RuntimeError
            self.lose(relative, "the link leads nowhere or in a circle", "Repair or delete the link.")
            return
        if not target.is_relative_to(self.root):
            self.lose(relative, "the link leads out of the folder", "Copy what it points to into the folder.")
        elif target.is_dir() and Path(entry.path).parent.is_relative_to(target):
            self.lose(relative, "the link leads back to a folder above it", "Delete the link.")
        else:
            self.links.append((relative, target))

    def follow(self) -> None:
        """Tell what the links inside the folder lead to, once it is known what of it is read."""
        for relative, target in self.links:
            if target in self.met:
                self.ignore(relative, "a link to what is read anyway")
            else:
                remedy = "Copy what it points to, or exclude the link in .clewignore."
                self.lose(relative, "the link leads to what is hidden or excluded", remedy)

    def file(self, entry: os.DirEntry[str], relative: str) -> None:
        if entry.name.startswith("~$"):
            self.ignore(relative, "a lock file of an office program")
            return
        self.met.add(Path(entry.path))
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError as error:
            self.close(relative, f"the file cannot be opened ({error.strerror})")
            return
        if not stat.S_ISREG(status.st_mode):
            self.lose(relative, "not a regular file (a pipe, socket or device)", "Move it out of the folder.")
        elif not os.access(entry.path, os.R_OK):
            self.close(relative, "the file may not be read (permission denied)")
        elif status.st_size > self.max_bytes:
            size, limit = status.st_size / 1e6, self.max_bytes / 1e6
            self.lose(
                relative,
                f"too large: {size:,.1f} MB, the limit is {limit:,.1f} MB",
                "Set CLEW_MAX_FILE_MB higher, or split it.",
            )
        else:
            self.files.append(
                File(path=printable(relative), absolute=Path(entry.path), size=status.st_size, mtime=status.st_mtime)
            )

    def close(self, path: str, reason: str) -> None:
        self.lose(path, f"{reason}; what was read of it before stays", GRANT)
        self.closed.append(printable(path))

    def lose(self, path: str, reason: str, remedy: str) -> None:
        self.losses.append(Loss(path=printable(path), kind="skipped", reason=reason, remedy=remedy))

    def ignore(self, path: str, why: str) -> None:
        self.ignored.append(f"{printable(path)} ({why})")


FEWER = "Write it with at most three in a name."
GRANT = "Give yourself the right to read it, or exclude it in .clewignore."


def _excluded(path: str, rules: Rules) -> bool:
    """Ask the rules of the nearest folder first; the first that has an opinion decides, as git does."""
    for base, spec in reversed(rules):
        verdict = spec.check_file(path[len(base) :]).include
        if verdict is not None:
            return verdict
    return False


def _is_pattern(line: str) -> bool:
    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
