"""How strongly two passages hang together."""

import numpy as np

from clew.records import Entity
from graph.view import TITLE, View
from retrieve.links import links
from retrieve.walkindex import WalkIndex

# Who is named where: Anna heads a and is named in b; Bo is named in b and c; Cleo heads c and d.
NAMED = (
    ("a", "Anna", TITLE),
    ("b", "Anna", 0),
    ("b", "Bo", 0),
    ("c", "Bo", 1),
    ("c", "Cleo", TITLE),
    ("d", "Cleo", TITLE),
)


def walked() -> WalkIndex:
    names, chunks = ("Anna", "Bo", "Cleo"), ("a", "b", "c", "d")
    return WalkIndex(
        View(
            chunks=chunks,
            entities=tuple(Entity(id=name, name=name, kind="person", aliases=()) for name in names),
            chunk=np.array([chunks.index(chunk) for chunk, _, _ in NAMED], np.int32),
            entity=np.array([names.index(name) for _, name, _ in NAMED], np.int32),
            sentence=np.array([sentence for _, _, sentence in NAMED], np.int32),
        )
    )


def test_a_name_that_is_the_title_of_one_ties_twice_as_strongly_as_one_that_is_only_named() -> None:
    found = links(np.arange(4), walked())
    assert found[0, 1] == found[1, 0] == 2 * found[1, 2] > 0


def test_two_parts_of_one_document_are_not_tied_by_its_title() -> None:
    assert links(np.arange(4), walked())[2, 3] == 0


def test_the_questions_own_names_tie_nothing_and_nothing_is_tied_to_itself() -> None:
    index = walked()
    found = links(np.arange(4), index, without=[index.nodes_of["anna"]])
    assert found[0].max() == 0
    assert found[1, 2] > 0
    assert not found.diagonal().any()


def test_passages_that_stand_in_another_order_are_tied_alike() -> None:
    turned = np.array([2, 0, 3, 1])
    assert np.array_equal(links(turned, walked()), links(np.arange(4), walked())[np.ix_(turned, turned)])


def test_no_passages_have_no_ties() -> None:
    assert links(np.zeros(0, np.int64), walked()).shape == (0, 0)
