"""``clew graph``: what the graph holds, who is named where, and who is who."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clew.errors import UsageError
from clew.records import Chunk, Entity, Span
from ui import options

if TYPE_CHECKING:
    from graph.pipeline import FactGraph
    from retrieve.assembly import Index

SHOWN = 20
Outer = tuple[Path | None, bool]
"""What was given before the subcommand: ``--index`` and ``--json``."""


@click.group(name="graph", invoke_without_command=True)
@options.index_option
@options.json_option
@click.pass_context
def command(context: click.Context, index: Path | None, as_json: bool) -> None:
    """Count what the graph holds; show, export, join and part who is named in it."""
    context.obj = index, as_json
    if context.invoked_subcommand is not None:
        return
    with _graph(index, "graph") as (_, graph):
        counts = dict(graph.counts())
    if as_json:
        options.print_json("graph", {"counts": counts})
        return
    for what, count in counts.items():
        click.echo(f"{count:>9,}  {what}")


@command.command()
@click.argument("name")
@options.index_option
@options.json_option
@click.pass_obj
def show(outer: Outer, name: str, index: Path | None, as_json: bool) -> int:
    """Show what is said of NAME (a name or an id), sentence by sentence."""
    with _graph(index or outer[0], "graph show") as (opened, graph):
        entities = graph.store.find(name)
        if not entities:
            raise _unknown(name)
        shown = [_shown(opened, graph, entity) for entity in entities]
    if as_json or outer[1]:
        options.print_json("graph", {"entities": shown})
        return 0
    for one in shown:
        _print(one)
    return 0


@command.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@options.index_option
@click.pass_obj
def export(outer: Outer, file: Path, index: Path | None) -> None:
    """Write the graph to FILE: .graphml, or .jsonld (JSON-LD)."""
    from graph.export import write_graphml, write_json_ld

    write = {".graphml": write_graphml, ".jsonld": write_json_ld, ".json": write_json_ld}.get(file.suffix.lower())
    if write is None:
        raise UsageError(f"{file.name} is no format that Clew can write.", "Name a file .graphml or .jsonld.")
    with _graph(index or outer[0], "graph export") as (_, graph), file.open("wb") as out:
        write(graph.store, out)


@command.command()
@click.argument("names", nargs=-1, required=True)
@click.option("--note", default="", help="Why, for whoever reads it later.")
@options.index_option
@click.pass_obj
def merge(outer: Outer, names: tuple[str, ...], note: str, index: Path | None) -> None:
    """Take the entities called NAMES for one.

    NAMES are names or ids. They stay one whenever documents are read again.
    """
    with _graph(index or outer[0], "graph merge") as (_, graph):
        entities = [_one(graph, name).id for name in names]
        if len(set(entities)) < 2:
            raise UsageError("There is nothing to join: these are names of one entity.", "Name two entities or more.")
        graph.merge(entities, note)
        graph.settle()
        click.echo(f"{_one(graph, names[0]).name} is now one with {len(set(entities)) - 1} more.")


@command.command()
@click.argument("name")
@click.option("--document", "documents", multiple=True, required=True, help="A document that means someone else.")
@click.option("--note", default="", help="Why, for whoever reads it later.")
@options.index_option
@click.pass_obj
def split(outer: Outer, name: str, documents: tuple[str, ...], note: str, index: Path | None) -> None:
    """Take whom some documents call NAME for someone else.

    NAME is a name or an id; the other documents keep theirs.
    """
    with _graph(index or outer[0], "graph split") as (_, graph):
        ids = {source.path: source.id for source in graph.store.sources()}
        if unknown := sorted(set(documents) - ids.keys()):
            raise UsageError(f"There is no document {unknown[0]}.", "Name documents by their path in the folder.")
        graph.split(_one(graph, name).id, [ids[path] for path in documents], note)
        graph.settle()
        click.echo(f"{len(graph.store.find(name))} are called {name} now.")


@command.command()
@click.argument("name")
@options.index_option
@click.pass_obj
def undo(outer: Outer, name: str, index: Path | None) -> None:
    """Forget what was joined or parted by hand of NAME.

    NAME is a name or an id.
    """
    with _graph(index or outer[0], "graph undo") as (_, graph):
        found = graph.store.find(name)
        if not found:
            raise _unknown(name)
        for entity in found:
            graph.forget(entity.id)
        graph.settle()


@contextmanager
def _graph(index: Path | None, doing: str) -> "Iterator[tuple[Index, FactGraph]]":
    """The index and its graph, held for as long as the command runs."""
    with options.opened(index, doing=doing) as opened:
        options.must_have_graph(opened)
        assert opened.facts is not None
        with opened.unit():
            yield opened, opened.facts


def _unknown(name: str) -> UsageError:
    return UsageError(f"Nothing in the documents is called {name!r}.", "Try another spelling, or clew search.")


def _one(graph: "FactGraph", name: str) -> Entity:
    found = graph.store.find(name)
    if not found:
        raise _unknown(name)
    if len(found) > 1:
        ids = ", ".join(entity.id for entity in found)
        raise UsageError(f"{len(found)} are called {name!r}.", f"Name one by its id: {ids}")
    return found[0]


def _shown(opened: "Index", graph: "FactGraph", entity: Entity) -> dict[str, Any]:
    around = graph.store.neighbourhood(entity.id)
    assert around is not None
    chunks = opened.store.fetch(
        sorted({p.chunk for p in around.places} | {r.triple.chunk_id for r in around.relations})
    )
    mentions = [
        _sentence(chunks[p.chunk], chunks[p.chunk].sentences[p.sentence])
        for p in around.places
        if p.chunk in chunks and 0 <= p.sentence < len(chunks[p.chunk].sentences)
    ]
    named = {entity.id: entity, **around.others}
    relations = [
        {
            "subject": named[r.subject].name,
            "predicate": r.triple.predicate,
            "object": named[r.object].name,
            "confidence": r.triple.confidence,
            **_sentence(chunks[r.triple.chunk_id], r.triple.span),
        }
        for r in around.relations
        if r.triple.chunk_id in chunks
    ]
    about = sorted({chunks[p.chunk].document.path for p in around.places if p.sentence < 0 and p.chunk in chunks})
    return {
        "entity": {"id": entity.id, "name": entity.name, "kind": entity.kind, "aliases": list(entity.aliases)},
        "why": list(around.why),
        "about": about,
        "mentions": sorted(mentions, key=lambda m: (m["document"], m["start"])),
        "relations": relations,
    }


def _sentence(chunk: Chunk, span: Span) -> dict[str, Any]:
    return {
        "document": chunk.document.path,
        "chunk": chunk.id,
        "start": span.start,
        "end": span.end,
        "text": chunk.quote(span).strip(),
    }


def _print(one: dict[str, Any]) -> None:
    entity = one["entity"]
    also = f", also {', '.join(entity['aliases'])}" if entity["aliases"] else ""
    click.echo(f"{entity['name']} ({entity['kind']}{also})  {entity['id']}")
    if one["why"]:
        click.echo(f"  one because of: {'; '.join(one['why'])}")
    if one["about"]:
        click.echo(f"  in the title of: {', '.join(one['about'])}")
    for relation in one["relations"][:SHOWN]:
        click.echo(f"  {relation['subject']} — {relation['predicate']} — {relation['object']}")
    for mention in one["mentions"][:SHOWN]:
        click.echo(f"  [{mention['document']}] {' '.join(mention['text'].split())}")
    for what in ("relations", "mentions"):
        if len(one[what]) > SHOWN:
            click.echo(f"  … {len(one[what]) - SHOWN} more {what}; --json shows all")
