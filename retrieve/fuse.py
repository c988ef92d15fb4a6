"""Fuse rankings of evidence by reciprocal rank (Cormack et al. 2009)."""

from collections.abc import Sequence
from dataclasses import replace

from clew.records import Evidence

CONSTANT = 60


def fuse(*rankings: Sequence[Evidence]) -> list[Evidence]:
    """One ranking out of several, best first; a piece found by several ways says so and keeps the facts of each."""
    scores: dict[str, float] = {}
    pieces: dict[str, Evidence] = {}
    for ranking in rankings:
        for rank, piece in enumerate(ranking):
            id_ = piece.chunk.id
            scores[id_] = scores.get(id_, 0.0) + 1 / (CONSTANT + rank)
            known = pieces.get(id_)
            pieces[id_] = (
                piece
                if known is None
                else replace(known, via=f"{known.via}+{piece.via}", facts=known.facts + piece.facts)
            )
    ordered = sorted(pieces, key=lambda id_: -scores[id_])
    return [replace(pieces[id_], score=scores[id_]) for id_ in ordered]
