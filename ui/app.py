"""The chat page. Reruns render what the jobs have saved; nothing is computed here."""

import sys
from pathlib import Path, PurePosixPath

import streamlit as st

from clew.errors import ClewError
from clew.language import language_of
from clew.records import Answer, Document, RoutePath, Scope
from clew.settings import load
from retrieve.assembly import Index, open_index
from retrieve.keepgoing import has_more
from ui.conversation import Conversation, Turn
from ui.jobs import Jobs
from ui.neutral import neutral
from ui.source import sources
from ui.words import counted

WAYS: dict[str, RoutePath | None] = {
    "Clew chooses": None,
    "Passages": "passages",
    "Graph": "graph",
    "Whole folder": "global",
    "Passages and graph": "both",
}
UNDERSTOOD = {"en": "Understood as: {question}", "zh": "理解为：{question}"}


@st.cache_resource(show_spinner="Opening the index …")
def the_index(folder: str) -> Index:
    """One open index for all sessions of this process."""
    return open_index(Path(folder), load(), doing="the chat page")


@st.cache_resource
def the_jobs(folder: str) -> Jobs:
    """One set of running answers for all sessions of this process."""
    jobs = Jobs(the_index(folder))
    jobs.warm()
    return jobs


def main() -> None:
    """Draw the page."""
    st.set_page_config(page_title="Clew", page_icon=str(Path(__file__).with_name("icon.png")), layout="centered")
    folder = sys.argv[1]
    index, jobs = the_index(folder), the_jobs(folder)
    if "c" not in st.query_params:
        st.query_params["c"] = Conversation.new_id()
    try:
        conversation = jobs.conversation(st.query_params["c"])
    except ClewError as error:
        st.error(str(error))
        st.stop()
    way, scope = sidebar(index)
    turns = conversation.turns()
    if not turns:
        st.title("Clew")
        st.write("Ask your folder. Every sentence of an answer leads back to its source.")
    for turn in turns:
        with st.chat_message("user"):
            st.markdown(neutral(turn.question))
        with st.chat_message("assistant"):
            if turn.state == "running" and jobs.is_running(turn):
                growing(conversation, turn.id, jobs)
            else:
                finished(conversation, turn, index, jobs)
    question = st.chat_input("Ask your documents")
    if question and question.strip():
        jobs.ask(conversation, question, way, scope)
        st.rerun()


def sidebar(index: Index) -> tuple[RoutePath | None, Scope]:
    """What is indexed; returns the way and the part of it that the reader chose."""
    with st.sidebar:
        st.subheader("Clew")
        entries = index.manifest.entries().values()
        ready = sum(entry.state == "ready" for entry in entries)
        st.caption(f"{counted(ready, 'document')}, {counted(sum(entry.chunks for entry in entries), 'passage')}")
        way = st.selectbox("Way", list(WAYS), help="Clew picks the way for each question; here you can overrule it.")
        scope = where([entry.document for entry in entries])
        if st.button("New conversation", width="stretch"):
            st.query_params["c"] = Conversation.new_id()
            st.rerun()
        lost = [loss for entry in entries for loss in entry.losses]
        if lost:
            with st.expander(counted(len(lost), "loss", "losses")):
                for loss in lost[:100]:
                    st.markdown(f"**{neutral(loss.path)}**: {neutral(loss.reason)}  \n{neutral(loss.remedy)}")
    return WAYS[way], scope


def where(documents: list[Document]) -> Scope:
    """What to look at: a collection, a subfolder, a type, a span of dates."""
    collections = sorted({document.collection for document in documents})
    folders = sorted({str(parent) for document in documents for parent in PurePosixPath(document.path).parents} - {"."})
    types = sorted({document.media_type for document in documents})
    with st.expander("Where to look"):
        several = len(collections) > 1
        names = {name or "(unnamed)": name for name in collections}
        collection = st.selectbox("Collection", names, index=None, placeholder="All") if several else None
        folder = st.selectbox("Folder", folders, index=None, placeholder="All") if folders else None
        media_type = st.selectbox("Type", types, index=None, placeholder="All") if len(types) > 1 else None
        since = st.date_input("Dated from", value=None)
        until = st.date_input("Dated up to", value=None)
    return Scope(
        collection=None if collection is None else names[collection],
        folder=folder,
        media_type=media_type,
        since=since,
        until=until,
    )


@st.fragment(run_every=0.2)
def growing(conversation: Conversation, turn_id: str, jobs: Jobs) -> None:
    """An answer that is being written; the page is drawn anew when it is done."""
    turn = next(turn for turn in conversation.turns() if turn.id == turn_id)
    st.markdown(neutral(turn.text) + " ▌")
    if turn.state != "running" or not jobs.is_running(turn):
        st.rerun()


def finished(conversation: Conversation, turn: Turn, index: Index, jobs: Jobs) -> None:
    """An answer with its sources and what can be done next."""
    if turn.state == "running":  # it may have ended since the turns were read
        turn = next(one for one in conversation.turns() if one.id == turn.id)
    if turn.state == "running":
        st.warning("This answer was interrupted when Clew was closed. Ask again.")
    if turn.error:
        st.error(neutral(turn.error))
    if turn.answer is None:
        st.markdown(neutral(turn.text))
        return
    try:
        answer = index.assistant.load(turn.answer)
    except ClewError as error:  # what was said stands in the conversation, its sources are gone
        st.markdown(neutral(turn.text))
        st.caption(neutral(str(error)))
        return
    if answer.question != turn.question:
        st.caption(UNDERSTOOD[language_of(turn.question)].format(question=neutral(answer.question)))
    st.markdown(body(answer))
    for note in answer.notes:
        st.caption(neutral(note))
    if answer.uncovered:
        st.caption("Nothing found on: " + neutral(", ".join(answer.uncovered)))
    sources(answer, turn, index)
    led_there(answer)
    left, middle, right = st.columns([2, 5, 2], vertical_alignment="center")
    if has_more(answer) and left.button("Keep going", key=f"more-{turn.id}", icon=":material/arrow_forward:"):
        jobs.keep_going(conversation, turn)
        st.rerun()
    route = answer.route
    middle.caption(f"{route.path} · {route.decided_by} · {route.confidence:.0%} sure · {answer.ms['total']:.0f} ms")
    with right:
        thumb = st.feedback("thumbs", key=f"thumb-{turn.id}", default=turn.thumb)
    if thumb != turn.thumb:
        conversation.change(turn.id, thumb=thumb)


def body(answer: Answer) -> str:
    """The answer's text, with sentences that their sources do not support set apart."""
    parts = []
    at = 0
    for sentence in answer.sentences:
        parts.append(neutral(answer.text[at : sentence.span.start]))
        words = neutral(answer.text[sentence.span.slice])
        parts.append(words if sentence.supported else f":red-background[{words}] :red[(not supported)]")
        at = sentence.span.end
    parts.append(neutral(answer.text[at:]))
    return "".join(parts)


def led_there(answer: Answer) -> None:
    """The facts that led from the question to the evidence."""
    facts = [(piece, fact) for piece in answer.evidence[:5] for fact in piece.facts]
    if not facts:
        return
    with st.expander("How it was found"):
        for piece, fact in facts:
            stated = f" ({neutral(' — '.join(fact.triple))})" if fact.triple else ""
            said = neutral(" ".join(fact.text.split()))
            st.markdown(f"{said} *{neutral(fact.document.path)}*{stated} → **{neutral(piece.chunk.document.path)}**")


main()
