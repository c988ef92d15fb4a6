"""The sources of an answer: a button for each, and the document that it opens, at the cited sentence."""

import re
from collections.abc import Sequence

import streamlit as st

from clew.errors import ClewError
from clew.records import Answer, Chunk, Citation, Span
from retrieve.assembly import Index
from ui.conversation import Turn
from ui.excerpt import Fence, Part, fence_at, parts, place, readable
from ui.neutral import neutral
from ui.original import pdf_page
from ui.words import counted, dated

AROUND = 700  # characters shown before and behind a cited sentence
SHOWN = 8  # buttons that stand in the open
OPEN = "source"  # the turn and the marker whose source is open, in the session: it outlives a rerun of the page


def sources(answer: Answer, turn: Turn, index: Index) -> None:
    """A button for each marker; it opens the source at what is cited."""
    cited: dict[int, list[Citation]] = {}
    for citation in answer.citations:
        cited.setdefault(citation.marker, []).append(citation)
    markers = list(cited)
    _buttons({marker: cited[marker] for marker in markers[:SHOWN]}, turn)
    if more := {marker: cited[marker] for marker in markers[SHOWN:]}:
        with st.expander(counted(len(more), "more source")):
            _buttons(more, turn)
    turn_id, marker = st.session_state.get(OPEN, ("", 0))
    if turn_id == turn.id and marker in cited:
        source(cited[marker], index)


def _buttons(cited: dict[int, list[Citation]], turn: Turn) -> None:
    with st.container(horizontal=True):
        for marker, (first, *_) in cited.items():
            label = neutral(f"[{marker}] {first.chunk.document.path}{place(first.chunk, first.span.start)}")
            if st.button(label, key=f"source-{turn.id}-{marker}", type="tertiary"):
                st.session_state[OPEN] = (turn.id, marker)


def _closed() -> None:
    st.session_state.pop(OPEN, None)


@st.dialog("Source", width="large", on_dismiss=_closed)
def source(citations: Sequence[Citation], index: Index) -> None:
    """The document around the sentences cited by one marker, the sentences marked."""
    chunk, first = citations[0].chunk, citations[0].span
    document = chunk.document
    at = place(chunk, first.start)
    said = f" · {day}" if (day := dated(document)) else ""
    st.markdown(f"**{neutral(document.title)}**  \n{neutral(document.path + at + said)}")
    if chunk.headings:
        st.caption(neutral(" › ".join(chunk.headings)))
    entry = index.manifest.entry(document.id)
    if entry is None:
        st.warning("This document is no longer in the folder. This is what it said.")
    elif entry.document.content_hash != document.content_hash:
        st.warning("This document has changed since. This is what it said.")
    before = after = None
    try:
        with index.unit():
            before, after = index.store.around(chunk)
    except ClewError as error:  # what is cited can be shown without what stands around it
        st.warning(neutral(str(error)))
    with st.container(border=True):
        for part in _excerpt(before, chunk, after, [one.span for one in citations if one.chunk.id == chunk.id], index):
            if isinstance(part, str):
                st.markdown(part)
            else:
                st.code(part.text.strip("\n"), language=(part.fence and part.fence.language) or None)
    picture = pdf_page(index.manifest.collections(), chunk)
    if picture is not None:
        caption = f"Page {chunk.page} of {document.path}"
        st.image(picture, caption=neutral(caption), alt=caption)


def _excerpt(
    before: Chunk | None, chunk: Chunk, after: Chunk | None, cited: Sequence[Span], index: Index
) -> list[str | Part]:
    """What stands around the cited spans: prose as the page's Markdown, code as it is."""
    text = (before.text if before else "") + chunk.text + (after.text if after else "")
    offset = chunk.span.start - (len(before.text) if before else 0)  # of the text in the document
    spans = [span.shift(-offset) for span in cited]
    start, end = max(0, spans[0].start - AROUND), min(len(text), max(span.end for span in spans) + AROUND)
    fence = _fence(chunk, offset, text, start, index)
    head = tail = ""
    if start and fence is None:
        head = "… "
        start = next((found.end() for found in [re.compile(r"\S{1,24}\s").match(text, start)] if found), start)
    elif start:
        start = text.find("\n", start, spans[0].start) + 1 or start
    if end < len(text):
        tail = " …"
        end = max(text.rfind(" ", end - 24, end), text.rfind("\n", end - 24, end), 0) or end
    shown: list[str | Part] = []
    for part in parts(text[start:end], [span.shift(-start) for span in spans], fence):
        if part.fence is not None and not part.cited:
            if part.text.strip():
                shown.append(part)
            continue
        piece = _marked(part) if part.cited else neutral(readable(part.text)).replace("\n", "  \n")
        if shown and isinstance(shown[-1], str) and part.fence is None:
            shown[-1] += piece
        else:
            shown.append(piece)
    if shown and isinstance(shown[0], str):
        shown[0] = head + shown[0]
    if shown and isinstance(shown[-1], str):
        shown[-1] += tail
    return shown


def _marked(part: Part) -> str:
    """A cited stretch: prose in one piece, code line by line."""
    if part.fence is None:
        return f":orange-background[{neutral(' '.join(readable(part.text).split()))}]"
    lines = [neutral(line) for line in part.text.rstrip("\n").split("\n") if line.strip()]
    return "  \n".join(f":orange-background[{line}]" for line in lines)


def _fence(chunk: Chunk, offset: int, text: str, start: int, index: Index) -> Fence | None:
    """The block of code that the excerpt begins within, told from the document's beginning where that is kept."""
    kept = index.manifest.markdown(chunk.document.id)
    if kept is not None and kept.text[chunk.span.slice] == chunk.text:
        return fence_at(kept.text, offset + start)
    return Fence("```") if chunk.line is not None else fence_at(text, start)
