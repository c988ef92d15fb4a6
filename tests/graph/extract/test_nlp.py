"""Extraction without a language model, on small texts."""

import pytest

from clew.models.minilm import MiniLM
from clew.records import Chunk
from graph.extract import Facts, english, extract, extract_each
from graph.view import TITLE
from tests.worlds import FERRY, TEAHOUSE, cut

LUSK = """# Ada Lusk (postmistress)

Ada Lusk was born on Great Tallow and keeps its post office. She met **Tobias Renner**, who had founded
[Orrin Ferries](https://orrin.example/about) with Henrik Osk, on 3 May 2024.

Captain Ingrid Falk paid 340 crowns for the *Kittiwake*. The ship was built by Linlan Yard.
"""


@pytest.fixture(scope="module")
def embedder() -> MiniLM:
    return MiniLM(threads=1)


@pytest.fixture(scope="module")
def chunks(embedder: MiniLM) -> list[Chunk]:
    return cut("lusk.md", LUSK, embedder, named=True, title="Ada Lusk (postmistress)")


@pytest.fixture(scope="module")
def facts(chunks: list[Chunk]) -> Facts:
    return extract(chunks)


def names(facts: Facts, sentence: int | None = None) -> set[str]:
    return {m.name for m in facts.mentions if sentence is None or m.sentence == sentence}


def said(facts: Facts) -> set[tuple[str, str, str]]:
    return {(t.subject, t.predicate, t.object) for t in facts.triples}


def test_people_places_and_capitalised_runs_are_names(facts: Facts) -> None:
    assert {"Ada Lusk", "Great Tallow", "Tobias Renner", "Orrin Ferries", "Henrik Osk", "Ingrid Falk"} <= names(facts)


def test_dates_numbers_and_amounts_are_no_names(facts: Facts) -> None:
    assert not [name for name in names(facts) if any(c.isdigit() for c in name) or "crowns" in name or name == "May"]


def test_markup_and_link_targets_are_not_read(facts: Facts) -> None:
    assert not [name for name in names(facts) if "*" in name or "example" in name.lower() or "http" in name]


def test_the_title_is_named_with_and_without_its_brackets(facts: Facts) -> None:
    assert {"Ada Lusk (postmistress)", "Ada Lusk"} <= names(facts, TITLE)


def test_a_mention_knows_its_sentence(chunks: list[Chunk], facts: Facts) -> None:
    by_id = {chunk.id: chunk for chunk in chunks}
    placed = [m for m in facts.mentions if m.sentence != TITLE]
    assert placed
    for mention in placed:
        chunk = by_id[mention.chunk_id]
        quote = " ".join(chunk.quote(chunk.sentences[mention.sentence]).split())
        assert mention.name in quote


def test_no_mention_is_repeated(facts: Facts) -> None:
    assert len(facts.mentions) == len({(m.chunk_id, m.sentence, m.name) for m in facts.mentions})


def test_triples_follow_the_verb_and_its_prepositions(facts: Facts) -> None:
    assert ("Ada Lusk", "was born on", "Great Tallow") in said(facts)
    assert ("The ship", "was built by", "Linlan Yard") in said(facts)


def test_a_relative_clause_speaks_of_its_noun(facts: Facts) -> None:
    assert ("Tobias Renner", "had founded", "Orrin Ferries") in said(facts)


def test_she_stands_for_the_title_with_less_confidence(facts: Facts) -> None:
    met = [t for t in facts.triples if t.predicate == "met"]
    assert [(t.subject, t.object) for t in met] == [("Ada Lusk", "Tobias Renner")]
    assert met[0].confidence < 1


def test_every_triple_has_the_sentence_that_states_it(chunks: list[Chunk], facts: Facts) -> None:
    by_id = {chunk.id: chunk for chunk in chunks}
    assert facts.triples
    for triple in facts.triples:
        assert triple.span in by_id[triple.chunk_id].sentences


def test_a_title_that_is_only_a_file_name_is_no_entity(embedder: MiniLM) -> None:
    facts = extract(cut("scan-0042.md", "Henrik Osk met Ada Lusk.", embedder))
    assert names(facts) == {"Henrik Osk", "Ada Lusk"}


def test_a_heading_is_meant_by_the_sentences_below_it_and_a_stock_heading_by_none(embedder: MiniLM) -> None:
    text = f"# Orrin Ferries\n\n## History\n\n{'It sails to Veyra. ' * 80}\n\n## Packet House\n\n{'It is tall. ' * 80}"
    facts = extract(cut("orrin.md", text, embedder, named=True, title="Orrin Ferries"))
    assert {"Orrin Ferries", "Packet House"} <= names(facts, TITLE)
    assert "History" not in names(facts)


def test_chinese_names_come_from_jieba_quotation_marks_and_latin_letters(embedder: MiniLM) -> None:
    text = "# 海边茶馆\n\n林秀兰毕业于清华大学。她读过《海的女儿》，也认识Tobias Renner。"
    facts = extract(cut("茶馆.md", text, embedder, named=True, title="海边茶馆"))
    assert {"林秀兰", "清华大学", "海的女儿", "Tobias Renner"} <= names(facts)
    assert "海边茶馆" in names(facts, TITLE)
    assert ("林秀兰", "毕业于", "清华大学") in said(facts)


def test_several_documents_at_once_give_what_each_gives_alone(embedder: MiniLM) -> None:
    documents = [
        cut("ferry.md", FERRY, embedder, named=True, title="The ferry Aurelia"),
        cut("茶馆.md", TEAHOUSE, embedder),
        cut("lusk.md", LUSK, embedder),
    ]
    assert list(extract_each(documents)) == [extract(chunks) for chunks in documents]


def test_a_long_document_is_parsed_in_portions_and_says_the_same(
    chunks: list[Chunk], facts: Facts, embedder: MiniLM, monkeypatch: pytest.MonkeyPatch
) -> None:
    ferry = cut("ferry.md", FERRY, embedder)
    whole = extract([*chunks, *ferry])
    monkeypatch.setattr(english, "AT_ONCE", 1)
    assert len([*chunks, *ferry]) > 1
    assert extract([*chunks, *ferry]) == whole
    assert extract(chunks) == facts


def test_a_link_as_long_as_a_book_stops_no_reading(embedder: MiniLM) -> None:
    text = f"Ada Lusk keeps [the book](https://orrin.example/{'x' * 1_100_000}) of Great Tallow."
    assert "Ada Lusk" in names(extract(cut("book.md", text, embedder)))


def test_no_chunks_have_no_facts() -> None:
    assert extract([]) == Facts(mentions=(), triples=())
