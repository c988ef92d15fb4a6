"""A person asks, checks the source, keeps going, reloads; nothing is fetched from elsewhere."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def ask(page: Page, question: str) -> None:
    box = page.get_by_test_id("stChatInput").locator("textarea")
    box.fill(question)
    box.press("Enter")
    page.get_by_role("button", name="Keep going").last.wait_for()


def last_answer(page: Page) -> str:
    return page.get_by_test_id("stChatMessage").last.inner_text()


def test_a_question_gets_a_cited_answer_whose_source_opens_at_the_sentence(page: Page) -> None:
    ask(page, "When did Ines Calloway take command?")
    expect(page.get_by_test_id("stChatMessage").last).to_contain_text("took command in March 2019. [1]")
    page.get_by_role("button", name="[1] ferry.md").last.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("The ferry Aurelia")
    marked = dialog.locator("span.stMarkdownColoredBackground, span[class*='background']").first
    expect(marked).to_contain_text("Ines Calloway took command in March 2019.")


def test_keep_going_adds_new_cited_sentences_with_the_numbers_following_on(page: Page) -> None:
    ask(page, "Who kept the lighthouse lamp?")
    before = last_answer(page)
    shown = before.count("\n[") or 1
    page.get_by_role("button", name="Keep going").last.click()
    expect(page.get_by_role("button", name=f"[{shown + 1}]").last).to_be_visible()
    assert last_answer(page).startswith(before.split("\n")[0])


def test_a_reload_and_a_second_tab_show_the_same_conversation(page: Page) -> None:
    ask(page, "茶馆几点关门？")
    said = page.get_by_test_id("stChatMessage").last
    expect(said).to_contain_text("晚上十点关门")
    page.reload()
    expect(page.get_by_test_id("stChatMessage").last).to_contain_text("晚上十点关门")
    second = page.context.new_page()
    second.goto(page.url)
    expect(second.get_by_test_id("stChatMessage").last).to_contain_text("晚上十点关门")
    box = second.get_by_test_id("stChatInput").locator("textarea")
    box.fill("half a ques")
    ask(page, "When was the lamp first lit?")
    expect(second.get_by_test_id("stChatMessage").last).to_contain_text("1862", timeout=30_000)
    assert box.input_value() == "half a ques"


def test_what_is_asked_while_the_page_still_draws_is_not_lost(page: Page, slow_url: str) -> None:
    page.goto(slow_url)
    for nth, question in enumerate(("When was the lamp first lit?", "When did Ines Calloway take command?"), 1):
        page.get_by_test_id("stChatInput").wait_for()
        page.wait_for_timeout(1_500)  # the page looks once a second whether another tab has gone on
        ask(page, question)
        expect(page.get_by_test_id("stChatMessage")).to_have_count(2 * nth)


def test_an_answer_whose_file_is_gone_is_still_read(page: Page, chat_index: Path) -> None:
    ask(page, "When was the lamp first lit?")
    max((chat_index / "answers").iterdir(), key=lambda file: file.stat().st_mtime_ns).unlink()
    page.reload()
    said = page.get_by_test_id("stChatMessage").last
    expect(said).to_contain_text("1862")
    expect(said).to_contain_text("There is no answer")


def test_what_a_document_smuggles_in_is_shown_as_text_and_fetched_from_nowhere(page: Page) -> None:
    ask(page, "What colour is the pilot boat?")
    expect(page.get_by_test_id("stChatMessage").last).to_contain_text("is red")
    expect(page.get_by_test_id("stChatMessage").last).to_contain_text("pilots.example/red")
    page.get_by_role("button", name="notice.md").last.click()
    expect(page.get_by_role("dialog")).to_contain_text("pilots.example/red")
    assert page.locator("a[href*='example']").count() == 0
    assert page.title() != "owned"
    home = (page.url.split("/?")[0], "data:", "blob:")
    assert [url for url in page.asked if not url.startswith(home)] == []  # type: ignore[attr-defined]
