"""Several rankings as one."""

from clew.ids import chunk_id
from clew.records import Chunk, Evidence, Fact, Span
from retrieve.fuse import fuse, interleave
from tests.worlds import document


def ranked(names: str, via: str = "passages") -> list[Evidence]:
    return [piece(name, via) for name in names]


def piece(name: str, via: str, *facts: Fact) -> Evidence:
    where, span = document(f"{name}.md"), Span(0, 1)
    chunk = Chunk(id=chunk_id(where.id, span, name), document=where, span=span, text=name)
    return Evidence(chunk=chunk, score=1.0, via=via, facts=facts)


def order(found: list[Evidence]) -> str:
    return "".join(one.chunk.text for one in found)


def test_what_two_rankings_find_comes_before_what_one_finds() -> None:
    assert order(fuse((1.0, ranked("abc")), (1.0, ranked("cd")))).startswith("c")


def test_interleaved_rankings_of_equal_votes_take_turns() -> None:
    assert order(interleave((1.0, ranked("abc")), (1.0, ranked("xyz")))) == "axbycz"


def test_with_fewer_votes_a_ranking_starts_behind_the_first_of_the_other() -> None:
    assert order(interleave((1.0, ranked("abcde")), (0.8, ranked("xy")))) == "abcxdye"


def test_an_interleaved_piece_stands_at_the_better_of_its_places_and_never_before_it() -> None:
    assert order(interleave((1.0, ranked("abc")), (0.8, ranked("cxyz")))) == "abcxyz"


def test_a_piece_found_by_two_ways_says_so_and_keeps_the_facts_of_both() -> None:
    fact = Fact(text="a", document=document("a.md"), chunk_id="a", span=Span(0, 1))
    [found] = interleave((1.0, [piece("a", "graph", fact)]), (0.8, ranked("a", "across")))
    assert (found.via, found.facts) == ("graph+across", (fact,))
