"""Fuse rankings of evidence by reciprocal rank (Cormack et al. 2009)."""

import operator
from collections.abc import Callable, Sequence
from dataclasses import replace

from clew.records import Evidence

CONSTANT = 10  # the smaller, the more the first ranks count
WALKED = 2.0  # votes of the walk for one of the passages path: docs/decisions/0006-the-walk.md

Ranking = tuple[float, Sequence[Evidence]]
"""Votes and pieces, best first."""


def fuse(*rankings: Ranking) -> list[Evidence]:
    """One ranking out of several, each with its votes, best first; a piece found by several ways says so and keeps
    the facts of each."""
    return _ranked(operator.add, rankings)


def interleave(*rankings: Ranking) -> list[Evidence]:
    """The same, but a piece counts by the better of its places instead of by all of them: for rankings of different
    things, where a piece is not the worse for being found by one alone."""
    return _ranked(max, rankings)


def _ranked(together: Callable[[float, float], float], rankings: Sequence[Ranking]) -> list[Evidence]:
    scores: dict[str, float] = {}
    pieces: dict[str, Evidence] = {}
    for votes, ranking in rankings:
        for rank, piece in enumerate(ranking):
            id_ = piece.chunk.id
            scores[id_] = together(scores.get(id_, 0.0), votes / (CONSTANT + rank))
            known = pieces.get(id_)
            pieces[id_] = (
                piece
                if known is None
                else replace(known, via=_ways(known.via, piece.via), facts=known.facts + piece.facts)
            )
    ordered = sorted(pieces, key=lambda id_: -scores[id_])
    return [replace(pieces[id_], score=scores[id_]) for id_ in ordered]


def _ways(*via: str) -> str:
    return "+".join(dict.fromkeys(way for one in via for way in one.split("+")))
