"""Answers in the making: each a job of its own, which goes on whatever the page does."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress

from clew.errors import ClewError
from clew.records import ANYWHERE, Answer, RoutePath, Scope
from retrieve.assembly import Index
from retrieve.assistant import Assistant
from retrieve.converse import Turn as Before
from ui.conversation import CHATS, Conversation, Turn
from ui.words import limits

TURNS = 3  # of the conversation that a follow-up may lean on
SAVE_SECONDS = 0.1  # how often a growing answer is saved


class Jobs:
    """Runs answers in threads, keyed by their turn; the page only reads what they have saved."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._running: dict[str, threading.Thread] = {}
        self._conversations: dict[str, Conversation] = {}

    def warm(self) -> None:
        """Begin to load what the first question would wait for."""
        threading.Thread(target=self._index.assistant.warm, name="clew-warm", daemon=True).start()

    def conversation(self, id: str) -> Conversation:  # noqa: A002
        """One object for each conversation, so that its writers share a lock."""
        if id not in self._conversations:
            self._conversations[id] = Conversation(self._index.folder / CHATS, id)
        return self._conversations[id]

    def ask(self, conversation: Conversation, question: str, path: RoutePath | None, scope: Scope = ANYWHERE) -> None:
        """Begin to answer a question; a follow-up is understood from the turns before."""
        earlier = [turn for turn in conversation.turns() if turn.state == "done"]
        turn = conversation.add(question, path, limits(scope))
        index, assistant = self._index, self._index.assistant

        def work(say: Callable[[str], None]) -> Answer:
            answer = assistant.ask(question, path=path, scope=scope, turns=_said(earlier, assistant), on_text=say)
            index.learn(answer)
            return answer

        self._start(conversation, turn, work)

    def keep_going(self, conversation: Conversation, turn: Turn) -> None:
        """Begin to go on with a turn's answer, in the same turn."""
        if turn.answer is None or turn.id in self._running:
            return
        assistant = self._index.assistant
        answer = assistant.load(turn.answer)
        conversation.change(turn.id, state="running", text=answer.text + "\n\n")
        started = Turn(id=turn.id, question=turn.question, text=answer.text + "\n\n")
        self._start(conversation, started, lambda say: assistant.keep_going(answer, on_text=say))

    @property
    def are_running(self) -> bool:
        """Whether any answer is being written."""
        return bool(self._running)

    def is_running(self, turn: Turn) -> bool:
        return turn.id in self._running

    def _start(self, conversation: Conversation, turn: Turn, work: Callable[[Callable[[str], None]], Answer]) -> None:
        thread = threading.Thread(target=self._run, args=(conversation, turn, work), daemon=True)
        self._running[turn.id] = thread
        thread.start()

    def _run(self, conversation: Conversation, turn: Turn, work: Callable[[Callable[[str], None]], Answer]) -> None:
        parts = [turn.text]
        saved = time.monotonic()

        def say(part: str) -> None:
            nonlocal saved
            parts.append(part)
            if time.monotonic() - saved > SAVE_SECONDS:
                conversation.change(turn.id, text="".join(parts))
                saved = time.monotonic()

        try:
            answer = work(say)
            conversation.change(turn.id, text=answer.text, answer=answer.id, state="done", error="")
        except ClewError as error:
            conversation.change(turn.id, text="".join(parts), state="failed", error=str(error))
        except Exception as error:
            conversation.change(turn.id, text="".join(parts), state="failed", error=f"{type(error).__name__}: {error}")
            raise
        finally:
            self._running.pop(turn.id, None)


def _said(turns: list[Turn], assistant: Assistant) -> list[Before]:
    """The last turns that a follow-up may lean on, as they were understood: no small talk, no bare sums."""
    said: list[Before] = []
    for turn in reversed(turns):
        with suppress(ClewError):  # its answer was removed
            answer = assistant.load(turn.answer or "")
            if answer.evidence:
                said.insert(0, Before(answer.question, "" if answer.finish == "abstained" else answer.text))
        if len(said) == TURNS:
            break
    return said
