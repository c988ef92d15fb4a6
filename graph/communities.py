"""Entities that stand together: Leiden communities of the graph of who is named beside whom.

Traag, Waltman and van Eck 2019 (arXiv 1810.08473), as igraph has it. The result follows from the graph alone: the
entities go in the order of their ids, and the generator starts from a fixed seed. Parts of the graph that nothing
connects are looked at one by one, so that a change in one leaves the communities of the others as they are.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from clew.ids import digest
from graph.ports import Community
from graph.view import View

SEED = 20
CROWDED = 24  # entities of one sentence beyond which naming them together says little
LARGE = 60  # entities of a community that is worth parting again
SMALL = 3  # entities below which a community is no topic
LEVELS = 3
TURNS = 4


def communities_of(view: View) -> list[Community]:
    """The communities of a view, the largest level first."""
    graph = _graph(view)
    names = [entity.id for entity in view.entities]
    found = [
        community
        for part in graph.connected_components()
        if len(part) >= SMALL
        for community in _parted(graph, part, names, level=0, parent="")
    ]
    return sorted(found, key=lambda c: (c.level, c.id))


def _graph(view: View) -> Any:
    """Entities as vertices; the weight of an edge grows with the sentences that name both, those that name few first.

    What stands in a chunk's title is named with everything in its sentences.
    """
    import igraph

    order = np.lexsort((view.entity, view.sentence, view.chunk))
    together: dict[tuple[int, int], list[int]] = defaultdict(list)
    for chunk, sentence, entity in zip(
        view.chunk[order].tolist(), view.sentence[order].tolist(), view.entity[order].tolist(), strict=True
    ):
        together[(chunk, sentence)].append(entity)
    weights: dict[tuple[int, int], float] = defaultdict(float)
    for (chunk, sentence), ours in together.items():
        titles = together.get((chunk, -1), []) if sentence != -1 else []
        names = sorted({*ours, *titles})
        if 2 <= len(names) <= CROWDED:
            for pair in combinations(names, 2):
                weights[pair] += 1 / (len(names) - 1)
    edges = sorted(weights)
    graph = igraph.Graph(n=len(view.entities), edges=edges)
    graph.es["weight"] = [weights[edge] for edge in edges]
    return graph


def _parted(
    graph: Any, vertices: Sequence[int], names: Sequence[str], *, level: int, parent: str
) -> Iterator[Community]:
    import igraph

    part = graph.induced_subgraph(vertices)
    generator = random.Random(SEED)  # noqa: S311
    igraph.set_random_number_generator(generator)
    try:
        clusters = part.community_leiden(objective_function="modularity", weights="weight", n_iterations=TURNS)
    finally:
        igraph.set_random_number_generator(random)
    if level and len(clusters) == 1:
        return
    for cluster in clusters:
        members = [vertices[at] for at in cluster]
        if len(members) < SMALL:
            continue
        entities = tuple(sorted(names[at] for at in members))
        community = Community(
            id=digest("community", str(level), *entities), level=level, parent=parent, entities=entities
        )
        yield community
        if len(members) > LARGE and level + 1 < LEVELS:
            yield from _parted(graph, members, names, level=level + 1, parent=community.id)
