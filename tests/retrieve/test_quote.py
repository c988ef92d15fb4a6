"""Answers without a model: which sentences are shown, and how."""

import datetime
from collections.abc import Sequence
from dataclasses import replace

import pytest

from clew.models.minilm import MiniLM
from clew.ports import Point
from clew.records import Chunk, Evidence, Fact
from retrieve.passages import vectors_of
from retrieve.quote import Weighed, choose, compose, nothing_found, nothing_more, weigh
from tests.worlds import points

MILL = """# The paper mill

The mill stands at the weir of Aldenbrook. It was founded in 1743 by Hester Vaughan, a widow with two mules.

Today it makes paper for bookbinders. Forty-one people work there, most of them from the village.

The mill was closed for two years because of:

- a flood that carried off the wheel
- a quarrel about the water

It opened again in 1951.
"""

PRICES = """# Price list

| Paper | Weight | Price |
|---|---|---|
| Laid cream | 120 g | 4.80 crowns |
| Wove white | 90 g | 3.10 crowns |
"""

BAKER = """# The bakery

The bakery in Aldenbrook opens at six. Its owner is Tom Pask, who sings while he kneads.
"""

TEA = """# 茶厂

茶厂在青石镇，一九五八年由周月娥创办。厂里现有六十三名工人。每年春天采茶四次。
"""


def found(embedder: MiniLM, question: str, *texts: str, **more: object) -> Weighed:
    made = [point for nth, text in enumerate(texts) for point in points(f"{nth}.md", text, embedder, named=True)]
    return weighed(embedder, question, made, **more)


def weighed(embedder: MiniLM, question: str, made: Sequence[Point], **more: object) -> Weighed:
    evidence = [Evidence(chunk=point.chunk, score=1.0, via="passages") for point in made]
    vectors = {point.chunk.id: point.vectors.sentences for point in made if point.vectors.sentences is not None}
    return weigh(question, vectors_of(question, embedder), evidence, vectors, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def embedder() -> MiniLM:
    return MiniLM(1)


def test_the_sentence_that_answers_comes_first_word_for_word(embedder: MiniLM) -> None:
    first = choose(found(embedder, "Who founded the mill at Aldenbrook?", BAKER, MILL))[0]
    assert first.words == "It was founded in 1743 by Hester Vaughan, a widow with two mules."
    assert first.evidence.chunk.quote(first.span) == first.words


def test_each_sentence_is_cited_with_a_number_of_its_own(embedder: MiniLM) -> None:
    quotes = choose(found(embedder, "How many people work at the mill?", MILL, BAKER))
    text, sentences, citations = compose(quotes)
    assert [citation.marker for citation in citations] == list(range(1, len(quotes) + 1))
    for sentence, citation in zip(sentences, citations, strict=True):
        assert text[sentence.span.slice].endswith(f"[{citation.marker}]")
        assert citation.quote in (MILL + BAKER)
    assert "Forty-one people" in citations[0].quote


def test_a_table_row_is_shown_with_its_column_names(embedder: MiniLM) -> None:
    quotes = choose(found(embedder, "What is the price of wove white paper?", MILL, PRICES))
    text, _, citations = compose(quotes[:1])
    assert text == "Paper: Wove white; Weight: 90 g; Price: 3.10 crowns [1]"
    assert citations[0].quote == "| Wove white | 90 g | 3.10 crowns |"


def test_a_row_whose_head_stands_in_an_earlier_chunk_has_its_column_names_from_the_headings(embedder: MiniLM) -> None:
    point = points("p.md", "| Wove white | 90 g | 3.10 crowns |\n", embedder)[0]
    chunk = point.chunk
    span = chunk.sentences[0]
    inside = Chunk(
        id=chunk.id,
        document=chunk.document,
        span=chunk.span,
        text=chunk.text,
        headings=("Price list", "Paper, Weight, Price"),
        sentences=(span,),
    )
    of = weighed(embedder, "price of wove white", [Point(inside, point.vectors)])
    assert compose(choose(of))[0] == "Paper: Wove white; Weight: 90 g; Price: 3.10 crowns [1]"


def test_nothing_that_is_quoted_passes_for_a_marker(embedder: MiniLM) -> None:
    weir = "# The weir\n\nThe weir was rebuilt in 1921[3], as the register says 【2】."
    text, _, citations = compose(choose(found(embedder, "When was the weir rebuilt?", weir)))
    assert text == "The weir was rebuilt in 1921(3), as the register says (2). [1]"
    assert citations[0].quote in weir


def test_source_code_is_quoted_as_it_stands(embedder: MiniLM) -> None:
    line = "energy = __stay__[1] ** 2  # *not* more"
    point = points("energy.py", f"```python\n{line}\n```\n", embedder)[0]
    of = weighed(embedder, "What is energy?", [replace(point, chunk=replace(point.chunk, line=0))])
    assert compose(choose(of))[0] == f"{line} [1]"


def test_an_answer_kept_before_its_sentences_were_cut_otherwise_goes_on(embedder: MiniLM) -> None:
    point = points("mill.md", MILL, embedder)[0]
    evidence = [Evidence(chunk=point.chunk, score=1.0, via="passages")]
    assert point.vectors.sentences is not None
    vectors = {point.chunk.id: point.vectors.sentences[1:]}
    assert choose(weigh("Who founded the mill?", embedder.embed_query("Who founded the mill?"), evidence, vectors))


@pytest.mark.parametrize(
    ("table", "question", "shown"),
    [
        ("| Name | Length |\n|-|-|\n| Wagtail | 14 m |", "How long is the Wagtail?", "Name: Wagtail; Length: 14 m [1]"),
        ("Paper | Price\n--- | ---\nWove | 3.10", "What is the price of wove?", "Paper: Wove; Price: 3.10 [1]"),
        ("Either wove | or laid.", "wove or laid?", "Either wove, or laid. [1]"),
    ],
)
def test_a_row_however_it_is_written_has_its_column_names(
    embedder: MiniLM, table: str, question: str, shown: str
) -> None:
    assert compose(choose(found(embedder, question, f"# Lists, papers\n\n{table}\n"))[:1])[0] == shown


@pytest.mark.parametrize(
    ("head", "shown"),
    [
        ("Name | Length, metres | | Crew", "Name: Boat 77; Length; metres: 77; berth 77; Crew: 3 [1]"),
        (" | Length | Berth | Crew", "Boat 77; Length: 77; Berth: berth 77; Crew: 3 [1]"),
        ("Name | Length, metres | Berth | ", "Boat 77; 77; berth 77; 3 [1]"),
    ],
)
def test_a_row_far_below_its_head_never_has_the_name_of_another_column(embedder: MiniLM, head: str, shown: str) -> None:
    rows = "\n".join(f"| Boat {n} | {n} | berth {n} | 3 |" for n in range(90))
    quotes = choose(
        found(embedder, "What is the length of Boat 77?", f"# Boats\n\n| {head} |\n|---|---|---|---|\n{rows}\n")
    )
    assert quotes[0].evidence.chunk.span.start > 0
    assert compose(quotes[:1])[0] == shown
    assert quotes[0].offers is ("Length: 77" in shown or "metres: 77" in shown)


def test_a_question_that_a_document_asks_brings_what_is_said_to_it(embedder: MiniLM) -> None:
    text = "# Wagtail\n\nQ: How long is the Wagtail?\nA: 14 metres.\n\nQ: Who built the Wagtail?\nA: Nobody knows.\n"
    quotes = choose(found(embedder, "How long is the Wagtail?", text))
    assert compose(quotes[:1])[0] == "Q: How long is the Wagtail? A: 14 metres. [1]"
    assert sum(text.count(quote.evidence.chunk.quote(quote.span)) for quote in quotes) == len(quotes)


def test_a_list_is_brought_whole_where_an_item_goes_on_below_itself(embedder: MiniLM) -> None:
    text = (
        "# Wagtail\n\nThe crew of the Wagtail are:\n\n1. Ann Orme, skipper.\n   She lives at Gull Head.\n"
        "2. Bo Tarn, mate.\n\n   He sings.\n3. Cy Esk, engineer.\n\nNobody else comes along.\n"
    )
    quotes = choose(found(embedder, "Who are the crew of the Wagtail?", text))
    shown = compose(quotes[:1])[0]
    assert shown.startswith("The crew of the Wagtail are:\n")
    assert all(name in shown for name in ("Ann Orme", "Bo Tarn", "He sings", "Cy Esk"))
    assert "Nobody else" not in shown


def test_what_was_shown_before_is_not_brought_along_again(embedder: MiniLM) -> None:
    weighing = found(embedder, "Why was the mill closed for two years?", MILL)
    item = next(quote for quote in weighing.quotes if quote.words == "a quarrel about the water")
    shown = compose(choose(weighing, frozenset({item.key})))[0]
    assert "The mill was closed for two years because of:" in shown
    assert "quarrel" not in shown


def test_a_sentence_that_leads_in_a_list_brings_the_list_along(embedder: MiniLM) -> None:
    quotes = choose(found(embedder, "Why was the mill closed for two years?", MILL))
    text, _, citations = compose(quotes[:1])
    assert "- a flood that carried off the wheel\n- a quarrel about the water" in text
    assert citations[0].quote in MILL


def test_the_items_of_a_list_are_not_shown_twice(embedder: MiniLM) -> None:
    text, _, _ = compose(choose(found(embedder, "Why was the mill closed, what about the quarrel and flood?", MILL)))
    assert text.count("quarrel about the water") == 1


def test_what_two_documents_say_alike_is_shown_once(embedder: MiniLM) -> None:
    copy = "# A guide\n\nThe bakery in Aldenbrook opens at six. Its owner is Tom Pask; he sings while he kneads.\n"
    quotes = choose(found(embedder, "Who is the owner of the bakery in Aldenbrook?", BAKER, copy), most=4)
    assert sum("owner is Tom Pask" in quote.words for quote in quotes) == 1


def test_sentences_that_differ_in_a_number_are_not_alike(embedder: MiniLM) -> None:
    of = found(
        embedder,
        "How many sheets did the mill at Aldenbrook make?",
        "# Then\n\nThe mill at Aldenbrook made 20,000 sheets in the year 1951 for binders.\n",
        "# Now\n\nThe mill at Aldenbrook made 70,000 sheets in the year 1952 for binders.\n",
    )
    assert len(choose(of)) == 2


def test_going_on_never_repeats_and_comes_to_an_end(embedder: MiniLM) -> None:
    of = found(embedder, "Who founded the mill at Aldenbrook?", MILL, BAKER)
    used: frozenset[tuple[str, object]] = frozenset()
    shown: list[str] = []
    while quotes := choose(of, used):  # type: ignore[arg-type]
        shown += [quote.words for quote in quotes]
        used |= {quote.key for quote in quotes}
        assert len(shown) < 20
    assert len(set(shown)) == len(shown)
    assert len(shown) > 3


def test_going_on_is_the_same_each_time(embedder: MiniLM) -> None:
    def run() -> list[str]:
        of = found(embedder, "Who founded the mill at Aldenbrook?", MILL, BAKER)
        first = choose(of)
        return [quote.words for quote in (*first, *choose(of, frozenset(quote.key for quote in first)))]

    assert run() == run()


def test_of_two_answers_the_newer_document_is_preferred_where_freshness_is_asked_for(embedder: MiniLM) -> None:
    made = []
    for nth, (year, price) in enumerate(((2021, "2.10"), (2026, "2.40"))):
        text = f"# Prices\n\nA loaf of rye costs {price} crowns at the bakery.\n"
        point = points(f"{nth}.md", text, embedder)[0]
        dated = replace(point.chunk.document, date=datetime.date(year, 1, 1))
        made.append(Point(replace(point.chunk, document=dated), point.vectors))
    question = "What does a loaf of rye cost now?"
    assert "2.10" in weighed(embedder, question, made).quotes[0].words
    assert "2.40" in weighed(embedder, question, made, fresh=True).quotes[0].words


def test_a_sentence_that_the_walk_came_by_is_worth_more(embedder: MiniLM) -> None:
    made = points("0.md", MILL, embedder, named=True)
    question = "Who founded the mill at Aldenbrook?"
    last = weighed(embedder, question, made).quotes[-1]
    fact = Fact(text=last.words, document=made[0].chunk.document, chunk_id=last.key[0], span=last.span)
    evidence = [Evidence(chunk=point.chunk, score=1.0, via="graph", facts=(fact,)) for point in made]
    led = next(quote for quote in weigh(question, None, evidence, {}).quotes if quote.key == last.key)
    bare = weigh(question, None, [Evidence(chunk=p.chunk, score=1.0, via="graph") for p in made], {}).quotes
    assert led.score > next(quote for quote in bare if quote.key == last.key).score


def test_chinese_is_answered_by_words_alone(embedder: MiniLM) -> None:
    first = choose(found(embedder, "茶厂现在有多少名工人？", MILL, TEA))[0]
    assert first.words == "厂里现有六十三名工人。"


def test_a_bare_number_counts_where_a_column_or_the_word_before_it_says_what_it_is(embedder: MiniLM) -> None:
    pay = "# Staff\n\n| Name | Salary | Desk |\n|---|---|---|\n| Ada Thorne | 200000 | 7 |\n"
    assert found(embedder, "What is the salary of Ada Thorne?", pay).quotes[0].offers
    assert not found(embedder, "What rent does Ada Thorne pay?", pay).quotes[0].offers
    assert found(embedder, "How heavy is the anchor?", "anchor_mass: 63, anchor: 63\n").quotes[0].offers


def test_a_bare_number_counts_in_a_column_that_is_named_otherwise_than_it_is_asked_for(embedder: MiniLM) -> None:
    table = "# Repairs\n\n| Work | Price |\n|---|---|\n| Overhaul of a longcase clock | 690 |\n| New spring | 78 |\n"
    [first, *_] = found(embedder, "What does it cost to overhaul a longcase clock?", table).quotes
    assert first.offers
    assert "690" in first.words


def test_an_abstention_says_what_was_looked_for_in_vain(embedder: MiniLM) -> None:
    of = found(embedder, "How much did the organ of the church cost?", BAKER)
    said = nothing_found("How much did the organ of the church cost?", of, ("organ", "church"))
    assert "Not found: organ, church." in said
    assert "a sum of money" in said
    assert "nothing in this folder that surely answers this" in said
    assert said.endswith("The nearest I found, which may not answer it:")
    assert "没有提到：管风琴。" in nothing_found("管风琴多少钱？", of, ("管风琴",))


def test_the_end_is_said_in_the_language_of_the_question() -> None:
    assert nothing_more("Who?").startswith("There is nothing more")
    assert nothing_more("谁创办了茶厂？") == "没有更多内容了。"


def test_no_evidence_is_no_answer(embedder: MiniLM) -> None:
    of = weigh("Who founded the mill?", embedder.embed_query("Who founded the mill?"), [], {})
    assert of.thin
    assert choose(of) == []
    assert "nearest" not in nothing_found("Who founded the mill?", of)
    assert "最接近" not in nothing_found("谁创办了茶厂？", weigh("谁创办了茶厂？", None, [], {}))
