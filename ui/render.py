"""What the terminal shows."""

import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.measure import Measurement
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from clew.records import Answer, Citation, Loss
from ingest.report import Report
from retrieve.assistant import Search
from retrieve.checkup import Check
from retrieve.keepgoing import has_more
from retrieve.move import Part
from retrieve.shared import said
from ui.excerpt import place, readable
from ui.words import counted, kind_of, unfound, way_of

OUT = Console(highlight=False, emoji=False, soft_wrap=True)  # ":ship:" in a document or a file's name stays as it is
ERR = Console(stderr=True, highlight=False, emoji=False)
EVERY = 15.0  # seconds between two lines where no bar can be drawn
LISTED = 10  # pieces of evidence explained
SHOWN = 20  # losses listed one by one
EXCERPT = 300  # characters of a passage shown


class Bar:
    """A progress bar on stderr, drawn on a terminal; elsewhere a line now and then. It ends with its command, however
    that ends."""

    def __init__(self) -> None:
        self._bar: Progress | None = None
        self._told = time.monotonic()

    def start(self, label: str, total: int | None) -> None:
        if total == 0:
            return
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[note]}"),
            console=ERR,
            transient=True,
            disable=not ERR.is_terminal,
        )
        if command := click.get_current_context(silent=True):
            command.call_on_close(self.finish)  # an error or Ctrl-C would leave the cursor hidden
        self._bar.start()
        self._task = self._bar.add_task(label, total=total, note="")

    def advance(self, by: int = 1, note: str = "") -> None:
        if self._bar is not None:
            self._bar.update(self._task, advance=by, note=escape(note[-24:]))
            if self._bar.disable and time.monotonic() - self._told >= EVERY:
                self._told = time.monotonic()
                task = self._bar.tasks[self._task]
                of = "" if task.total is None else f"/{task.total:,.0f}"
                ERR.print(f"{task.description}: {task.completed:,.0f}{of} {escape(note)}".rstrip(), soft_wrap=True)

    def finish(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def moved(parts: Sequence[Part], *, unset: bool) -> None:
    """What went where; ``unset`` where settings still name the servers."""
    if not parts:
        OUT.print("The index is there already.")
    for part in parts:
        OUT.print(f"{part.count} {part.name} moved from {said(part.source)} to {said(part.target)}; both were equal.")
    if unset:
        OUT.print("Now unset CLEW_QDRANT_URL and CLEW_NEO4J_URI, or the next command looks for the index there.")


def report(done: Report) -> None:
    """The summary of a run, then its losses."""
    counts = done.documents
    parts = [
        f"{getattr(counts, name)} {name}"
        for name in ("added", "changed", "renamed", "deleted", "unchanged")
        if getattr(counts, name)
    ]
    failed = f"; {counts.failed} of them could not be read" if counts.failed else ""
    OUT.print(f"[bold]{counted(counts.seen, 'document')}[/]: {', '.join(parts) or 'nothing to do'}{failed}")
    held = [counted(done.chunks, "passage")]
    if done.entities:
        held += [counted(done.entities, "name"), counted(done.triples, "fact")]
    OUT.print(f"The index holds {', '.join(held)}. ({done.ms['total'] / 1000:.1f} s)")
    if done.excluded:
        first = ", ".join(done.excluded[:3]) + (", …" if len(done.excluded) > 3 else "")
        OUT.print(f"Left out by .gitignore or .clewignore: {len(done.excluded)} ({escape(first)})")
    losses(done.losses)


def losses(lost: Sequence[Loss]) -> None:
    """What did not reach the index, and what to do about it."""
    if not lost:
        return
    ERR.print(f"\n[yellow]{counted(len(lost), 'loss', 'losses')}[/] ({_by_kind(lost)}):")
    for one in lost[:SHOWN]:
        page = f", page {one.page}" if one.page is not None else ""
        ERR.print(f"  [bold]{escape(one.path)}[/]{page}: {escape(one.reason)}", soft_wrap=True)
        ERR.print(f"    [dim]{escape(one.remedy)}[/]", soft_wrap=True)
    if len(lost) > SHOWN:
        ERR.print(f"  … and {len(lost) - SHOWN} more: clew status --json lists them all.")


def stream(text: str) -> None:
    """A piece of an answer as it comes."""
    sys.stdout.write(text)
    sys.stdout.flush()


def sources(answer: Answer) -> None:
    """Behind a streamed answer: its sources, how it was found, and how to go on."""
    OUT.print("\n" if answer.citations else "")
    lines = (_source(citation) for citation in answer.citations)
    said = (_line(answer.text[one.span.slice]) for one in answer.sentences if not one.supported)
    unsupported = (f"[red]Not supported by the documents:[/] {escape(one)}" for one in said)
    for line in dict.fromkeys((*lines, *unsupported)):  # a model may say and cite the same more than once
        OUT.print(line)
    for note in answer.notes:
        OUT.print(f"[yellow]{escape(note)}[/]")
    if missing := unfound(answer):
        OUT.print(f"[yellow]{escape(missing)}[/]")
    OUT.print(f"[dim]{way_of(answer.route)} · {answer.ms['total']:.0f} ms[/]")
    if has_more(answer):
        OUT.print(f"[dim]Keep going: clew continue {answer.id}[/]")


def _source(citation: Citation) -> str:
    """What a marker stands for, and where in it."""
    chunk, span = citation.chunk, citation.span
    under = f" › {' › '.join(chunk.headings[-1:])}" if chunk.headings else ""
    mark = "" if citation.supported else " [red](not supported by its source)[/]"
    where = f"[bold]{escape(chunk.document.path)}[/]{place(chunk, span.start)}"
    return f"\\[{citation.marker}] {where}[dim]{escape(under)} ({span.start}–{span.end})[/]{mark}"


def walk(answer: Answer) -> None:
    """The evidence in order, each piece with the sentences and triples that led to it."""
    for rank, piece in enumerate(answer.evidence[:LISTED], 1):
        OUT.print(f"{rank}. [bold]{escape(piece.chunk.document.path)}[/] [dim]{piece.via} {piece.score:.3f}[/]")
        for fact in piece.facts:
            stated = f" [cyan]{escape(' — '.join(fact.triple))}[/]" if fact.triple else ""
            OUT.print(f"   ← {escape(_line(fact.text))} [dim]({escape(fact.document.path)})[/]{stated}")


def search(found: Search) -> None:
    """The evidence, a block for each passage."""
    for rank, piece in enumerate(found.found.evidence, 1):
        document = piece.chunk.document
        at = place(piece.chunk, piece.chunk.span.start)
        OUT.print(f"[bold]{rank}. {escape(document.path)}[/]{at} [dim]{piece.via} {piece.score:.4f}[/]")
        for fact in piece.facts[:3]:
            OUT.print(f"   [cyan]via[/] {escape(_line(fact.text))} [dim]({escape(fact.document.path)})[/]")
        said = _line(readable(piece.chunk.text))
        OUT.print("   " + escape(said[:EXCERPT].rstrip()) + (" …" if len(said) > EXCERPT else ""))
    if found.found.uncovered:
        OUT.print(f"[yellow]Nothing found on:[/] {escape(', '.join(found.found.uncovered))}")


def status(body: Mapping[str, Any]) -> None:
    """The index at a glance."""
    types = {kind_of(name): count for name, count in body["types"].items()}
    for name, value in (
        *((name, body[name]) for name in ("index", "kept_in", "filled_from", "embedder", "collections", "documents")),
        ("passages", body["chunks"]),
        ("types", types),
        ("languages", body["languages"]),
    ):
        if isinstance(value, dict):
            value = ", ".join(f"{key or '(unnamed)'}: {count}" for key, count in value.items())
        OUT.print(f"[bold]{name.replace('_', ' '):<11}[/]  {escape(str(value))}")
    if body["lacking"]:
        OUT.print(f"[red]Something is lost:[/] {escape(body['lacking'])}. Mend it with: clew reindex")


def checks(found: Sequence[Check]) -> None:
    """One line a check, and what to do where it failed."""
    for one in found:
        sign = "[green]✓[/]" if one.ok else "[red]✗[/]"
        value = f" {escape(one.value)}" if one.value else ""
        OUT.print(f"{sign} [bold]{one.name}[/]{value} [dim]{escape(one.says)}[/]")
        if not one.ok:
            OUT.print(f"  {escape(one.remedy)}")


def wide(table: Table) -> None:
    """A table with nothing cut off, however narrow the terminal is."""
    table.width = Measurement.get(OUT, OUT.options.update_width(1000), table).maximum
    OUT.print(table)


def _line(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


def _by_kind(lost: Sequence[Loss]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in Counter(one.kind for one in lost).most_common())
