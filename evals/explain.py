"""Everything a result knows about one question, as lines of text."""

import difflib
from collections.abc import Iterator

from clew.errors import ClewError
from evals.result import CaseResult, Result
from evals.systems import ORACLE

SHOWN = 12


def case_rows(result: Result, case: str) -> tuple[CaseResult, ...]:
    """The rows of a case, one a system. An unknown id is an error that names the nearest ones."""
    rows = tuple(row for row in result.cases if row.id == case)
    if not rows:
        ids = list(dict.fromkeys(row.id for row in result.cases))
        near = difflib.get_close_matches(case, ids, n=5, cutoff=0.3) or ids[:5]
        raise ClewError(
            f"The run has no case {case!r}.", f"Near it: {', '.join(near)}" if near else "The run has no cases."
        )
    return rows


def explain(result: Result, case: str) -> Iterator[str]:
    """The question, its gold, and for each system the route, the ranking, the answer and the failure point."""
    rows = case_rows(result, case)
    first = rows[0]
    yield f"{first.id} ({result.suite}, {first.lang})"
    yield f"Question   {first.question}"
    if first.reference is not None:
        yield f"Reference  {first.reference}"
    if not first.answerable:
        yield "Gold       none: the corpus does not tell, an answer should abstain"
    for gold in first.gold:
        yield f"Gold       {gold}"
    for n, fact in enumerate(first.gold_facts):
        yield f"Fact {n}     “{fact}”"
    if first.expected_path:
        yield f"Path       {first.expected_path}"
    for row in rows:
        yield ""
        if row.system == ORACLE:
            yield f"== {ORACLE}: chose {row.route.path}"
        else:
            yield from _system(row)


def _system(row: CaseResult) -> Iterator[str]:
    yield f"== {row.system}: {row.failure or 'no failure'}"
    if row.reason:
        yield f"   {row.reason}"
    way = row.route
    yield f"   route {way.path} ({way.decided_by}, {way.confidence:.0%})" + (
        f"{', compute' if way.compute else ''}{', fresh' if way.fresh else ''}"
    )
    ranks = {document: n for n, document in enumerate(row.documents, 1)}
    for gold in row.gold:
        yield f"   {gold}: {f'rank {ranks[gold]}' if gold in ranks else 'not in the ranking'}"
    for n, seen in enumerate(row.ranked[:SHOWN], 1):
        sign = "*" if seen.document in row.gold else " "
        holds = f"  holds {', '.join(f'fact {fact}' for fact in seen.holds)}" if seen.holds else ""
        named = f" {seen.title}" if seen.title and seen.title != seen.document else ""
        via = f" via {seen.via}" if seen.via else ""
        yield f"   {sign}{n:3d} [{ranks[seen.document]}] {seen.document}{named}  {seen.score:.4f}{via}{holds}"
        for fact in seen.facts[:3]:
            yield f"          led by “{' '.join(fact.split())}”"
    if len(row.ranked) > SHOWN:
        yield f"       … {len(row.ranked) - SHOWN} more chunks"
    if row.answer is not None:
        yield from _answer(row)
    yield "   " + "  ".join(f"{name} {value:.3g}" for name, value in row.metrics.items())
    yield "   " + "  ".join(f"{stage} {took:.1f} ms" for stage, took in row.ms.items())


def _answer(row: CaseResult) -> Iterator[str]:
    said = row.answer
    assert said is not None
    yield f"   answer ({said.finish}):"
    for line in said.text.splitlines():
        yield f"      {line}"
    for quote in said.quotes:
        sign = "*" if quote.document in row.gold else " "
        mark = "" if quote.supported else "  NOT SUPPORTED"
        text = " ".join(quote.quote.split())
        yield f"   {sign}[{quote.marker}] {quote.document} ({quote.support:.2f}){mark} “{text[:160]}”"
    if said.uncovered:
        yield f"   not covered: {', '.join(said.uncovered)}"
