"""``clew doctor``: what is configured, reachable and missing."""

import click

from ui import options


@click.command(name="doctor")
@options.index_option
@options.json_option
def command(index: object, as_json: bool) -> int:
    """Check models, stores and the index: what is set, what can be reached, what is missing and what to do."""
    from pathlib import Path

    from retrieve.checkup import checkup
    from ui import render

    checks = checkup(options.settings_with(index if isinstance(index, Path) else None), Path.cwd())
    if as_json:
        rows = [
            {"name": one.name, "value": one.value, "ok": one.ok, "says": one.says, "remedy": one.remedy}
            for one in checks
        ]
        options.print_json("doctor", {"checks": rows})
    else:
        render.checks(checks)
    return 0 if all(one.ok for one in checks) else 6
