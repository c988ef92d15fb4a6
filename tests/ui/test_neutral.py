"""What documents and models wrote, as the page is given it."""

import re

import pytest

from ui.neutral import neutral

# What a page with GitHub's Markdown makes a link of, after the escapes are gone.
LINKED = re.compile(r"https?://[-.\w]|www\.|[-.\w+]@[-\w]", re.I)


def read(text: str) -> str:
    """What Markdown reads the escapes as."""
    return re.sub(r"\\([^\w\s]|_)", r"\1", text)


@pytest.mark.parametrize(
    "text",
    ["https://evil.example/x?y=1", "HTTP://EVIL.example", "www.evil.example", "a@b.example", "mailto:a@b.example"],
)
def test_a_bare_address_becomes_no_link(text: str) -> None:
    assert LINKED.search(text)
    assert not LINKED.search(read(neutral(f"see {text}, or ({text})")))
    assert read(neutral(text)).replace("\u2060", "") == text


@pytest.mark.parametrize(
    "text",
    [
        ":material/home:",
        ":material_home:",
        ":streamlit:",
        ":wave:",
        "a -> b",
        "<- b",
        "a <-> b",
        "n >= 2",
        "red -- blue",
    ],
)
def test_no_icon_arrow_or_mark_is_made_of_words(text: str) -> None:
    assert text not in read(neutral(text))
    assert read(neutral(text)).replace("\u2060", "") == text


def test_a_time_of_day_is_left_as_it_is() -> None:
    assert read(neutral("at 10:30:45")) == "at 10:30:45"


def test_an_indented_line_stays_text_and_keeps_its_blanks() -> None:
    shown = neutral("    def f(x):\n\n\treturn x\r\r    end  \n    ")
    assert not re.search(r"^[ \t]+\S", shown, re.M)
    assert read(shown).replace("\u00a0", " ") == "    def f(x):\n\n    return x\r\r    end  \n    "
