"""What was read of chunks is read once."""

from collections.abc import Sequence
from dataclasses import replace

from clew.models.minilm import MiniLM
from retrieve.groups import Bags
from retrieve.kept import Kept
from tests.worlds import cut


class Shelf:
    """Knows the length of every name but "gap", and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def read(self, chunks: Sequence[str]) -> dict[str, int]:
        self.asked.append(list(chunks))
        return {id_: len(id_) for id_ in chunks if id_ != "gap"}


def test_only_what_is_new_is_read_and_what_is_not_there_is_asked_for_again() -> None:
    shelf = Shelf()
    lengths = Kept(shelf.read)
    assert lengths.of(["one", "three", "gap"]) == {"one": 3, "three": 5}
    assert lengths.of(["three", "gap", "eleven"]) == {"three": 5, "eleven": 6}
    assert shelf.asked == [["one", "three", "gap"], ["gap", "eleven"]]


def test_memory_is_bounded_and_answers_stay_whole() -> None:
    shelf = Shelf()
    lengths = Kept(shelf.read, most=2)
    lengths.of(["a", "bb"])
    assert lengths.of(["a", "ccc"]) == {"a": 1, "ccc": 3}
    assert lengths.of(["bb"]) == {"bb": 2}
    assert shelf.asked == [["a", "bb"], ["ccc"], ["bb"]]


def test_a_question_loses_nothing_where_another_starts_anew_meanwhile() -> None:
    lengths = Kept(Shelf().read, most=2)

    class Meanwhile(str):
        """Looked up while another question fills what is kept."""

        __slots__ = ()
        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            lengths.of(["bb", "ccc", "dddd"])
            return str(self) == other

    lengths.of(["a"])
    assert lengths.of([Meanwhile("a")]) == {"a": 1}


def test_the_words_of_a_passage_are_those_of_its_title_and_headings_now(minilm: MiniLM) -> None:
    [chunk] = cut("minutes.md", "The matter was decided in the hall.", minilm, title="Minutes")
    bags = Bags()
    assert "zeppelin" not in bags.of(chunk)
    titled = replace(chunk, document=replace(chunk.document, title="Zeppelin"))
    assert titled.id == chunk.id
    assert bags.of(titled)["zeppelin"] == 1
    assert bags.of(replace(chunk, headings=("Zeppelin",)))["zeppelin"] == 1
