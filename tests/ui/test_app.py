"""The chat page without a browser: what stands on it after a question."""

import shutil
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from clew.settings import Settings
from retrieve.assembly import open_index
from tests.worlds import FERRY, LIGHTHOUSE, TEAHOUSE
from ui.conversation import Conversation

APP = Path(__file__).parents[2] / "ui" / "app.py"
SECONDS = 60


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with its index."""
    folder = tmp_path_factory.mktemp("docs")
    for name, text in (("ferry.md", FERRY), ("lighthouse.md", LIGHTHOUSE), ("茶馆.md", TEAHOUSE)):
        (folder / name).write_text(text, encoding="utf-8")
    with open_index(folder / ".clew", Settings(threads=1)) as index:
        index.ingest(folder)
    return folder


@pytest.fixture
def page(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The page of a new conversation."""
    monkeypatch.setattr(sys, "argv", ["clew", str(folder / ".clew")])
    page = AppTest.from_file(str(APP), default_timeout=SECONDS).run()
    warm()
    yield page
    warm()
    st.cache_resource.clear()


def warm() -> None:
    """Wait for what the page loads ahead: two threads that parse Python at once may fail in this version of it."""
    for thread in threading.enumerate():
        if thread.name == "clew-warm":
            thread.join()


def ask(page: AppTest, question: str) -> str:
    """Ask, wait for the answer, and return all that its message says."""
    page.chat_input[0].set_value(question).run()
    for _ in range(SECONDS * 10):
        if page.chat_message and not any("▌" in one.value for one in page.chat_message[-1].markdown):
            break
        time.sleep(0.1)
        page.run()
    assert not page.exception
    assert not [one.value for one in page.error]
    return said(page)


def said(page: AppTest) -> str:
    last = page.chat_message[-1]
    return "\n".join(one.value for kind in (last.caption, last.markdown, last.error) for one in kind)


def test_what_was_carried_over_from_earlier_turns_is_said(page: AppTest) -> None:
    assert "Understood as" not in ask(page, "Who is the captain of the Aurelia?")
    assert "Understood as" not in ask(page, "Hello")
    assert "Understood as: When was she built? \\(Aurelia\\)" in ask(page, "When was she built?")
    assert "Understood as" not in ask(page, "Is there a lamp that one can see?")
    assert "理解为" in ask(page, "那海边茶馆呢？")


def test_blanks_are_no_question(page: AppTest) -> None:
    page.chat_input[0].set_value("   ").run()
    assert not page.chat_message


def test_an_open_source_stays_open_when_the_page_is_drawn_anew(page: AppTest) -> None:
    ask(page, "Who is the captain of the Aurelia?")
    next(button for button in page.button if "ferry" in button.label).click().run()
    assert page.get("dialog")
    page.run()
    assert "took command" in "".join(one.value for one in page.get("dialog")[0].markdown)


def test_the_source_of_a_document_that_was_removed_or_changed_says_so(page: AppTest, folder: Path) -> None:
    ask(page, "Who kept the lighthouse ledger?")
    button = next(button for button in page.button if "lighthouse" in button.label)
    with open_index(folder / ".clew", Settings(threads=1)) as index:
        (folder / "lighthouse.md").write_text(LIGHTHOUSE + "It is dark.\n", encoding="utf-8")
        index.ingest(folder)
        button.click().run()
        assert "has changed since" in page.get("dialog")[0].warning[0].value
        (folder / "lighthouse.md").unlink()
        index.ingest(folder)
        page.run()
        assert "no longer in the folder" in page.get("dialog")[0].warning[0].value
        (folder / "lighthouse.md").write_text(LIGHTHOUSE, encoding="utf-8")
        index.ingest(folder)


def test_the_name_of_a_file_is_no_markup_beneath_its_page(page: AppTest, folder: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    file = folder / "plan *old* $1.pdf"
    drawn = Canvas(str(file))
    drawn.drawString(72, 700, "The drydock gate was welded by Magnus Thorsby.")
    drawn.save()
    with open_index(folder / ".clew", Settings(threads=1)) as index:
        index.ingest(folder)
        ask(page, "Who welded the drydock gate?")
        next(button for button in page.button if "plan" in button.label).click().run()
        [picture] = page.get("dialog")[0].get("image")
        assert picture.captions == ["Page 1 of plan \\*old\\* \\$1\\.pdf"]
        file.unlink()
        index.ingest(folder)


def test_where_was_looked_is_said_on_the_closed_box_and_under_the_answer_until_a_new_conversation(
    page: AppTest,
) -> None:
    page.date_input(key="where-since").set_value(date(2020, 1, 1)).run()
    assert page.expander[0].label == "Where to look: from 2020\\-01\\-01"
    assert "Looked only in: from 2020" in ask(page, "Who is the captain of the Aurelia?")
    next(button for button in page.button if button.label == "New conversation").click().run()
    assert page.expander[0].label == "Where to look"
    assert not page.chat_message
    assert "Looked only in" not in ask(page, "Who is the captain of the Aurelia?")


def test_an_earlier_conversation_is_gone_back_to(page: AppTest, folder: Path) -> None:
    assert page.sidebar.caption[0].value.startswith(f"{folder.name}: 3 documents")
    ask(page, "Who kept the lighthouse ledger?")
    first = page.query_params["c"]
    next(button for button in page.button if button.label == "New conversation").click().run()
    assert not page.chat_message
    earlier = page.selectbox(key="earlier")
    earlier.select(next(one for one in earlier.options if one.startswith("Who kept the lighthouse ledger?"))).run()
    assert page.query_params["c"] == first
    assert "ledger" in page.chat_message[0].markdown[0].value


def test_a_thumb_is_kept_and_not_taken_back_by_a_page_that_does_not_know_of_it(page: AppTest, folder: Path) -> None:
    ask(page, "Who is the captain of the Aurelia?")
    conversation = Conversation(folder / ".clew" / "chats", page.query_params["c"])
    [turn] = conversation.turns()
    conversation.change(turn.id, thumb=1)  # in another tab
    page.run()
    assert conversation.turns()[0].thumb == 1
    page.feedback(key=f"thumb-{turn.id}").set_value(0).run()
    assert conversation.turns()[0].thumb == 0


def test_an_empty_folder_says_what_to_do_also_under_an_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_index(tmp_path / ".clew", Settings(threads=1)) as index:
        index.ingest(tmp_path)
    monkeypatch.setattr(sys, "argv", ["clew", str(tmp_path / ".clew")])
    page = AppTest.from_file(str(APP), default_timeout=SECONDS).run()
    warm()
    for _ in range(2):
        assert f"clew ingest {tmp_path}" in [one.value for one in page.code]
        ask(page, "Who is the captain of the Aurelia?")
    st.cache_resource.clear()


def test_there_is_nothing_to_keep_going_with_after_a_sum(page: AppTest) -> None:
    assert "12" in ask(page, "What is 3 * 4?")
    assert not [button for button in page.button if button.label == "Keep going"]


def test_an_address_that_names_no_conversation_leads_to_a_new_one(page: AppTest) -> None:
    page.query_params["c"] = "xyz"
    page.run()
    assert "names no conversation" in page.error[0].value
    page.button[0].click().run()
    assert page.chat_input


def test_a_damaged_conversation_is_told_and_leads_to_a_new_one(page: AppTest, folder: Path) -> None:
    (folder / ".clew" / "chats").mkdir(exist_ok=True)
    (folder / ".clew" / "chats" / "0123456789ab.json").write_text("{broken", encoding="utf-8")
    page.query_params["c"] = "0123456789ab"
    page.run()
    assert not page.exception
    assert "cannot be read" in page.error[0].value
    page.button[0].click().run()
    assert page.chat_input


def test_an_index_that_was_made_anew_or_removed_meanwhile_is_opened_again(page: AppTest, folder: Path) -> None:
    assert "1987" in ask(page, "When was the Aurelia built?")
    with open_index(folder / ".clew", Settings(threads=1)) as index:
        index.reindex()
    assert "1862" in ask(page, "When was the lamp at Gull Head first lit?")
    kept = folder.with_name("kept")
    (folder / ".clew").rename(kept)
    page.run()
    assert not page.exception
    assert "nothing to ask yet" in "".join(one.value for one in page.markdown)
    assert f"clew ingest {folder}" in [one.value for one in page.code]
    shutil.rmtree(folder / ".clew")
    kept.rename(folder / ".clew")
    page.run()
    assert "3 documents" in page.sidebar.caption[0].value
