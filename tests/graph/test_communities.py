"""Who stands together."""

import numpy as np

from clew.records import Entity
from graph.communities import LARGE, communities_of
from graph.view import TITLE, View


def view_of(sentences: list[list[int]], entities: int, titles: dict[int, int] | None = None) -> View:
    """A view with a chunk for each list of entities named together, and some entities as titles of chunks."""
    rows = [(chunk, entity, 0) for chunk, named in enumerate(sentences) for entity in named]
    rows += [(chunk, entity, TITLE) for chunk, entity in (titles or {}).items()]
    array = np.array(sorted(rows), np.int32).reshape(-1, 3)
    return View(
        chunks=tuple(f"c{n:04}" for n in range(len(sentences))),
        entities=tuple(Entity(id=f"e{n:04}", name=f"E{n}", kind="name") for n in range(entities)),
        chunk=array[:, 0],
        entity=array[:, 1],
        sentence=array[:, 2],
    )


def test_those_who_are_named_together_stand_together() -> None:
    two = view_of([[0, 1, 2], [1, 2, 0], [3, 4, 5], [4, 5, 3], [2, 3]], 6)
    assert [c.entities for c in communities_of(two)] == [("e0000", "e0001", "e0002"), ("e0003", "e0004", "e0005")] or [
        c.entities for c in communities_of(two)
    ] == [("e0003", "e0004", "e0005"), ("e0000", "e0001", "e0002")]


def test_a_title_stands_with_all_its_sentences() -> None:
    [one] = communities_of(view_of([[0], [1], [2]], 4, titles={0: 3, 1: 3, 2: 3}))
    assert one.entities == ("e0000", "e0001", "e0002", "e0003")


def test_the_same_graph_gives_the_same_communities_and_large_ones_are_parted_again() -> None:
    rings = [[n, (n + 1) % 200] for n in range(200)] + [[n, (n + 7) % 200] for n in range(0, 200, 3)]
    # a ring of rings, so that the first level is coarse
    view = view_of(rings, 200)
    first = communities_of(view)
    assert communities_of(view) == first
    assert {c.level for c in first} >= {0}
    by_id = {c.id: c for c in first}
    for community in first:
        if community.parent:
            assert set(community.entities) <= set(by_id[community.parent].entities)
            assert len(by_id[community.parent].entities) > LARGE


def test_an_empty_graph_has_none() -> None:
    assert communities_of(view_of([], 0)) == []


def test_a_change_in_one_part_leaves_the_communities_of_the_others_as_they_are() -> None:
    here = [[n, (n + 1) % 90] for n in range(90)] + [[n, (n + 5) % 90] for n in range(0, 90, 2)]
    there = [[a + 90, b + 90] for a, b in here]
    before = {c.id: c for c in communities_of(view_of(here + there, 180))}
    after = {c.id: c for c in communities_of(view_of([*here[:-20], [0, 40], [3, 70], *there], 180))}
    elsewhere = {c.id for c in before.values() if min(c.entities) >= "e0090"}
    assert elsewhere
    assert elsewhere == {c.id for c in after.values() if min(c.entities) >= "e0090"}
    assert before.keys() != after.keys()
