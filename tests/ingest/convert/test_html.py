"""An HTML page keeps its content and its structure and loses its furniture."""

import datetime
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clew.errors import ConversionError
from clew.records import Markdown
from ingest.convert import convert_bytes

SENTENCES = [
    "The ferry Kittiwake ran aground on the Sow's Back shoal shortly after six in the morning.",
    "Captain Ines Okoro had taken the eastern channel because the lights of the western one were out.",
    "Nobody was hurt, and all forty-one passengers were taken off by the pilot boat within the hour.",
    "The company's engineer found a dent of two metres in the hull, but no water came in.",
    "By noon on Tuesday the tide had lifted her, and she went under her own power to the yard at Tallow.",
    "The harbour office asks all masters to keep to the eastern channel until the lights are repaired.",
]
ARTICLE = f"""<!DOCTYPE html><html><head><title>Kittiwake aground | Tallow Gazette</title>
<meta property="article:published_time" content="2025-03-04T08:00:00+00:00"></head><body>
<nav class="menu"><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<div class="cookie-banner">We value your privacy and use cookies for everything. <button>Accept</button></div>
<main><article><h1>Kittiwake aground</h1><p>{SENTENCES[0]} {SENTENCES[1]}</p><p>{SENTENCES[2]} {SENTENCES[3]}</p>
<h2>What the office says</h2><p>{SENTENCES[4]} See <a href="https://harbour.example/notice">the notice</a>.</p>
<ul><li>Masters keep to the eastern channel.</li><li>Yachts stay in harbour.</li></ul>
<table><tr><th>Time</th><th>Depth</th></tr><tr><td>06:10</td><td>1.9 m</td></tr><tr><td>12:00</td><td>4.2 m</td></tr>
</table><pre><code class="language-python">depth = 1.9\nprint(depth)</code></pre><p>{SENTENCES[5]}</p></article></main>
<aside class="related"><h3>Read next</h3><p>Ten places to eat chips in the rain, according to our readers.</p></aside>
<footer>© 2025 Tallow Gazette. All rights reserved. Terms of use.</footer><script>track("you")</script></body></html>"""


def read(html: str | bytes) -> Markdown:
    return convert_bytes(html if isinstance(html, bytes) else html.encode(), "page.html", 0.0)


def test_an_article_keeps_its_text_and_loses_its_furniture() -> None:
    text = read(ARTICLE).text
    for sentence in SENTENCES:
        assert sentence in text
    for furniture in ("Sport", "cookies", "Accept", "chips", "All rights", "track"):
        assert furniture not in text


def test_headings_lists_tables_code_and_links_survive() -> None:
    text = read(ARTICLE).text
    assert "## What the office says" in text
    assert "[the notice](https://harbour.example/notice)" in text
    assert "- Yachts stay in harbour." in text
    assert "| Time | Depth |\n| --- | --- |\n| 06:10 | 1.9 m |\n| 12:00 | 4.2 m |" in text
    assert "```python\ndepth = 1.9\nprint(depth)\n```" in text


def test_title_and_date_come_from_the_page() -> None:
    made = read(ARTICLE)
    assert (made.title, made.named) == ("Kittiwake aground", True)
    assert (made.date, made.date_source) == (datetime.date(2025, 3, 4), "metadata")


def test_a_title_without_heading_loses_the_name_of_the_site() -> None:
    assert read("<title>Tide tables - Harbour Office</title><p>High water at six.</p>").title == "Tide tables"
    assert read("<p>High water at six.</p>").named is False


@pytest.mark.parametrize(
    "body",
    [
        "<p>Hello.</p>",
        "Just words, no markup at all",
        "<h1>Phone list</h1><ul>" + "".join(f"<li>Person {i}: 555-01{i:02}</li>" for i in range(30)) + "</ul>",
        "<h1>Links</h1><ul>" + "".join(f"<li><a href='d{i}.html'>Document {i}</a></li>" for i in range(30)) + "</ul>",
        "<table><tr><th>Route</th><th>Fare</th></tr>"
        + "".join(f"<tr><td>Route {i}</td><td>{i * 3} crowns</td></tr>" for i in range(40))
        + "</table>",
        "<form><p>Name of the vessel</p><label>Draught</label><input><p>Send this to the harbour office.</p></form>",
        "<dl>" + "".join(f"<dt>Term {i}</dt><dd>Meaning {i}</dd>" for i in range(20)) + "</dl>",
        f"<p>{SENTENCES[0]}</p><table>"
        + "".join(f"<tr><td>Row {i}</td><td>{i}</td></tr>" for i in range(60))
        + "</table>",
    ],
    ids=["tiny", "bare", "list", "index", "table", "form", "terms", "sentence-and-table"],
)
def test_a_page_that_is_no_article_loses_no_content(body: str) -> None:
    said = set(re.findall(r"\w+", re.sub(r"<[^>]*>", " ", body)))
    made = read(f"<html><body>{body}</body></html>")
    assert said <= set(re.findall(r"\w+", f"{made.title} {made.text}"))


def test_chinese_pages_keep_their_text_in_the_encoding_they_declare() -> None:
    said = "渡轮公司二月十九日开会，决定从四月起涨价。" * 3
    page = (
        f'<html><head><meta charset="gb2312"><title>会议纪要</title></head><body><h1>会议纪要</h1><p>{said}</p></body>'
    )
    made = read(page.encode("gb18030"))
    assert said in made.text
    assert made.title == "会议纪要"


def test_tables_that_lay_out_the_page_become_text_and_spans_are_filled() -> None:
    nested = (
        "<table><tr><td><table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table></td></tr></table>"
    )
    assert "| a | b |\n| --- | --- |\n| 1 | 2 |" in read(nested).text
    spans = "<table><tr><th>Line<th>Pier</tr><tr><td rowspan=2>North<td>1</tr><tr><td>2</tr></table>"
    assert "| North | 1 |\n| North | 2 |" in read(spans).text


def test_a_cell_over_rows_and_columns_and_a_bar_in_a_cell_move_no_other_cell() -> None:
    html = (
        "<table><tr><th>A</th><th>B</th><th>C</th></tr><tr><td rowspan=2 colspan=2>wide</td><td>1</td></tr>"
        "<tr><td>2</td></tr><tr><td>a|b</td><td><code>x | y</code></td><td>3</td></tr></table>"
    )
    text = convert_bytes(html.encode(), "a.html", 0.0).text
    assert text.endswith("| wide | | 1 |\n| wide | wide | 2 |\n| a\\|b | `x \\| y` | 3 |\n")


def test_short_lines_powers_and_code_beside_its_line_numbers_are_kept() -> None:
    prose = "<p>" + "The ferry left the harbour at dawn with all of its crew and came back late. " * 8 + "</p>"
    html = (
        f"<html><body><article><h1>The ferry</h1>{prose}<p>Quay 7<br>Hask<br>Veyra</p>"
        "<p>She burned 3 × 10<sup>6</sup> litres, or CO<sub>2</sub> of 12 m<sup>3</sup>, over all these years.</p>"
        "<table><tr><td><pre>1\n2</pre></td><td><pre>def f():\n    pass</pre></td></tr></table>"
        f"{prose}</article></body></html>"
    )
    text = convert_bytes(html.encode(), "a.html", 0.0).text
    assert "Quay 7\nHask\nVeyra" in text
    assert "3 × 10^6 litres, or CO2 of 12 m3" in text
    assert "```\ndef f():\n    pass\n```" in text


def test_text_that_looks_like_markup_stays_text() -> None:
    text = read("<p>Use a &lt;b&gt; tag, 2 * 3 * 4, and snake_case_names &amp; more.</p>").text
    assert "\\<b> tag, 2 * 3 * 4, and snake_case_names & more." in text


@pytest.mark.parametrize("reference", ["&#x0c;", "&#1;", "&#27;", "&#xFFFE;", "&#0", "&#x1B;"])
def test_a_numbered_control_character_is_a_blank_and_costs_no_page(reference: str) -> None:
    found = read(ARTICLE.replace("ran aground", f"ran{reference}aground&#33;"))
    assert "Kittiwake ran aground! on the" in found.text
    assert SENTENCES[5] in found.text


def test_scripts_pictures_and_dangerous_links_leave_nothing() -> None:
    page = '<p>One <a href="javascript:x()">two</a> <img src="data:image/png;base64,AA"> <a href="#top">three</a></p>'
    assert read(page).text.split() == ["One", "two", "three"]


def test_tags_that_are_never_closed_lose_no_text() -> None:
    html = "<html><body>" + "".join(f"<font><div>Line {number} of the log.\n" for number in range(600))
    text = convert_bytes(html.encode(), "log.html", 0.0).text
    assert all(f"Line {number} of the log." in text for number in range(600))


@pytest.mark.parametrize("tag", ["div", "font", "blockquote", "ul><li", "table><tr><td"])
def test_nesting_without_end_loses_nothing(tag: str) -> None:
    lines = "".join(f"<{tag}>Line {number} of the log.\n" for number in range(3000))
    made = read(f"<html><body><h1>The log</h1>{lines}<p>Found at the bottom.")
    text = made.text
    assert made.title == "The log"
    assert all(f"Line {number} of the log." in text for number in range(3000))
    assert "Found at the bottom." in text
    assert len(text) < 4 * len(lines)


def test_what_lies_deeper_than_any_parser_goes_is_found() -> None:
    made = read("<div>" * 20000 + "<p>Found at the bottom.</p>" + "</div>" * 20000)
    assert "bottom" in made.text


def test_a_page_that_no_tree_holds_is_told() -> None:
    with pytest.raises(ConversionError, match="too deep"):
        read("<pre>" * 20000 + "Found at the bottom.")


tags = st.sampled_from(
    ["p", "div", "table", "tr", "td", "li", "ul", "h2", "a href='x'", "b", "pre", "br", "script", "nav"]
)
pieces = st.lists(
    st.one_of(tags.map(lambda t: f"<{t}>"), tags.map(lambda t: f"</{t.split()[0]}>"), st.text(max_size=20))
)


@settings(deadline=None, max_examples=60)
@given(pieces.map("".join))
def test_any_tag_soup_gives_markdown_or_a_reason(html: str) -> None:
    try:
        made = read("<html>" + html)
    except ConversionError as error:
        made = error.message
    assert str(made).strip()
