"""Which code a figure was measured with."""

import hashlib
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent


def code_sha256(*names: str) -> str:
    """A hash over the files of rooms (or over single files), named relative to the checkout."""
    whole = hashlib.sha256()
    for name in names:
        top = ROOT / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and "__pycache__" not in path.parts:
                for part in (path.relative_to(ROOT).as_posix().encode(), path.read_bytes()):
                    whole.update(len(part).to_bytes(8, "little"))
                    whole.update(part)
    return whole.hexdigest()


def commit() -> str | None:
    """The commit that is checked out, ``-dirty`` behind it if files differ; None outside a checkout."""
    head = _git("rev-parse", "HEAD")
    return f"{head}-dirty" if head and _git("status", "--porcelain") else head


def _git(*arguments: str) -> str | None:
    """What git says (its arguments come from here alone), or None if there is no git or no checkout."""
    try:
        done = subprocess.run(  # noqa: S603
            ["git", "-C", str(ROOT), *arguments],  # noqa: S607
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() or None
