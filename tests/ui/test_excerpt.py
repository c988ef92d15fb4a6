"""Markdown as people read it beside a citation."""

from dataclasses import replace

from clew.models.minilm import MiniLM
from tests.worlds import cut
from ui.excerpt import place, readable


def test_rows_show_their_cells_and_no_bars() -> None:
    shown = readable("\n| Paper | Price |\n|---|:-:|\n| Laid cream | 4.80 |\n| a \\| b |  |\n")
    assert shown == "\nPaper · Price\nLaid cream · 4.80\na \\| b\n"


def test_rows_that_are_cut_off_are_rows() -> None:
    assert readable("cream | 4.80 |\n| Wove | 90 g | 3.1") == "cream · 4.80\nWove · 90 g · 3.1"


def test_headings_lose_their_marks_and_bars_in_prose_stay() -> None:
    assert readable("## Prices\n\nEither a|b or | alone.\n# 1") == "Prices\n\nEither a|b or | alone.\n1"


def test_a_place_is_a_page_or_a_line_of_code_and_nothing_for_prose() -> None:
    prose = cut("mill.md", "The mill is old.", MiniLM(1))[0]
    assert place(prose, 0) == ""
    assert place(replace(prose, page=4), 0) == ", page 4"
    assert place(replace(prose, line=7), 3) == ", line 7"
