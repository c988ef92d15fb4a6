"""Chunks tile the Markdown, fit the window, and cut nothing that belongs together."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clew.models.minilm import MiniLM
from ingest.blocks import blocks, plain
from ingest.chunk import passage
from ingest.convert.tidy import tidy
from ingest.sentences import split
from tests.worlds import FERRY, TEAHOUSE, cut

words = st.sampled_from(
    ["ferry", "harbour", "**bold**", "[link](http://a.b/c)", "1987", "码头", "灯塔。", "U.S.", "x" * 90]
)
sentence = st.lists(words, min_size=1, max_size=40).map(lambda some: " ".join(some) + ".")
block = st.one_of(
    sentence,
    st.lists(sentence, max_size=12).map(" ".join),
    sentence.map(lambda text: f"## {text[:60]}"),
    st.lists(sentence, min_size=1, max_size=5).map(lambda some: "\n".join(f"- {text}" for text in some)),
    st.lists(words, min_size=1, max_size=30).map(lambda some: "```\n" + "\n".join(some) + "\n```"),
    st.integers(1, 60).map(lambda n: "| a | b |\n|---|---|\n" + "\n".join(f"| row {i} | {i * 7} |" for i in range(n))),
    st.text(max_size=300).filter(lambda text: "\r" not in text),
)
documents = st.lists(block, max_size=12).map("\n\n".join)


@settings(max_examples=120, deadline=None)
@given(text=documents)
def test_chunks_joined_in_order_are_the_markdown_and_fit_the_window(minilm: MiniLM, text: str) -> None:
    made = cut("a.md", text, minilm)
    if made:
        assert "".join(chunk.text for chunk in made) == text
    else:
        assert not plain(text)
    for chunk in made:
        assert chunk.text == text[chunk.span.slice]
        assert minilm.count(passage(chunk, minilm).text) <= minilm.window


@settings(max_examples=80, deadline=None)
@given(text=documents)
def test_sentences_lie_in_their_chunk_in_order_and_their_words_are_embedded(minilm: MiniLM, text: str) -> None:
    for chunk in cut("a.md", text, minilm):
        embedded = passage(chunk, minilm)
        ends = [chunk.span.start]
        for span, inside in zip(chunk.sentences, embedded.sentences, strict=True):
            assert ends[-1] <= span.start < span.end <= chunk.span.end
            assert embedded.text[inside.slice] == plain(chunk.quote(span))
            ends.append(span.end)


def test_a_chunk_id_changes_with_document_place_and_words_only(minilm: MiniLM) -> None:
    one, same = cut("a.md", FERRY, minilm), cut("a.md", FERRY, minilm)
    assert [chunk.id for chunk in one] == [chunk.id for chunk in same]
    assert one[0].id != cut("b.md", FERRY, minilm)[0].id
    assert one[-1].id != cut("a.md", "New first line.\n\n" + FERRY, minilm)[-1].id


def test_a_table_row_is_one_sentence_and_its_column_names_stand_over_it(minilm: MiniLM) -> None:
    rows = "\n".join(f"| Vessel {i} | {20 + i} m |" for i in range(80))
    made = cut("t.md", f"# Fleet\n\n| Name | Length |\n|---|---|\n{rows}\n", minilm)
    assert len(made) > 1
    quotes = [chunk.quote(span) for chunk in made for span in chunk.sentences]
    assert quotes == rows.split("\n")
    for chunk in made:
        assert "Name, Length" in passage(chunk, minilm).text


@pytest.mark.parametrize(
    ("head", "over"),
    [
        ("| Name | Length, metres | Crew | |", "Name, Length; metres, Crew"),
        ("| | Mon | | Wed |", "–, Mon, –, Wed"),
        ("Paper | Price \\| fee", "Paper, Price / fee"),
        ("| | |", ""),
    ],
)
def test_each_column_has_one_name_over_a_row(head: str, over: str) -> None:
    count = head.count("|") - head.count("\\|") + (-1 if head.startswith("|") else 1)
    table = f"{head}\n{'|'.join(['-'] * count)}\n{'|'.join(['x'] * count)}\n"
    assert [block.header for block in blocks(table) if block.kind == "row"] == [over]


def test_a_wrapped_sentence_with_a_colon_behind_a_full_stop_stays_whole() -> None:
    text = "Orme saw the pump fail, and asked for\na new one. Cost: 1,200 crowns.\nthe boat was\nlate: twice."
    assert [text[s.slice] for s in split(text, "en")] == [
        "Orme saw the pump fail, and asked for\na new one.",
        "Cost: 1,200 crowns.",
        "the boat was",
        "late: twice.",
    ]
    log = "name: Orme\nHarbour master: Tarn\nvote: 2 for"
    assert len(split(log, "en")) == 3


def test_a_sentence_goes_on_behind_a_shortened_word() -> None:
    whole = "The Wagtail sails at 9.30 a.m. on Fri. and at 4 p.m. on Sun. from pier 2."
    text = f"{whole} She returns at dusk. so we wait.\nVis.\n- from the tower"
    assert [text[s.slice] for s in split(text, "en")] == [
        whole, "She returns at dusk.", "so we wait.", "Vis.", "- from the tower",
    ]  # fmt: skip


def test_a_code_fence_is_cut_between_lines_only_and_its_markers_are_no_sentences(minilm: MiniLM) -> None:
    code = "\n".join(f"value_{i} = compute({i}, offset={i * 3})" for i in range(80))
    made = cut("c.md", f"Before.\n\n```python\n{code}\n```\n\nAfter.\n", minilm)
    quotes = [chunk.quote(span) for chunk in made for span in chunk.sentences]
    assert quotes == ["Before.", *code.split("\n"), "After."]


def test_a_long_file_of_code_is_one_block_of_code() -> None:
    lines = "".join(f"# part {i} of the fares\nfare_{i} = {i}\n\n" for i in range(9000))
    assert [block.kind for block in blocks(f"```python\n{lines}```\n")] == ["code"]
    assert [block.kind for block in blocks(f"# Fares\n\n```\n{lines}")] == ["heading", "code"]  # it is never closed


def test_a_long_text_is_never_cut_inside_a_fence(monkeypatch: pytest.MonkeyPatch) -> None:
    inside = "first\n\n# no heading\n\nlast"
    fences = [
        f"```python\n{inside}\n```",
        f"~~~~ text\n{inside}\n~~~\n\n```\n\n~~~~",
        f"````\n```\n\n{inside}\n\n```\n````",
        "- in a list\n\n  ```\n  first\n\n  # no heading\n  ```",
        "1. ```\n   first\n\n   # no heading\n   ```",
        "Three ``` in a line open nothing.\n\n``` nor `do` these\n\nin another",
    ]
    text = "\n\n".join(f"{fence}\n\nProse between.\n\n# A heading" for fence in fences)
    whole = list(blocks(text))
    assert sum(block.kind == "heading" for block in whole) == len(fences)
    monkeypatch.setattr("ingest.blocks.PIECE", 1)
    assert list(blocks(text)) == whole


def test_a_word_without_end_is_cut_like_a_long_sentence(minilm: MiniLM) -> None:
    text = f"The key begins here.\n\n{'0badcafe' * 20_000}\n\nIt ended.\n"
    made = cut("key.txt", text, minilm)
    assert "".join(chunk.text for chunk in made) == text
    assert max(len(chunk.text) for chunk in made) < 10_000


@pytest.mark.parametrize("heading", ["# Heading {}\n", "Heading {}\n===\n", "| Column {} |\n|---|\n\n"])
def test_headings_without_words_below_them_fit_the_window_too(minilm: MiniLM, heading: str) -> None:
    text = "".join(map(heading.format, range(400)))
    made = cut("outline.md", text, minilm)
    assert "".join(chunk.text for chunk in made) == text
    assert all(minilm.count(passage(chunk, minilm).text) <= minilm.window for chunk in made)


@pytest.mark.parametrize("text", ["```\n" * 100, "| |\n|---|\n\n" * 100])
def test_markup_without_words_is_no_heap_of_empty_chunks(minilm: MiniLM, text: str) -> None:
    assert len(cut("empty.md", text, minilm)) == 1


@pytest.mark.parametrize("long", [f"# {'heading ' * 9000}\n\n{{}}", f"|{' column |' * 9000}\n|{'-|' * 9000}\n{{}}"])
def test_what_stands_over_every_chunk_is_no_longer_than_a_line_or_two(minilm: MiniLM, long: str) -> None:
    made = cut("long.md", long.format("| The lamp was lit. | It burned. |\n" * 40), minilm)
    assert all(sum(map(len, chunk.headings)) <= 1000 for chunk in made)


@pytest.mark.parametrize(
    "text", ["<https://a" * 40_000, "[" * 60_000, "A line of words goes on. " * 60_000, "a" + " " * 300_000 + "b"]
)
def test_one_line_of_whatever_length_is_read_like_any_other(minilm: MiniLM, text: str) -> None:
    made = cut("line.txt", tidy(text) + "\n", minilm)
    assert "".join(chunk.text for chunk in made) == tidy(text) + "\n"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_full_stop_behind_a_wide_blank_ends_no_process(language: str) -> None:
    text = "第三章\u3000.....12 结论 A\u3000. The end\u2003.\nB\u3000."
    spans = split(text, language)
    assert spans[0].start == 0
    assert spans[-1].end == len(text)


def test_long_chinese_is_split_in_portions_with_the_same_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "渡轮在黎明时离开了港口，去了《北岭》。船长说：今天没有风！乘客都笑了吗？是的。" * 40
    whole = split(text, "zh")
    monkeypatch.setattr("ingest.sentences.PORTION", 100)
    assert split(text, "zh") == whole


def test_long_english_is_split_in_portions_with_the_same_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "The ferry left at dawn. Capt. Falk of the U.S. coast said: no wind! Were they asleep? Mrs. Lind was. " * 40
    whole = split(text, "en")
    monkeypatch.setattr("ingest.sentences.PORTION", 100)
    assert split(text, "en") == whole


@pytest.mark.parametrize("language", ["en", "zh"])
def test_quotation_marks_that_are_never_closed_take_no_time_by_the_square(language: str) -> None:
    text = "\u201c" * 150_000
    assert max(map(len, split(text, language))) <= 100_000


def test_a_chinese_text_falls_into_its_sentences(minilm: MiniLM) -> None:
    quotes = [chunk.quote(span) for chunk in cut("z.md", TEAHOUSE, minilm) for span in chunk.sentences]
    assert quotes == [
        "海边茶馆位于码头街十二号，由林秀兰于一九九八年开办。",
        "茶馆每天上午九点开门，晚上十点关门。",
        "店里最有名的是盐焗花生和铁观音。",
    ]


@pytest.mark.parametrize("text", ["", " \n\n\t"])
def test_a_text_without_words_has_no_chunks(minilm: MiniLM, text: str) -> None:
    assert cut("e.md", text, minilm) == []


def test_very_long_context_is_shortened_from_outside_so_that_the_text_fits(minilm: MiniLM) -> None:
    text = f"# {'outer ' * 120}\n\n## inner heading\n\n" + "The harbour master counted the boats again. " * 60
    for chunk in cut("h.md", text, minilm, named=True, title="outer " * 120):
        embedded = passage(chunk, minilm)
        assert minilm.count(embedded.text) <= minilm.window
        assert embedded.text.endswith(plain(chunk.quote(chunk.sentences[-1])))
