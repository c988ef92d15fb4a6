"""``clew continue``: go on with an answer."""

from pathlib import Path

import click

from ui import options


@click.command(name="continue")
@click.argument("id")
@options.index_option
@options.json_option
def command(id: str, index: Path | None, as_json: bool) -> int:  # noqa: A002
    """Go on with the answer ID: a cut one where it stopped, a complete one deeper, with what was not used yet."""
    from ui import render, shapes

    with options.opened(index, doing="continue") as opened:
        on_text = None if as_json else render.stream
        answer = opened.assistant.keep_going(opened.assistant.load(id), on_text=on_text)
    if as_json:
        options.print_json("continue", shapes.answer(answer))
    else:
        render.sources(answer)
    return options.interrupted(answer.id) if answer.finish == "stopped" else 0
