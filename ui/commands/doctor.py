"""``clew doctor``: what is configured, reachable and missing."""

import click

from ui import options


class Listing(click.Command):
    """A command whose help ends with every setting."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from clew.settings import Settings

        fields = Settings.model_fields.items()
        with formatter.section("Settings, in the environment"):
            formatter.write_dl([(f"CLEW_{name.upper()}", one.description or "") for name, one in fields])


@click.command(name="doctor", cls=Listing)
@options.index_option
@options.json_option
def command(index: object, as_json: bool) -> int:
    """Check models, stores and the index: what is set, what can be reached, what is missing and what to do.

    The exit code is that of the first thing that fails: 6 where a model or server cannot be reached.
    """
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
    return next((one.exit_code for one in checks if one.exit_code), 0)
