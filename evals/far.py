"""How near answers from a graph on a server come to those from one at hand, and what they take.

``python -m evals.far --data DIR --here INDEX --there INDEX``: the same folder ingested twice, into the embedded graph
and, with CLEW_NEO4J_URI and its like set, into the server's.
"""

import statistics
import time
from collections.abc import Sequence
from pathlib import Path

import click

from clew.settings import Settings, load
from evals.suites import load_suite

TOP = 10


@click.command()
@click.option("--suite", default="2wiki-6119")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), envvar="CLEW_DATA")
@click.option("--here", type=click.Path(path_type=Path, file_okay=False), required=True, help="The embedded index.")
@click.option("--there", type=click.Path(path_type=Path, file_okay=False), required=True, help="The server's index.")
def main(suite: str, data: Path | None, here: Path, there: Path) -> None:
    """Print the overlap of the first ten of the graph path, and milliseconds a question."""
    questions = [case.question for case in load_suite(suite, data).cases]
    settings = load()
    near, beside = _asked(here, settings.model_copy(update={"neo4j_uri": ""}), questions, rounds=2)
    far, rounds = _asked(there, settings, questions, rounds=2)
    shares = [len(set(ours) & set(theirs)) / max(len(theirs), 1) for ours, theirs in zip(far, near, strict=True)]
    same = sum(ours == theirs for ours, theirs in zip(far, near, strict=True))
    click.echo(f"{len(questions)} questions; the first {TOP}: overlap {statistics.mean(shares):.3f}, {same} the same")
    for name, each in (("embedded", beside), ("server", rounds)):
        for nth, times in enumerate(each, 1):
            ordered = sorted(times)
            p50, p95 = statistics.median(ordered), ordered[int(0.95 * len(ordered))]
            click.echo(f"{name}, round {nth}: p50 {p50:.0f} ms, p95 {p95:.0f} ms, longest {ordered[-1]:.0f} ms")


def _asked(
    where: Path, settings: Settings, questions: Sequence[str], *, rounds: int
) -> tuple[list[list[str]], list[list[float]]]:
    """The chunks found for each question, and the milliseconds each took in each round."""
    from retrieve.assembly import open_index

    times: list[list[float]] = []
    found: list[list[str]] = []
    with open_index(where, settings, doing="far") as index:
        index.assistant.search("Is anybody there?", path="graph")
        for _ in range(rounds):
            times.append([])
            found = []
            for question in questions:
                started = time.perf_counter()
                search = index.assistant.search(question, path="graph", limit=TOP)
                times[-1].append((time.perf_counter() - started) * 1000)
                found.append([piece.chunk.id for piece in search.found.evidence])
    return found, times


if __name__ == "__main__":
    main()
