"""Answers by a real small model over HTTP: streamed, cited, cut and gone on with."""

from functools import cache

import pytest

from clew.models.llm import Model
from clew.models.minilm import MiniLM
from clew.records import Answer, Found, Route
from retrieve.keepgoing import _runs, _whole_words, keep_going
from retrieve.support import Checker
from retrieve.write import Writer
from tests.retrieve.test_cite import piece

pytestmark = [pytest.mark.model, pytest.mark.timeout(900)]

EVIDENCE = (
    piece(
        "ferry.md",
        "The Petrel is a hybrid ferry of 68 metres. She was built at the Wangchao shipyard and sailed first in 2025.",
    ),
    piece("name.md", "Jonna Lusk, nine years old, proposed the name Petrel, after the dark birds of her island."),
    piece("old.md", "The Kittiwake was built in 1974 of larch and oak. She sank in the harbour in a storm in 2011."),
)
QUESTIONS = (
    "How long is the Petrel?",
    "Where was the Petrel built?",
    "When did the Petrel sail first?",
    "Who proposed the name Petrel?",
    "What is the Petrel named after?",
    "When was the Kittiwake built?",
    "What was the Kittiwake built of?",
    "What happened to the Kittiwake?",
    "How old was Jonna Lusk?",
    "What kind of ship is the Petrel?",
)
LONG = 160


@pytest.fixture(scope="module")
def writer(smollm: Model, minilm: MiniLM) -> Writer:
    return Writer(smollm, Checker(minilm), window=4096)


def ask(writer: Writer, question: str, tokens: int) -> Answer:
    made = Writer(writer.model, writer.checker, max_tokens=tokens, window=writer.window)
    return made.write(question, Route(path="passages"), Found(evidence=EVIDENCE), id="one")


def test_an_answer_is_streamed_and_cited(writer: Writer) -> None:
    pieces: list[str] = []
    answer = writer.write(
        "Where was the Petrel built?", Route(path="passages"), Found(evidence=EVIDENCE), id="one", on_text=pieces.append
    )
    assert len(pieces) > 3
    assert any(c.supported and "Wangchao" in c.quote for c in answer.citations)
    assert all(1 <= c.marker <= len(EVIDENCE) for c in answer.citations)
    assert answer.usage.tokens_in > 100


def test_cut_answers_go_on_where_they_stopped(writer: Writer) -> None:
    @cache
    def uncut(question: str) -> str:
        return ask(writer, question, LONG).raw

    for tokens in (20, 40, 80):
        same = 0
        for question in QUESTIONS:
            begun = ask(writer, question, tokens)
            if begun.finish != "length":
                assert begun.raw == uncut(question)
                same += 1
                continue
            made = Writer(writer.model, writer.checker, max_tokens=tokens, window=writer.window)
            whole = keep_going(begun, made, id="two")
            same += uncut(question).startswith(whole.raw)
            assert whole.evidence == begun.evidence
            assert whole.shown == begun.shown
            kept = [c.marker for c in begun.citations]
            assert [c.marker for c in whole.citations][: len(kept)] == kept
        assert same >= 9, f"{same} of 10 at {tokens} tokens"


def test_without_prefill_nothing_is_said_twice_across_the_join(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    for question in QUESTIONS:
        begun = ask(writer, question, 30)
        if begun.finish != "length":
            continue
        monkeypatch.setattr(writer.model, "prefill", False)
        whole = keep_going(begun, Writer(writer.model, writer.checker, max_tokens=40, window=writer.window), id="two")
        monkeypatch.undo()
        before = _whole_words(begun.raw)
        if whole.raw.startswith(before):
            assert not _runs(before) & _runs(whole.raw[len(before) :])
        assert whole.shown == begun.shown
