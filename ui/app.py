"""The chat page. Reruns render what the jobs have saved; nothing is computed here."""

import shlex
import sys
from pathlib import Path

import streamlit as st

from clew.errors import ClewError
from clew.language import language_of
from clew.records import Answer
from clew.settings import load
from retrieve.assembly import Index, open_index
from retrieve.keepgoing import has_more
from ui.conversation import Conversation, Turn
from ui.excerpt import readable
from ui.jobs import Jobs
from ui.neutral import neutral
from ui.sidebar import begin, sidebar
from ui.source import sources
from ui.words import unfound, way_of

LOOKING = {"en": ":gray[looking …]", "zh": ":gray[正在查找 …]"}
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


def opened(folder: str) -> tuple[Index, Jobs]:
    """The index that is in the folder now: one that was made anew or removed since is opened again."""
    index, jobs = the_index(folder), the_jobs(folder)
    if not index.is_current and not jobs.are_running:
        the_jobs.clear(folder)
        the_index.clear(folder)
        index.lease.release()
        index, jobs = the_index(folder), the_jobs(folder)
    return index, jobs


def main() -> None:
    """Draw the page."""
    st.set_page_config(page_title="Clew", page_icon=str(Path(__file__).with_name("icon.png")), layout="centered")
    if "c" not in st.query_params:
        st.query_params["c"] = Conversation.new_id()
    try:
        index, jobs = opened(sys.argv[1])
        conversation = jobs.conversation(st.query_params["c"])
        turns = conversation.turns()
    except ClewError as error:
        st.error(neutral(str(error)))
        st.button("New conversation", on_click=begin)
        st.stop()
    entries = index.manifest.entries()
    way, scope = sidebar(index, entries.values(), conversation.id)
    if not turns:
        st.title("Clew")
    for turn in turns:
        with st.chat_message("user"):
            st.markdown(neutral(turn.question))
        with st.chat_message("assistant"):
            if turn.state == "running" and jobs.is_running(turn):
                growing(conversation, turn.id, jobs)
            else:
                finished(conversation, turn, index, jobs)
    if not turns or not entries:
        welcome(index, empty=not entries)
    watching(conversation, said(turns), index if not entries else None)
    question = st.chat_input("Ask your documents")
    if question and question.strip():
        jobs.ask(conversation, question, way, scope)
        st.rerun()


def welcome(index: Index, *, empty: bool) -> None:
    """What to do here, before anything was asked."""
    if not empty:
        st.write("Ask your folder. Every sentence of an answer leads back to its source.")
        return
    root = next(iter(index.manifest.collections().values()), str(index.folder.resolve().parent))
    st.write("There is nothing to ask yet. Put documents into this folder (PDF, Word, Excel, Markdown, text …):")
    st.code(root, language=None)
    st.write("Then read them in:")
    st.code(f"clew ingest {shlex.quote(root)}", language=None)


def said(turns: list[Turn]) -> list[tuple[str, str]]:
    """What tells one state of a conversation from another."""
    return [(turn.id, turn.state if turn.state == "running" else turn.text + turn.error) for turn in turns]


@st.fragment(run_every=1)
def watching(conversation: Conversation, drawn: list[tuple[str, str]], empty: Index | None) -> None:
    """Nothing to see; the page is drawn anew when another tab has gone on with the conversation, and when an index
    that was empty is so no more."""
    if said(conversation.turns()) != drawn or (empty is not None and empty.manifest.passages()):
        st.rerun()


@st.fragment(run_every=0.2)
def growing(conversation: Conversation, turn_id: str, jobs: Jobs) -> None:
    """An answer that is being written; the page is drawn anew when it is done."""
    turn = next((turn for turn in conversation.turns() if turn.id == turn_id), None)
    if turn is not None:
        st.markdown((neutral(turn.text) or LOOKING[language_of(turn.question)]) + " ▌")
    if turn is None or turn.state != "running" or not jobs.is_running(turn):
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
    if missing := unfound(answer):
        st.caption(neutral(missing))
    if turn.scope:
        st.caption("Looked only in: " + neutral(turn.scope))
    sources(answer, turn, index)
    led_there(answer)
    with st.container(horizontal=True, vertical_alignment="center"):
        if has_more(answer) and st.button("Keep going", key=f"more-{turn.id}", icon=":material/arrow_forward:"):
            jobs.keep_going(conversation, turn)
            st.rerun()
        st.caption(f"{way_of(answer.route)} · {answer.ms['total']:.0f} ms", width="content")
        key = f"thumb-{turn.id}"
        st.feedback("thumbs", key=key, default=turn.thumb, on_change=thumbed, args=(conversation, turn.id, key))


def thumbed(conversation: Conversation, turn_id: str, key: str) -> None:
    """Keep a thumb that was given or taken back here: another tab's page may not know of it yet."""
    conversation.change(turn_id, thumb=st.session_state[key])


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
    facts = {(fact.chunk_id, fact.span): fact for piece in answer.evidence[:5] for fact in piece.facts}
    if not facts:
        return
    with st.expander("How it was found"):
        for key, fact in facts.items():
            led = [piece for piece in answer.evidence[:5] if any((f.chunk_id, f.span) == key for f in piece.facts)]
            to = dict.fromkeys(piece.chunk.document.path for piece in led)
            stated = f" ({neutral(' — '.join(fact.triple))})" if fact.triple else ""
            said = neutral(" ".join(readable(fact.text).split()))
            st.markdown(f"{said} *{neutral(fact.document.path)}*{stated} → **{neutral(', '.join(to))}**")


main()
