"""``clew search``: the evidence for a question."""

from pathlib import Path

import click

from clew.records import RoutePath
from ui import options


@click.command(name="search")
@click.argument("question")
@options.path_option
@click.option("-k", "limit", type=click.IntRange(1, 100), default=10, show_default=True, help="How many passages.")
@options.scope_options
@options.index_option
@options.json_option
def command(
    question: str, path: RoutePath | None, limit: int, index: Path | None, as_json: bool, **scope: str | None
) -> int:
    """Show the passages that bear on QUESTION, best first; no answer is written."""
    from ui import render, shapes

    where = options.scope_of(**scope)
    with options.opened(index, doing="search") as opened:
        options.must_exist(where, path, opened)
        found = opened.assistant.search(question, path=path, limit=limit, scope=where)
        if not found.found.evidence:
            options.say_if_empty(opened)
    if as_json:
        body = {
            "route": shapes.route(found.route),
            "evidence": [shapes.evidence(one) for one in found.found.evidence],
            "uncovered": list(found.found.uncovered),
            "ms": dict(found.ms),
        }
        options.print_json("search", body)
    else:
        render.search(found)
    return 0 if found.found.evidence else 4
