"""Conversations on disk, as several pages of one folder write them."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from clew.errors import UsageError
from ui.conversation import Conversation, latest


def test_two_pages_on_one_conversation_lose_no_turn(tmp_path: Path) -> None:
    pages = [Conversation(tmp_path / "chats", "0123456789ab") for _ in range(2)]

    def ask(page: Conversation) -> None:
        for number in range(20):
            turn = page.add(f"Question {number}?", None)
            page.change(turn.id, state="done")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(ask, pages))
    assert len(pages[0].turns()) == 40
    assert all(turn.state == "done" for turn in pages[1].turns())


@pytest.mark.parametrize("text", ["{broken", '[{"unknown": 1}]'])
def test_a_conversation_that_cannot_be_read_is_named_with_what_to_do(tmp_path: Path, text: str) -> None:
    (tmp_path / "0123456789ab.json").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"0123456789ab\.json cannot be read"):
        Conversation(tmp_path, "0123456789ab").turns()


def test_earlier_conversations_are_named_by_their_first_question_the_last_one_first(tmp_path: Path) -> None:
    assert latest(tmp_path / "chats", 3) == []
    for at, id_ in enumerate(("aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc")):
        conversation = Conversation(tmp_path, id_)
        for number in (1, 2):
            conversation.add(f"{id_[0]} {number}?", None)
        os.utime(tmp_path / f"{id_}.json", (at, at))
    (tmp_path / "dddddddddddd.json").write_text("{broken", encoding="utf-8")
    assert latest(tmp_path, 3) == [("cccccccccccc", "c 1?"), ("bbbbbbbbbbbb", "b 1?")]
