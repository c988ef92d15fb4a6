"""Questions of other people's data sets with their classes mapped to the router's: how it does out of its domain.

The mapping is ours and coarse: their classes say how a question is asked or answered on the web, not where the answer
stands in a folder. Classes that no path fits (false premises, unanswerable questions) are left out.
"""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from clew.errors import ClewError

CRAG = {
    "simple": "passages",
    "simple_w_condition": "passages",
    "multi-hop": "graph",
    "comparison": "graph",
    "set": "graph",
    "aggregation": "graph",
    "post-processing": "graph",
}
CRAG_COMPUTE = {"aggregation": True, "post-processing": True, "simple": False, "multi-hop": False, "set": False}
CRAG_FRESH = {"real-time": True, "fast-changing": True, "slow-changing": False, "static": False}
NF_CATS = {
    "FACTOID": "passages",
    "INSTRUCTION": "passages",
    "REASON": "passages",
    "EVIDENCE-BASED": "passages",
    "COMPARISON": "graph",
    "EXPERIENCE": "global",
    "DEBATE": "global",
    "NOT-A-QUESTION": "direct",
}
MULTIHOP = {"inference_query": "graph", "comparison_query": "graph", "temporal_query": "graph"}


@dataclass(frozen=True, slots=True)
class Foreign:
    """A question, its class in the data set, and the decisions mapped from it (None: the set does not say)."""

    query: str
    kind: str
    path: str
    compute: bool | None = None
    fresh: bool | None = None


def read(data: Path) -> dict[str, list[Foreign]]:
    """The sets below ``data`` by name; ClewError if one is missing."""
    readers = {"crag": _crag, "nf-cats": _nf_cats, "multihop-rag": _multihop}
    try:
        return {name: list(reader(data)) for name, reader in readers.items()}
    except OSError as missing:
        raise ClewError(f"The data sets are not there: {missing}", "Give the folder that holds them.") from missing


def _crag(data: Path) -> Iterator[Foreign]:
    for line in (data / "crag_split0" / "crag_split0.jsonl").read_text("utf-8").split("\n"):
        if line:
            row = json.loads(line)
            kind = row["question_type"]
            if kind in CRAG:
                yield Foreign(
                    row["query"], kind, CRAG[kind], CRAG_COMPUTE.get(kind), CRAG_FRESH.get(row["static_or_dynamic"])
                )


def _nf_cats(data: Path) -> Iterator[Foreign]:
    with (data / "nf_cats_dev" / "valid.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["category"] in NF_CATS:
                yield Foreign(row["question"], row["category"], NF_CATS[row["category"]])


def _multihop(data: Path) -> Iterator[Foreign]:
    for row in json.loads((data / "multihoprag_500q" / "queries.json").read_text("utf-8"))["queries"]:
        if row["question_type"] in MULTIHOP:
            yield Foreign(row["question"], row["question_type"], MULTIHOP[row["question_type"]])
