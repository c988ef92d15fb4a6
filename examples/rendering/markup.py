"""Blocks as HTML tags, for web pages and for the chapters of an EPUB."""

from html import escape

from rendering.blocks import Block, runs

TAGS = {"bold": ("<strong>", "</strong>"), "italic": ("<em>", "</em>"), "": ("", "")}


def inline(text: str) -> str:
    return "".join(TAGS[style][0] + escape(part, quote=False) + TAGS[style][1] for part, style in runs(text))


def tags(block: Block) -> str:
    if block.kind == "heading":
        return f"<h{block.level}>{inline(block.text)}</h{block.level}>"
    if block.kind in ("bullets", "numbers"):
        name = "ul" if block.kind == "bullets" else "ol"
        return f"<{name}>\n" + "\n".join(f"<li>{inline(item)}</li>" for item in block.items) + f"\n</{name}>"
    if block.kind == "table":
        head, *rows = block.rows
        lines = ["<tr>" + "".join(f"<th>{inline(cell)}</th>" for cell in head) + "</tr>"]
        lines += ["<tr>" + "".join(f"<td>{inline(cell)}</td>" for cell in row) + "</tr>" for row in rows]
        return "<table>\n" + "\n".join(lines) + "\n</table>"
    if block.kind == "code":
        return f"<pre><code>{escape(block.text, quote=False)}</code></pre>"
    return f"<p>{inline(block.text)}</p>"
