"""Answers with markers, checked against the evidence that they cite."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from clew.ids import chunk_id, document_id
from clew.models.minilm import MiniLM
from clew.records import Chunk, Document, Evidence, Span
from retrieve.cite import check, is_claim, markers_in, sentences_of, with_markers, without_markers
from retrieve.support import Checker
from ui.commands.cite import command


def piece(path: str, text: str, title: str = "") -> Evidence:
    document = Document(
        id=document_id("", path), path=path, title=title or path, media_type="text/markdown", content_hash=""
    )
    span = Span(0, len(text))
    return Evidence(
        chunk=Chunk(id=chunk_id(document.id, span, text), document=document, span=span, text=text), score=1, via="test"
    )


FERRY = piece("petrel.md", "The Petrel carries 72 cars and 350 passengers. She was built in Linlan.", "The Petrel")
FARES = piece("fares.md", "A single ticket costs 14 crowns. Children under six travel free.")
OLD = piece("old.md", "The Petrel carries 74 cars and 350 passengers.", "An old brochure")


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(MiniLM(threads=1))


def test_markers_are_read_in_every_way_that_models_write_them() -> None:
    assert markers_in("a [1]. b [2][3], c [4, 5] 。【6】 [7-9]") == (1, 2, 3, 4, 5, 6, 7, 8, 9)
    assert markers_in("红[1，2]。蓝［3；4］。") == (1, 2, 3, 4)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It is red [1]. It is big.", ["It is red [1].", "It is big."]),
        ("It is red. [1] It is big. [2]", ["It is red. [1]", "It is big. [2]"]),
        ("它是红的[1]。它很大。[2]", ["它是红的[1]。", "它很大。[2]"]),
        ("Two things:\n- One [1].\n- Two [2].", ["Two things:", "- One [1].", "- Two [2]."]),
    ],
)
def test_a_marker_belongs_to_the_sentence_before_it(text: str, sentences: list[str]) -> None:
    assert [text[span.slice] for span in sentences_of(text)] == sentences


def test_a_marker_goes_before_the_closing_mark() -> None:
    assert with_markers("It is red.", (1, 2)) == "It is red [1][2]."
    assert with_markers("它是红的。", (1,)) == "它是红的[1]。"
    assert with_markers("它是红的！", (1,)) == "它是红的[1]！"
    assert with_markers("它很大（最大）。", (1,)) == "它很大（最大[1]）。"
    assert without_markers("It is red [1][2]. [?]") == "It is red."
    assert without_markers("它是红的[1，2]。") == "它是红的。"


@pytest.mark.parametrize("text", ["In short:", "What else?", "要点如下：", "要点如下:", "您还想知道什么？", "# 船"])
def test_a_lead_in_or_a_question_claims_nothing(text: str) -> None:
    assert not is_claim(text)
    assert is_claim("它是红的！")


def test_a_cited_sentence_gets_the_quote_that_bears_it_out(checker: Checker) -> None:
    found = check("The Petrel was built in Linlan [1].", [FERRY, FARES], checker)
    assert found.text == "The Petrel was built in Linlan [1]."
    assert [c.quote for c in found.citations] == ["She was built in Linlan."]
    assert found.citations[0].supported
    assert found.sentences[0].supported


def test_a_marker_without_evidence_is_no_citation(checker: Checker) -> None:
    found = check("A single ticket costs 14 crowns [2][9].", [FERRY, FARES], checker)
    assert found.text == "A single ticket costs 14 crowns [2]."
    assert found.invented == 1


def test_what_the_cited_source_does_not_say_is_marked_and_kept(checker: Checker) -> None:
    found = check("The Petrel carries 90 cars [1].", [FERRY], checker)
    assert found.text == "The Petrel carries 90 cars [1][?]."
    assert not found.sentences[0].supported
    assert not found.citations[0].supported


def test_sentences_without_markers_get_them_and_the_share_is_told(checker: Checker) -> None:
    found = check("Children under six travel free. She was built in Linlan [1].", [FERRY, FARES], checker)
    assert found.text == "Children under six travel free [2]. She was built in Linlan [1]."
    assert found.attached == 0.5


def test_what_no_source_says_is_marked_even_without_markers(checker: Checker) -> None:
    found = check("The captain likes herring.", [FERRY, FARES], checker)
    assert found.text == "The captain likes herring [?]."


def test_headings_and_lead_ins_are_no_claims(checker: Checker) -> None:
    found = check("# The ferry\nHere is what I found:\n- It was built in Linlan [1].", [FERRY], checker)
    assert [s.supported for s in found.sentences] == [True, True, True]
    assert "[?]" not in found.text


def test_two_sources_may_support_a_sentence_together(checker: Checker) -> None:
    found = check("The Petrel carries 72 cars and a single ticket costs 14 crowns [1][2].", [FERRY, FARES], checker)
    assert found.sentences[0].supported


def test_a_source_that_says_otherwise_is_reported(checker: Checker) -> None:
    found = check("The Petrel carries 72 cars and 350 passengers [1].", [FERRY, FARES, OLD], checker)
    assert [(c.sentence, c.marker) for c in found.conflicts] == [(0, 3)]
    assert "74 cars" in found.conflicts[0].quote


def test_offsets_name_the_sentences_of_the_text_as_it_is_shown(checker: Checker) -> None:
    found = check("The Petrel carries 90 cars [1].\n\nChildren under six travel free. [2]", [FERRY, FARES], checker)
    assert [found.text[s.span.slice] for s in found.sentences] == [
        "The Petrel carries 90 cars [1][?].",
        "Children under six travel free [2].",
    ]


def test_the_terminal_checks_pairs(tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_text(
        '{"id": "a", "sentence": "It has 3 wheels.", "source": "The mill has 3 wheels."}\n'
        '{"id": "b", "sentence": "It has 4 wheels.", "source": "The mill has 3 wheels."}\n'
    )
    result = CliRunner().invoke(command, ["check", str(file), "--json"])
    body = json.loads(result.stdout)
    assert next(iter(body)) == "schema"
    assert [(row["id"], row["supported"]) for row in body["rows"]] == [("a", True), ("b", False)]
    assert 0 <= body["rows"][1]["score"] < body["rows"][0]["score"] <= 1
