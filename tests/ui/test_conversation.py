"""Conversations on disk, as several pages of one folder write them."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ui.conversation import Conversation


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
