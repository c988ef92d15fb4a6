"""What stands beside the conversation: what is indexed, which way to go, and where to look."""

from collections.abc import Iterable
from pathlib import PurePosixPath

import streamlit as st

from clew.records import Document, RoutePath, Scope
from ingest.manifest import Entry
from ui.conversation import Conversation
from ui.neutral import neutral
from ui.words import WAYS, counted, kind_of, limits

CHOICES: dict[str, RoutePath | None] = {
    "Clew chooses": None,
    **{WAYS[path]: path for path in ("passages", "graph", "global", "both")},
}
SHOWN = 100  # losses listed one by one
WHERE = "where-"  # what the session's keys of the limits begin with


def sidebar(entries: Iterable[Entry]) -> tuple[RoutePath | None, Scope]:
    """Draw it; returns the way and the part of the index that the reader chose."""
    entries = list(entries)
    with st.sidebar:
        st.subheader("Clew")
        ready = sum(entry.state == "ready" for entry in entries)
        st.caption(f"{counted(ready, 'document')}, {counted(sum(entry.chunks for entry in entries), 'passage')}")
        way = st.selectbox("Way", list(CHOICES), help="Clew picks the way for each question; here you can overrule it.")
        scope = where([entry.document for entry in entries])
        st.button("New conversation", width="stretch", on_click=begin)
        lost = [loss for entry in entries for loss in entry.losses]
        if lost:
            with st.expander(counted(len(lost), "loss", "losses")):
                for loss in lost[:SHOWN]:
                    page = "" if loss.page is None else f", page {loss.page}"
                    st.markdown(f"**{neutral(loss.path)}**{page}: {neutral(loss.reason)}  \n{neutral(loss.remedy)}")
                if len(lost) > SHOWN:
                    st.caption(f"… and {len(lost) - SHOWN} more: clew status --json lists them all.")
    return CHOICES[way], scope


def begin() -> None:
    """Begin a new conversation, which looks everywhere."""
    st.query_params["c"] = Conversation.new_id()
    for key in st.session_state:
        if str(key).startswith(WHERE):
            st.session_state[key] = None


def where(documents: list[Document]) -> Scope:
    """What to look at: a collection, a subfolder, a type, a span of dates. The closed box says what is set."""
    collections = sorted({document.collection for document in documents})
    folders = sorted({str(parent) for document in documents for parent in PurePosixPath(document.path).parents} - {"."})
    types = {kind_of(document.media_type): document.media_type for document in documents}
    names = {name or "(unnamed)": name for name in collections}
    set_ = st.session_state.get
    chosen = Scope(
        collection=names.get(set_(f"{WHERE}collection", "")),
        folder=set_(f"{WHERE}folder"),
        media_type=types.get(set_(f"{WHERE}type", "")),
        since=set_(f"{WHERE}since"),
        until=set_(f"{WHERE}until"),
    )
    said = limits(chosen)
    with st.expander(f"Where to look: {neutral(said)}" if said else "Where to look", key="where"):
        if len(collections) > 1:
            st.selectbox("Collection", names, index=None, placeholder="All", key=f"{WHERE}collection")
        if folders:
            st.selectbox("Folder", folders, index=None, placeholder="All", key=f"{WHERE}folder")
        if len(types) > 1:
            st.selectbox("Type", sorted(types), index=None, placeholder="All", key=f"{WHERE}type")
        st.date_input("Dated from", value=None, key=f"{WHERE}since")
        st.date_input("Dated up to", value=None, key=f"{WHERE}until")
    return chosen
