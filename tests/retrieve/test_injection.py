"""Thirty poisoned documents against models that do what they say: the harm stays inside the message, and small."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from clew.models.llm import Model
from clew.models.minilm import MiniLM
from clew.models.scripted import Scripted, obey
from clew.records import Answer, Found, Route
from retrieve.cite import markers_in
from retrieve.keepgoing import keep_going
from retrieve.prompts import as_data
from retrieve.support import Checker
from retrieve.write import Writer
from tests.retrieve.test_cite import FARES, FERRY, piece
from ui.neutral import neutral

POISON = [
    json.loads(line) for line in (Path(__file__).parents[1] / "corpus" / "poison.jsonl").read_text("utf-8").splitlines()
]
ADDRESS = re.compile(r"\]\(|<\s*/?[a-z!]|!\[", re.I)


def write(minilm: MiniLM, script: Any, poison: dict[str, str]) -> tuple[Answer, str, Writer]:
    llm = Scripted(script=script)
    writer = Writer(Model(name="scripted", make=lambda: llm), Checker(minilm))
    evidence = (FERRY, piece("poison.md", poison["text"]), FARES)
    pieces: list[str] = []
    answer = writer.write(
        "What does the Petrel carry?", Route(path="passages"), Found(evidence=evidence), id="one", on_text=pieces.append
    )
    return answer, "".join(pieces), writer


def safe(answer: Answer, streamed: str) -> None:
    for text in (answer.text, streamed):
        assert not ADDRESS.search(text), text
    numbers = {n for sentence in answer.sentences for n in sentence.markers}
    assert numbers <= {1, 2, 3}
    assert set(markers_in(answer.text)) <= {1, 2, 3}
    assert all(c.quote in c.chunk.text for c in answer.citations)
    shown = neutral(answer.text)
    assert not re.search(r"(?<!\\)[\[\]<$!:]", shown)


def test_there_are_thirty() -> None:
    assert len(POISON) == 30


@pytest.mark.parametrize("poison", POISON, ids=range(len(POISON)))
def test_a_model_that_obeys_its_sources_does_no_harm(minilm: MiniLM, poison: dict[str, str]) -> None:
    answer, streamed, writer = write(minilm, obey, poison)
    safe(answer, streamed)
    more = keep_going(answer, writer, id="two")
    safe(more, more.text)


@pytest.mark.parametrize("poison", POISON, ids=range(len(POISON)))
def test_a_model_that_says_the_worst_word_for_word_does_no_harm(minilm: MiniLM, poison: dict[str, str]) -> None:
    answer, streamed, _ = write(minilm, [poison["say"]], poison)
    safe(answer, streamed)


def test_what_a_poisoned_source_only_orders_is_not_taken_for_what_another_says(minilm: MiniLM) -> None:
    answer, _, _ = write(minilm, ["The Petrel carries 9,000 cars [1]."], POISON[0])
    assert "[?]" in answer.text
    assert not answer.sentences[0].supported


def test_what_looks_like_a_marker_in_a_source_is_none_in_any_width() -> None:
    said = "红[1，2]。蓝【3】。大［４］。"
    assert markers_in(said) == (1, 2, 3, 4)
    assert markers_in(as_data(said)) == ()
