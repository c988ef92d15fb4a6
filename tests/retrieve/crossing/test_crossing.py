"""Words and names of a question as documents in the other language have them."""

import pytest

from retrieve.crossing import Names, across, glossed, translation
from retrieve.crossing.sounds import likeness
from retrieve.crossing.words import GLOSSARY

NAMES = Names(
    ["Captain Ruben Strake", "Ingrid Falk", "Yusuf Dallow", "Great Tallow", "Lin Wanqing", "Zhou Mingyuan", "Fuel",
     "斯特雷克", "福尔克", "达洛", "塔洛岛", "林婉清", "周明远", "食堂"]
)  # fmt: skip


@pytest.mark.parametrize(
    ("han", "english"),
    [("斯特雷克", "Strake"), ("福尔克", "Falk"), ("达洛", "Dallow"), ("塔洛", "Tallow"), ("林婉清", "Lin Wanqing")],
)
def test_a_name_is_found_by_its_sound_from_either_side(han: str, english: str) -> None:
    assert NAMES.across(f"{han}后来怎么样了？") == [(han, (english,))]
    found = dict(NAMES.across(f"What became of {english}?"))
    assert han in [name for names in found.values() for name in names]


def test_what_is_no_name_sounds_like_none() -> None:
    assert NAMES.across("今天食堂有什么菜？") == []
    assert NAMES.across("What is there to eat today?") == []
    assert likeness("食堂", "Strake") == 0
    assert likeness("达洛", "Tallow") == 0


def test_letter_for_letter_pinyin_is_the_same_name() -> None:
    assert likeness("周明远", "ZhouMingyuan") == 1


def test_words_are_carried_by_the_glossary_the_longest_first() -> None:
    found = dict(glossed("How did the annual reports explain the delays?"))
    assert found["annual reports"] == ("年报", "年度报告")
    assert "延误" in found["delays"]
    assert [word for word, _ in glossed("合同规定的违约金是多少？")] == ["合同", "规定", "违约金"]


def test_a_question_is_carried_word_by_word() -> None:
    carried = across("福尔克船长写过哪些报告？", NAMES)
    assert translation(carried) == "captain report Falk"


def test_every_line_of_the_glossary_has_two_sides_and_no_word_twice() -> None:
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            left, right = line.split("=")
            for side in (left, right):
                words = [word.strip() for word in side.split(",")]
                assert all(words), line
                assert len(set(words)) == len(words), line
