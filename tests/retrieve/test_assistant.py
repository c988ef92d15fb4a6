"""The assistant over a small folder: every path and button without a language model, and what it does with one."""

import json
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from clew.errors import IndexIncompatible, Unreachable, UsageError
from clew.models.llm import Model
from clew.models.minilm import MiniLM
from clew.models.scripted import Says, Scripted
from clew.records import Answer, RoutePath, Scope
from clew.settings import Settings
from retrieve import find
from retrieve.assembly import Index, open_index
from retrieve.assistant import Assistant
from retrieve.converse import Turn
from retrieve.history import History
from retrieve.keepgoing import has_ended, has_more
from retrieve.route import Router
from retrieve.support import Checker
from retrieve.write import Writer
from tests.worlds import FERRY, LIGHTHOUSE

FIRST = Path(__file__).parents[2] / "examples" / "first"
BATTERIES = "How much energy do the batteries of the Petrel hold?"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Generator[Index, None, None]:
    folder = tmp_path_factory.mktemp("asked") / "first"
    shutil.copytree(FIRST, folder)
    with open_index(folder / ".clew", Settings(threads=1, workers=1)) as opened:
        opened.ingest(folder)
        yield opened


Making = Callable[..., tuple[Assistant, Scripted]]


@pytest.fixture
def with_model(index: Index, minilm: MiniLM, tmp_path: Path) -> Making:
    """Makes an assistant over the same index whose model replies as a script says."""

    def make(script: Any, **more: Any) -> tuple[Assistant, Scripted]:
        llm = Scripted(script=script)
        model = Model(name="scripted", make=lambda: llm, first_wait=0.01, tries=2, seconds=2.0)
        assert index.facts is not None
        return Assistant(
            store=index.store,
            graph=index.facts.store,
            embedder=minilm,
            router=Router([minilm]),
            history=History(tmp_path / "answers"),
            unit=index.lease.hold,
            writer=Writer(model, Checker(minilm)),
            cases=tmp_path / "continued.jsonl",
            **more,
        ), llm

    return make


def cited(answer: Answer) -> set[str]:
    for citation in answer.citations:
        assert citation.chunk.quote(citation.span) == citation.quote
        assert f"[{citation.marker}]" in answer.text
    return {citation.chunk.document.path for citation in answer.citations}


# -- without a model -----------------------------------------------------------------------------------------------


def test_what_lies_inside_a_scope_is_looked_for_along_the_walk_until_there_is_enough(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found() -> list[str]:
        inside = Scope(media_type="text/markdown")
        evidence = index.assistant.search("Who built the Petrel?", path="graph", scope=inside, limit=2).found.evidence
        return [piece.chunk.id for piece in evidence]

    seen: set[str] = set()
    monkeypatch.setattr(find, "POOL", 2)
    fetch, expected = index.store.fetch, found()
    assert len(expected) == 2
    monkeypatch.setattr(index.store, "fetch", lambda chunks: seen.update(chunks) or fetch(chunks))
    monkeypatch.setattr(find, "PORTION", 2)
    assert found() == expected
    assert set(expected) <= seen
    assert len(seen) < index.store.count() / 2


@pytest.mark.parametrize("path", ["passages", "graph", "both", "global"])
def test_every_path_answers_with_citations(index: Index, path: RoutePath) -> None:
    answer = index.assistant.ask(BATTERIES, path=path)
    assert answer.route.path == path
    assert "2,140" in answer.text
    assert "petrel.md" in cited(answer)


def test_a_greeting_needs_no_document(index: Index) -> None:
    answer = index.assistant.ask("Hello!")
    assert answer.route.path == "direct"
    assert answer.text
    assert not answer.citations


def test_a_sum_is_done(index: Index) -> None:
    answer = index.assistant.ask("What is 12.5 % of 480?")
    assert answer.expression is not None
    assert "60" in answer.text


def test_keep_going_adds_what_was_not_used(index: Index) -> None:
    answer = index.assistant.ask("What is known about the Petrel?", path="passages")
    more = index.assistant.keep_going(answer)
    assert more.continues == answer.id
    assert more.text.startswith(answer.text)
    before = {(c.chunk.id, c.span) for c in answer.citations}
    added = {(c.chunk.id, c.span) for c in more.citations[len(answer.citations) :]}
    assert added
    assert not added & before
    assert index.assistant.load(more.id) == more


@pytest.mark.parametrize(
    ("question", "path"), [(BATTERIES, "passages"), ("What is in here?", "global"), ("Hello!", None)]
)
def test_that_there_is_no_more_stands_in_an_answer_once_and_is_told_each_time(
    index: Index, question: str, path: RoutePath | None
) -> None:
    answer = index.assistant.ask(question, path=path)
    assert has_more(answer) is (path is not None)
    for _ in range(30):
        answer = index.assistant.keep_going(answer)
        if has_ended(answer):
            break
    told: list[str] = []
    more = index.assistant.keep_going(answer, on_text=told.append)
    assert (more.text, more.continues, more.kind, more.added_from) == (answer.text, answer.id, "deeper", len(more.text))
    assert more.text.count("nothing more") == 1
    assert "nothing more" in "".join(told)
    assert not has_more(more)


def test_a_follow_up_carries_the_name_over(index: Index) -> None:
    before = [Turn("How long is the Petrel?", "The Petrel is 68 metres long [1].")]
    answer = index.assistant.ask("And how much energy do her batteries hold?", turns=before)
    assert "Petrel" in answer.question
    assert "2,140" in answer.text


@pytest.mark.parametrize("path", [None, "graph", "global"])
def test_a_sum_is_done_as_it_was_typed_whatever_the_way_and_whatever_was_said(
    index: Index, path: RoutePath | None
) -> None:
    before = [Turn("How long is the Petrel?", "The Petrel is 68 metres long [1].")]
    answer = index.assistant.ask("What is 12*17+3?", path=path, turns=before)
    assert (answer.question, answer.expression) == ("What is 12*17+3?", "12*17+3 = 207")


@pytest.mark.parametrize("said", ["thanks", "hello", "谢谢", "Thanks, that was good"])
def test_small_talk_stays_small_talk_in_the_midst_of_a_conversation(index: Index, said: str) -> None:
    answer = index.assistant.ask(said, turns=[Turn("How long is the Petrel?", "The Petrel is 68 metres long [1].")])
    assert (answer.route.path, answer.question, answer.citations) == ("direct", said, ())


@pytest.mark.parametrize("said", ["Tell me more", "more please", "continue", "Keep going!", "继续", "请再详细说说。"])
def test_who_types_that_it_should_go_on_is_told_how(index: Index, said: str) -> None:
    answer = index.assistant.ask(said, turns=[Turn("How long is the Petrel?", "The Petrel is 68 metres long [1].")])
    assert answer.route.path == "direct"
    assert "clew continue" in answer.text
    assert not has_more(answer)


def test_what_the_folder_does_not_tell_is_said(index: Index) -> None:
    answer = index.assistant.ask("Which opera did Verdi premiere in Cairo?", path="passages")
    assert answer.finish == "abstained"


@pytest.mark.parametrize("path", ["passages", "graph", "both"])
@pytest.mark.parametrize(
    "question", ["Who is Zaphod Beeblebrox?", "zxqv blorf grommix", "\u8c01\u662f\u5b59\u609f\u7a7a"]
)
def test_no_nearness_is_enough_where_nothing_of_the_question_is_said(
    index: Index, question: str, path: RoutePath
) -> None:
    assert index.assistant.ask(question, path=path).finish == "abstained"


def test_a_thing_of_one_chinese_character_can_be_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# 港口\n\n老猫睡在码头的缆绳上。渔民每天早上喂它。\n", "utf-8")
    (tmp_path / "b.md").write_text("# 天气\n\n今天有雨，风力六级。\n", "utf-8")
    with open_index(tmp_path / ".clew", Settings(threads=1, workers=1)) as opened:
        opened.ingest(tmp_path)
        answer = opened.assistant.ask("猫在哪里？", path="passages")
        assert answer.finish == "complete"
        assert "缆绳" in answer.text
        assert opened.assistant.ask("龙在哪里？", path="passages").finish == "abstained"


def test_an_answer_without_a_model_is_found_and_quoted_in_one_unit_of_work(
    index: Index, minilm: MiniLM, tmp_path: Path
) -> None:
    held: list[str] = []

    @contextmanager
    def unit() -> Iterator[None]:
        if held:  # made anew between the first and the second
            raise IndexIncompatible("The index was made anew.")
        held.append("once")
        with index.lease.hold():
            yield

    history = History(tmp_path / "answers")
    alone = Assistant(
        store=index.store, graph=None, embedder=minilm, router=Router([minilm]), history=history, unit=unit
    )
    assert "2,140" in alone.ask(BATTERIES).text


def test_without_a_model_there_is_no_prompt(index: Index) -> None:
    assert index.assistant.prompt(BATTERIES) == ""


@pytest.mark.parametrize("path", ["passages", "graph", "both"])
def test_a_passage_that_names_nobody_is_ranked_like_the_others(tmp_path: Path, path: RoutePath) -> None:
    for name, text in (("berths.txt", "the pilot boat sleeps at berth nine."), ("a.md", FERRY), ("b.md", LIGHTHOUSE)):
        (tmp_path / name).write_text(text, "utf-8")
    with open_index(tmp_path / ".clew", Settings(threads=1, workers=1)) as opened:
        opened.ingest(tmp_path)
        found = opened.assistant.search("Where does the pilot boat sleep?", path=path).found
    assert found.evidence[0].chunk.document.path == "berths.txt"
    assert not found.evidence[0].facts


# -- with one ------------------------------------------------------------------------------------------------------


def widening(reply: str) -> Callable[[str], str]:
    def script(prompt: str) -> str:
        if "synonyms" in prompt:
            return reply
        return "Her batteries hold 2,140 kilowatt-hours [1]."

    return script


def test_the_model_widens_a_question_for_the_graph_and_for_nothing_else(with_model: Making) -> None:
    words = json.dumps({"words": [{"word": "batteries", "also": ["accumulators"]}]})
    assistant, llm = with_model(widening(words))
    assistant.search(BATTERIES, path="passages")
    assert not llm.prompts
    assistant.search(BATTERIES, path="graph")
    assert sum("synonyms" in prompt for prompt in llm.prompts) == 1
    off, silent = with_model(widening(words), widen=False)
    off.search(BATTERIES, path="graph")
    assert not silent.prompts


def test_other_words_for_its_own_lead_a_question_to_its_document(with_model: Making) -> None:
    question = "What does one pay for a quadmule?"
    words = json.dumps({"words": [{"word": "quadmule", "also": ["bicycle", "tandem"]}]})

    def documents(reply: str) -> list[str]:
        assistant, _ = with_model(widening(reply))
        found = assistant.search(question, path="graph").found.evidence
        return list(dict.fromkeys(piece.chunk.document.path for piece in found))

    place = documents('{"words": []}').index("dogs-and-bicycles.html")
    assert documents(words).index("dogs-and-bicycles.html") < place


def test_what_is_loaded_ahead_has_the_model_with_it_and_asks_it_nothing(with_model: Making) -> None:
    assistant, llm = with_model(["never said"])
    assert assistant._writer is not None
    assistant.warm()
    assert assistant._writer.model.__dict__["llm"] is llm
    assert not llm.asked


@pytest.mark.parametrize("reply", ["", Says(text="The batteries", status=400)])
def test_where_the_model_writes_nothing_the_documents_are_quoted_and_it_is_said(
    with_model: Making, reply: "str | Says"
) -> None:
    assistant, _ = with_model(lambda prompt: reply)
    told: list[str] = []
    answer = assistant.ask(BATTERIES, path="passages", on_text=told.append)
    assert "2,140" in answer.text
    assert "petrel.md" in cited(answer)
    assert "scripted" in answer.notes[0]
    assert "".join(told).split() == answer.text.split()


def test_a_model_that_cannot_be_reached_ends_the_question_and_nothing_is_kept(
    with_model: Making, tmp_path: Path
) -> None:
    assistant, _ = with_model(lambda prompt: Says(text="x", status=503))
    with pytest.raises(Unreachable):
        assistant.ask(BATTERIES, path="passages")
    assert not list((tmp_path / "answers").glob("*")) if (tmp_path / "answers").exists() else True


def test_that_an_answer_cannot_be_rewritten_is_not_blamed_on_a_model_that_is_set(
    index: Index, with_model: Making
) -> None:
    assistant, llm = with_model(["never said"])
    assert "none is set" in index.assistant.ask("Make that shorter").text
    assert "none is set" not in assistant.ask("Make that shorter").text
    assert not llm.asked


def test_the_prompt_that_is_shown_is_the_prompt_that_is_sent(with_model: Making) -> None:
    assistant, llm = with_model(lambda prompt: "Her batteries hold 2,140 kilowatt-hours [1].")
    question = "Who proposed the name Petrel?"
    shown = assistant.prompt(question, path="passages")
    assert not llm.asked
    assistant.ask(question, path="passages")
    (sent,) = llm.asked
    assert all(message.content and message.content in shown for message in sent)


@pytest.mark.parametrize("question", ["Hello!", "12*7+3"])
def test_no_prompt_is_shown_where_none_would_be_sent(with_model: Making, question: str) -> None:
    assistant, llm = with_model(["never said"])
    assert assistant.prompt(question) == ""
    assert not llm.asked


def test_all_that_models_wrote_for_an_answer_is_counted(with_model: Making) -> None:
    def says(prompt: str) -> str:
        if "arithmetic" in prompt:
            return json.dumps({"expression": "14 * 3", "unit": ""})
        return "How much more do the batteries hold?" if prompt.startswith("Rewrite") else widening("{}")(prompt)

    assistant, llm = with_model(says)
    answer = assistant.ask("And how much do they hold in total?", path="graph", turns=[Turn(BATTERIES, "2.4 MWh")])
    assert answer.expression is not None
    assert answer.usage.calls == len(llm.asked) == 4  # the question rewritten and widened in two tries, and the sum
    assert assistant.keep_going(answer).usage == answer.usage
    written = assistant.ask(BATTERIES, path="passages")
    more = assistant.keep_going(written)
    assert (written.usage.calls, len(llm.asked)) == (1, 4 + more.usage.calls)
    assert more.usage.calls > 1
    assert assistant.load(more.id).usage == more.usage


def test_the_models_of_an_index_have_one_budget(tmp_path: Path) -> None:
    settings = Settings(llm="openai-like:http://127.0.0.1:9/v1#m", llm_budget_calls=1, threads=1)
    with open_index(tmp_path / ".clew", settings, folder=tmp_path) as opened:
        assistant = opened.assistant
        assert assistant._writer is not None
        assert assistant._overview is not None
        assert assistant._overview._reports._model is not None
        assert assistant._overview._reports._model.ledger is assistant._writer.model.ledger


def test_an_answer_whose_file_is_damaged_is_told_as_such(index: Index, tmp_path: Path) -> None:
    history = History(tmp_path)
    answer = index.assistant.ask("Hello!")
    history.keep(answer)
    assert history.load(answer.id) == answer
    (tmp_path / f"{answer.id}.json").write_text("{", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be read"):
        history.load(answer.id)
