"""A question finds what only documents in the other language say, and loses nothing of its own."""

from collections.abc import Generator
from pathlib import Path

import pytest

from clew.records import RoutePath
from clew.settings import Settings
from retrieve.assembly import Index, open_index

ENGLISH = {
    "captain.md": "# The captain\n\nThe captain of the ferry retired in March 2021 and moved to the mountains.\n",
    "school.md": "# The school\n\nThe school on the island has eleven pupils. Their teacher comes from Leeds.\n",
    "prices.md": "# Prices\n\nA ticket costs nine crowns. Children travel free.\n",
    "storm.md": "# The storm\n\nThe storm of 1987 broke every window of the post office.\n",
}
CHINESE = {
    "合同.md": "# 造船合同\n\n合同规定新船的价格为九千二百万元，分五次支付。\n",
    "食堂.md": "# 食堂\n\n食堂的厨师姓马，每天早上四点开始做面包。\n",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Generator[Index, None, None]:
    folder = tmp_path_factory.mktemp("across")
    for name, text in {**ENGLISH, **CHINESE}.items():
        (folder / name).write_text(text, "utf-8")
    with open_index(folder / ".clew", Settings(threads=1, workers=1)) as opened:
        opened.ingest(folder)
        yield opened


def first(index: Index, question: str, path: RoutePath) -> list[str]:
    found = index.assistant.search(question, path=path).found
    return list(dict.fromkeys(piece.chunk.document.path for piece in found.evidence))


@pytest.mark.parametrize("path", ["passages", "graph", "both"])
@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("岛上的学校有多少名学生？", "school.md"),
        ("船长是什么时候退休的？", "captain.md"),
        ("What time does the cook of the canteen begin to make bread?", "食堂.md"),
        ("What price does the contract for the new ship set?", "合同.md"),
    ],
)
def test_a_question_finds_what_the_other_language_says(
    index: Index, question: str, document: str, path: RoutePath
) -> None:
    assert document in first(index, question, path)[:2]


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("Which windows did the storm of 1987 break?", "storm.md"),
        ("What does a ticket cost?", "prices.md"),
        ("食堂的厨师姓什么？", "食堂.md"),
    ],
)
def test_what_the_own_language_says_stays_first(index: Index, question: str, document: str) -> None:
    assert first(index, question, "passages")[0] == document


def test_in_a_folder_of_one_language_nothing_changes(tmp_path: Path) -> None:
    for name, text in ENGLISH.items():
        (tmp_path / name).write_text(text, "utf-8")
    with open_index(tmp_path / ".clew", Settings(threads=1, workers=1)) as opened:
        opened.ingest(tmp_path)
        found = opened.assistant.search("Who is the teacher of the school?", path="passages").found
    assert {piece.via for piece in found.evidence} == {"passages"}
