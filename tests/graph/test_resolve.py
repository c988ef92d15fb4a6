"""Who is who across documents."""

import random
from pathlib import Path

import pytest

from evals import resolution
from graph.evidence import Evidence
from graph.naming import Naming
from graph.ports import Decision
from graph.resolve import resolve
from tests.graph.test_within import read as _read

CASES = Path(__file__).parents[1] / "corpus" / "entities.jsonl"


def documents(*texts: tuple[str, list[tuple[str, str]]]) -> list[Naming]:
    """The namings of several texts, each with its names, as documents of their own."""
    from dataclasses import replace

    return [
        replace(
            naming,
            id=f"{number}{naming.id}",
            document=str(number),
            places=tuple(replace(place, chunk=f"{number}{place.chunk}") for place in naming.places),
        )
        for number, (text, names) in enumerate(texts)
        for naming in _read(text, *names)
    ]


def entities(*texts: tuple[str, list[tuple[str, str]]]) -> list[set[str]]:
    """For each entity the numbers of the documents that name it."""
    return [{id_[0] for id_ in r.namings} for r in resolve(documents(*texts))]


IDA = ("Ida Krog", "person")


@pytest.mark.parametrize("split", ["dev", "test"])
def test_names_are_joined_with_precision_and_recall_and_namesakes_kept_apart(split: str) -> None:
    found = resolution.measure(CASES, split=split)
    assert found.precision >= 0.95
    assert found.recall >= 0.8
    assert found.traps >= 10
    assert len(found.sprung) <= 2


def test_the_order_of_documents_does_not_matter() -> None:
    namings = resolution.namings_in(CASES)
    expected = resolve(namings)
    for seed in range(3):
        shuffled = list(namings)
        random.Random(seed).shuffle(shuffled)
        assert resolve(shuffled) == expected


def test_every_naming_is_of_one_entity_and_says_why() -> None:
    namings = resolution.namings_in(CASES)
    resolved = resolve(namings)
    assert sorted(id_ for r in resolved for id_ in r.namings) == sorted(n.id for n in namings)
    assert all(r.why for r in resolved if len(r.namings) > 1)


def test_an_entity_does_not_change_with_documents_that_have_nothing_to_do_with_it() -> None:
    ours = ("Ida Krog met Bo Lind.", [IDA, ("Bo Lind", "person")])
    few = resolve(documents(ours))
    more = resolve(documents(ours, ("It snowed in Hask.", [("Hask", "place")])))
    assert {r.stamp for r in few} < {r.stamp for r in more}


def test_namesakes_with_different_trades_are_two_people() -> None:
    assert len(entities(("Ida Krog, a baker, sang.", [IDA]), ("Ida Krog was a surgeon.", [IDA]))) == 2
    assert len(entities(("Ida Krog, a baker, sang.", [IDA]), ("Ida Krog left.", [IDA]))) == 1


def test_roles_that_mean_nearly_the_same_do_not_part() -> None:
    namings = documents(("Ida Krog was a writer.", [IDA]), ("Ida Krog was a novelist.", [IDA]))
    assert len(resolve(namings)) == 2
    assert len(resolve(namings, evidence=Evidence(lambda a, b: 0.7))) == 1


def test_what_a_person_joined_or_parted_holds_against_all_evidence() -> None:
    namings = documents(("Ida Krog, a baker, sang.", [IDA]), ("Bo Lind left.", [("Bo Lind", "person")]))
    pinned = [Decision(naming=n.id, entity="one") for n in namings]
    [resolved] = resolve(namings, pinned)
    assert "joined by hand (1)" in resolved.why
    same = documents(("Ida Krog sang.", [IDA]), ("Ida Krog slept.", [IDA]), ("Ida Krog left.", [IDA]))
    parted = resolve(same, [Decision(naming=same[0].id, entity="a"), Decision(naming=same[1].id, entity="b")])
    assert len(parted) == 2
