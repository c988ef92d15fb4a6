"""What stands beside the conversation: what is indexed, which way to go, and where to look."""

from collections.abc import Collection
from pathlib import PurePath, PurePosixPath

import streamlit as st

from clew.records import Document, RoutePath, Scope
from ingest.manifest import Entry
from retrieve.assembly import Index
from ui.conversation import CHATS, Conversation, latest
from ui.neutral import neutral
from ui.words import WAYS, counted, kind_of, limits

CHOICES: dict[str, RoutePath | None] = {
    "Clew chooses": None,
    **{WAYS[path]: path for path in ("passages", "graph", "global", "both")},
}
HELP = """Clew picks the way for each question; here you can overrule it.

*Passages*: what single places say. *Graph*: what must be joined from several documents. *Whole folder*: themes and
overviews."""
SHOWN = 100  # losses listed one by one
EARLIER = 20  # conversations listed
BACK = "earlier"  # the session's key of the conversation to go back to
WHERE = "where-"  # what the session's keys of the limits begin with


def sidebar(index: Index, entries: Collection[Entry], conversation: str) -> tuple[RoutePath | None, Scope]:
    """Draw it; returns the way and the part of the index that the reader chose."""
    with st.sidebar:
        st.subheader("Clew")
        folders = ", ".join(PurePath(root).name for root in index.manifest.collections().values())
        ready = sum(entry.state == "ready" for entry in entries)
        held = f"{counted(ready, 'document')}, {counted(sum(entry.chunks for entry in entries), 'passage')}"
        st.caption(f"{neutral(folders)}: {held}" if folders else held)
        way = st.selectbox("Way", list(CHOICES), help=HELP)
        scope = where([entry.document for entry in entries])
        st.button("New conversation", width="stretch", on_click=begin)
        earlier: dict[str, str] = {}
        for id_, asked in latest(index.folder / CHATS, EARLIER):
            same = sum(one == asked or one.startswith(f"{asked} (") for one in earlier)
            earlier[f"{asked} ({same + 1})" if same else asked] = id_
        if before := [asked for asked, id_ in earlier.items() if id_ != conversation]:
            st.selectbox(
                "Earlier conversations",
                before,
                index=None,
                placeholder="Go back to",
                key=BACK,
                on_change=back,
                args=(earlier,),
            )
        lost = [loss for entry in entries for loss in entry.losses]
        if lost:
            with st.expander(counted(len(lost), "loss", "losses")):
                for loss in lost[:SHOWN]:
                    page = "" if loss.page is None else f", page {loss.page}"
                    st.markdown(f"**{neutral(loss.path)}**{page}: {neutral(loss.reason)}  \n{neutral(loss.remedy)}")
                if len(lost) > SHOWN:
                    st.caption(f"… and {len(lost) - SHOWN} more: clew status --json lists them all.")
    return CHOICES[way], scope


def begin(conversation: str = "") -> None:
    """Go to a conversation, a new one unless it is named, and look everywhere."""
    st.query_params["c"] = conversation or Conversation.new_id()
    for key in st.session_state:
        if str(key).startswith(WHERE):
            st.session_state[key] = None


def back(earlier: dict[str, str]) -> None:
    """Go back to the conversation that was chosen, if one was."""
    if chosen := st.session_state[BACK]:
        st.session_state[BACK] = None
        begin(earlier[chosen])


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
