"""Label questions with a language model by the rubric: blind votes, more of them only where they differ.

Each finished question is one line of the output file, so a run that was stopped goes on where it was.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, TypeVar

from pydantic import BaseModel

from clew.language import language_of
from clew.models.llm import Message
from clew.ports import Progress
from clew.progress import Silent
from retrieve.router.labelled import FOLDER, Question, rows

RUBRIC = FOLDER / "RUBRIC.md"
PROMPT = "1"  # version of the words around the rubric: other words must not find kept replies
HEADS = ("path", "compute", "fresh")
MOST = 3  # times the votes asked for first: more do not settle a question that splits evenly
S = TypeVar("S", bound=BaseModel)


class Vote(BaseModel):
    """One vote, as the model is asked to write it."""

    path: Literal["direct", "passages", "graph", "global"]
    compute: Literal["yes", "no"]
    fresh: Literal["yes", "no"]


class Voter(Protocol):
    """A language model that fills in a schema (``clew.models.llm.Model``)."""

    def structured(
        self, messages: Sequence[Message], schema: type[S], *, purpose: str, version: str = "1", max_tokens: int = 1024
    ) -> S: ...


@dataclass(frozen=True, slots=True)
class Agreement:
    """Fleiss' kappa of the first votes by head, and the share of questions whose votes all agreed."""

    n: int
    kappa: Mapping[str, float]
    unanimous: float


def label(
    questions: Iterable[Question], voter: Voter, out: Path, *, votes: int = 2, progress: Progress | None = None
) -> Agreement:
    """Vote on each question not yet in ``out`` and add its label there; the agreement over the whole file."""
    progress = progress or Silent()
    done = {str(row["id"]) for _, row in rows(out)} if out.is_file() else set()
    left = [q for q in questions if str(q.id) not in done]
    progress.start("label", len(left))
    rubric = RUBRIC.read_text("utf-8")
    with out.open("a", encoding="utf-8") as file:
        for question in left:
            cast = _vote(question, voter, rubric, votes)
            file.write(json.dumps(_line(question, cast), ensure_ascii=False) + "\n")
            file.flush()
            progress.advance()
    progress.finish()
    return agreement([row for _, row in rows(out)], votes)


def agreement(labelled: Sequence[Mapping[str, object]], votes: int) -> Agreement:
    """How far the votes of labelled questions agree; only the first ``votes`` of each, which are blind to a tie."""
    first: dict[str, list[list[str]]] = {head: [] for head in HEADS}
    for row in labelled:
        cast = row.get("votes")
        if isinstance(cast, Mapping) and len(cast["path"]) >= votes:
            for head in HEADS:
                first[head].append([str(v) for v in cast[head][:votes]])
    n = len(first["path"])
    same = sum(all(len(set(first[h][i])) == 1 for h in HEADS) for i in range(n))
    return Agreement(n, {h: fleiss_kappa(v) for h, v in first.items()}, same / n if n else 1.0)


def fleiss_kappa(ratings: Sequence[Sequence[str]]) -> float:
    """Agreement beyond chance of equally many votes on each question (Fleiss 1971); 1.0 where all say the same."""
    if not ratings:
        return 1.0
    votes = len(ratings[0])
    if votes < 2:
        return 1.0
    totals: Counter[str] = Counter()
    observed = 0.0
    for one in ratings:
        counts = Counter(one)
        totals.update(counts)
        observed += sum(c * (c - 1) for c in counts.values()) / (votes * (votes - 1))
    observed /= len(ratings)
    chance = sum((c / (votes * len(ratings))) ** 2 for c in totals.values())
    return 1.0 if chance == 1 else (observed - chance) / (1 - chance)


def _vote(question: Question, voter: Voter, rubric: str, votes: int) -> list[Vote]:
    """The votes, and one more after another while a head has no majority."""
    cast: list[Vote] = []
    while len(cast) < votes or (len(cast) < MOST * votes and not _settled(cast)):
        messages = [Message("system", rubric), Message("user", f"Label this query:\n<query>{question.query}</query>")]
        version = f"{PROMPT}/vote {len(cast) + 1}"  # else the second vote would be the first one, kept
        cast.append(voter.structured(messages, Vote, purpose="label", version=version, max_tokens=100))
    return cast


def _settled(cast: Sequence[Vote]) -> bool:
    return all(2 * Counter(getattr(v, h) for v in cast).most_common(1)[0][1] > len(cast) for h in HEADS)


def _line(question: Question, cast: Sequence[Vote]) -> dict[str, object]:
    won = {h: Counter(getattr(v, h) for v in cast).most_common(1)[0][0] for h in HEADS}
    return {
        "id": question.id,
        "lang": language_of(question.query),
        "query": question.query,
        "path": won["path"],
        "compute": won["compute"] == "yes",
        "fresh": won["fresh"] == "yes",
        "votes": {h: [getattr(v, h) for v in cast] for h in HEADS},
    }
