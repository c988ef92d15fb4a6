"""The systems that stand side by side: every path on its own, the router's choice, and the best path per case."""

from collections.abc import Mapping, Sequence

from clew.errors import UsageError
from clew.records import RoutePath
from evals.observe import Observation

PATHS: dict[str, RoutePath | None] = {
    "passages": "passages",
    "graph": "graph",
    "both": "both",
    "global": "global",
    "routed": None,
}
FORCED = tuple(name for name, path in PATHS.items() if path is not None)
ORACLE = "oracle"
DEFAULT = ("passages", "graph", "both", "routed", ORACLE)
ALL = (*PATHS, ORACLE)

# By what the oracle prefers a path. Earlier names weigh more; what a case lacks counts nothing.
PREFERS = ("all_gold@", "recall@", "ndcg@", "fact_citation_recall", "answer_contained", "f1")


def chosen(names: Sequence[str]) -> tuple[str, ...]:
    """The systems named, each once; an unknown name is an error. The oracle needs a forced path to choose from."""
    for name in names:
        if name not in ALL:
            raise UsageError(f"There is no system {name!r}.", f"Systems: {', '.join(ALL)}.")
    unique = tuple(dict.fromkeys(names))
    if not unique:
        raise UsageError("No system is named.", f"Systems: {', '.join(ALL)}.")
    if ORACLE in unique and not set(unique) & set(FORCED):
        raise UsageError(
            "The oracle chooses among paths, but none is run.", f"Add one of {', '.join(FORCED)} to --system."
        )
    return unique


def best_per_case(
    runs: Mapping[str, Sequence[Observation]], scores: Mapping[str, Mapping[str, Mapping[str, float]]]
) -> list[Observation]:
    """For each case the observation of the forced path that did best by ``PREFERS``; the cheaper one (first in
    ``FORCED``) if they tie. An upper bound for any router that chooses among these paths."""
    forced = [name for name in FORCED if name in runs]
    by_case = {name: {o.case: o for o in runs[name]} for name in forced}
    best = []
    for case in by_case[forced[0]]:
        name = max(forced, key=lambda name: _worth(scores[name].get(case, {})))  # the first among equals
        best.append(by_case[name][case].model_copy(update={"system": ORACLE}))
    return best


def _worth(metrics: Mapping[str, float]) -> tuple[float, ...]:
    return tuple(sum(value for name, value in metrics.items() if name.startswith(start)) for start in PREFERS)
