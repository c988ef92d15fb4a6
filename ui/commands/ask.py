"""``clew ask``: answer a question, with citations."""

from pathlib import Path

import click

from clew.records import RoutePath
from ui import options


@click.command(name="ask")
@click.argument("question")
@options.path_option
@click.option("--explain", is_flag=True, help="Show the facts that led to each piece of evidence.")
@click.option("--show-prompt", is_flag=True, help="Show exactly what the language model would be sent, and stop.")
@options.scope_options
@options.index_option
@options.json_option
def command(
    question: str,
    path: RoutePath | None,
    explain: bool,
    show_prompt: bool,
    index: Path | None,
    as_json: bool,
    **scope: str | None,
) -> int:
    """Answer QUESTION from the indexed documents, each sentence with its source.

    Where the documents do not tell, Clew says so, shows the closest it found, and the exit code is 4.
    """
    from ui import render, shapes

    where = options.scope_of(**scope)
    with options.opened(index, doing="ask") as opened:
        options.must_exist(where, path, opened)
        if show_prompt:
            click.echo(opened.assistant.prompt(question, path=path, scope=where) or "No language model would be asked.")
            return 0
        on_text = None if as_json else render.stream
        answer = opened.assistant.ask(question, path=path, scope=where, on_text=on_text)
        opened.learn(answer)
        if answer.finish == "abstained":
            options.say_if_empty(opened)
    if as_json:
        options.print_json("ask", shapes.answer(answer))
    else:
        render.sources(answer)
        if explain:
            render.walk(answer)
    if answer.finish == "stopped":
        return options.interrupted(answer.id)
    return 4 if answer.finish == "abstained" else 0
