"""Where a case went wrong, by the seven failure points of Barnett et al. 2024 (arXiv 2401.05856), with the reason.

The points follow the way a question takes; the first that fits is named.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from evals.cases import Case
from evals.metrics import documents
from evals.observe import Observation, Said
from evals.text import contains, plain, token_recall, tokens, words

Point = Literal[
    "missing content",
    "missed by ranking",
    "lost before the prompt",
    "not extracted",
    "wrong format",
    "wrong specificity",
    "incomplete",
]
YES_NO = frozenset({"yes", "no", "是", "否", "不是"})
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, in one name and one sentence."""

    point: Point
    reason: str


@dataclass(frozen=True, slots=True)
class Absent:
    """What the index lacks of a case: gold documents, and gold facts that stand in no chunk of them."""

    documents: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


def failure(case: Case, observation: Observation, *, k: int, absent: Absent) -> Failure | None:
    """The failure of a case, or None if its gold is within the first ``k`` documents and its answer, if one was
    asked for, is right."""
    said = observation.answer
    if not case.answerable:
        if said is None or said.finish == "abstained":
            return None
        return Failure("missing content", "The corpus does not tell, but the answer did not abstain.")
    return _of_ranking(case, observation, k, absent) or (_of_answer(case, said) if said is not None else None)


def _of_ranking(case: Case, observation: Observation, k: int, absent: Absent) -> Failure | None:
    if absent.documents:
        return Failure("missing content", f"Not in the index: {_list(absent.documents)}.")
    if absent.facts:
        return Failure("missing content", f"In no chunk of the gold documents: {_list(absent.facts)}.")
    found = documents(observation)
    late = [gold for gold in case.gold_documents if gold not in found[:k]]
    if late:
        ranks = [f"{gold} ({f'rank {found.index(gold) + 1}' if gold in found else 'not ranked'})" for gold in late]
        return Failure("missed by ranking", f"Not among the first {k} documents: {_list(ranks)}.")
    first = set(found[:k])
    held = {n for seen in observation.ranked if seen.document in first for n in seen.holds}
    lost = [fact for n, fact in enumerate(case.gold_facts) if n not in held]
    if lost:
        return Failure("missed by ranking", f"The documents were found, not the chunk that says: {_list(lost)}.")
    return None


def _of_answer(case: Case, said: Said) -> Failure | None:
    text = plain(said.text)
    facts = {n for n, fact in enumerate(case.gold_facts) if any(contains(q.quote, fact) for q in said.quotes)}
    facts |= set(said.holds)
    if any(contains(text, reference) for reference in case.references):
        return None
    if case.gold_facts and len(facts) == len(case.gold_facts):
        return None
    if not case.references and not case.gold_facts:
        return None
    unused = [gold for gold in case.gold_documents if gold not in said.evidence]
    if unused and said.finish != "abstained":
        return Failure("lost before the prompt", f"Ranked, but not among the answer's evidence: {_list(unused)}.")
    if said.finish == "abstained":
        return Failure("not extracted", "The evidence was there, but the answer abstained.")
    form = _wrong_form(case, text, said)
    if form:
        return Failure("wrong format", form)
    if said.finish == "length":
        return Failure("incomplete", "The answer was cut at its length.")
    if facts:
        rest = [fact for n, fact in enumerate(case.gold_facts) if n not in facts]
        return Failure("incomplete", f"Left out: {_list(rest)}.")
    if token_recall(text, case.references) >= HALF:
        return Failure("wrong specificity", f"Most of the words of {case.answer!r} are there, but not the statement.")
    return Failure("not extracted", f"{case.answer!r} stands in the evidence, but not in the answer.")


def _wrong_form(case: Case, text: str, said: Said) -> str:
    if said.finish in ("error", "stopped") or not words(text):
        return f"No answer was written (finish: {said.finish})."
    wanted = tokens(case.answer or "")
    if len(wanted) == 1 and wanted[0] in YES_NO and not YES_NO & set(tokens(text)):
        return "The question wants yes or no."
    if wanted and re.fullmatch(r"\d+", "".join(wanted)) and not re.search(r"\d", text):
        return "The question wants a number."
    return ""


def _list(things: Collection[str]) -> str:
    shown = [thing if len(thing) <= 80 else thing[:77] + "…" for thing in things]
    return "; ".join(shown[:3]) + (f" and {len(shown) - 3} more" if len(shown) > 3 else "")
