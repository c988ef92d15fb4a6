"""What was read of chunks is read once."""

from collections.abc import Sequence

from retrieve.kept import Kept


class Shelf:
    """Knows the length of every name but "gap", and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def read(self, chunks: Sequence[str]) -> dict[str, int]:
        self.asked.append(list(chunks))
        return {id_: len(id_) for id_ in chunks if id_ != "gap"}


def test_only_what_is_new_is_read_and_what_is_not_there_is_not_asked_for_again() -> None:
    shelf = Shelf()
    lengths = Kept(shelf.read)
    assert lengths.of(["one", "three", "gap"]) == {"one": 3, "three": 5}
    assert lengths.of(["three", "gap", "eleven"]) == {"three": 5, "eleven": 6}
    assert shelf.asked == [["one", "three", "gap"], ["eleven"]]


def test_memory_is_bounded_and_answers_stay_whole() -> None:
    shelf = Shelf()
    lengths = Kept(shelf.read, most=2)
    lengths.of(["a", "bb"])
    assert lengths.of(["a", "ccc"]) == {"a": 1, "ccc": 3}
    assert lengths.of(["bb"]) == {"bb": 2}
    assert shelf.asked == [["a", "bb"], ["ccc"], ["bb"]]
