"""Markdown as people read it beside a citation."""

from dataclasses import replace

from clew.models.minilm import MiniLM
from clew.records import Span
from tests.worlds import cut
from ui.excerpt import Fence, fence_at, parts, place, readable


def test_rows_show_their_cells_and_no_bars() -> None:
    shown = readable("\n| Paper | Price |\n|---|:-:|\n| Laid cream | 4.80 |\n| a \\| b |  |\n")
    assert shown == "\nPaper · Price\nLaid cream · 4.80\na \\| b\n"


def test_rows_that_are_cut_off_are_rows() -> None:
    assert readable("cream | 4.80 |\n| Wove | 90 g | 3.1") == "cream · 4.80\nWove · 90 g · 3.1"


def test_headings_lose_their_marks_and_bars_in_prose_stay() -> None:
    assert readable("## Prices\n\nEither a|b or | alone.\n# 1") == "Prices\n\nEither a|b or | alone.\n1"


def test_links_and_emphasis_lose_their_marks_and_stars_in_sums_stay() -> None:
    shown = readable("Because **the *lobby* clock stops**, see [the site](http://a.example/b), ![map](m.png), 2 * 3*4.")
    assert shown == "Because the lobby clock stops, see the site (http://a.example/b), map, 2 * 3*4."


def test_a_place_is_a_page_or_a_line_of_code_and_nothing_for_prose() -> None:
    prose = cut("mill.md", "The mill is old.", MiniLM(1))[0]
    assert place(prose, 0) == ""
    assert place(replace(prose, page=4), 0) == ", page 4"
    assert place(replace(prose, line=7), 3) == ", line 7"


CODE = """# Setting up

Run this:

```sh
    beacon --start
# waits 30 seconds
echo "done"
```

It listens.
"""


def told(text: str, *quotes: str) -> list[tuple[str, str | None, bool]]:
    cited = [Span(text.index(quote), text.index(quote) + len(quote)) for quote in quotes]
    return [(part.text, part.fence and part.fence.language, part.cited) for part in parts(text, cited)]


def test_code_stands_apart_from_prose_and_loses_its_fence_and_nothing_else() -> None:
    assert told(CODE, "Run this:") == [
        ("# Setting up\n\n", None, False),
        ("Run this:", None, True),
        ("\n\n", None, False),
        ('    beacon --start\n# waits 30 seconds\necho "done"\n', "sh", False),
        ("\nIt listens.\n", None, False),
    ]


def test_cited_lines_of_code_are_marked_whole() -> None:
    marked = [text for text, _, cited in told(CODE, "waits 30", "listens") if cited]
    assert marked == ["# waits 30 seconds\n", "listens"]


def test_a_stretch_that_begins_amid_code_is_known_by_what_opened_it() -> None:
    fence = fence_at(CODE, CODE.index("echo"))
    assert fence == Fence("```", "sh")
    assert fence_at(CODE, CODE.index("It listens")) is None
    assert fence_at(CODE, CODE.index("```")) is None
    assert [part.fence for part in parts(CODE[CODE.index("echo") :], [], fence)] == [fence, None]
