"""Write an answer with a language model, from evidence, and check it: streamed, cited, in the question's language."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from clew.errors import ClewError, ModelError
from clew.language import language_of
from clew.models.llm import Message, Model, Stream
from clew.records import Answer, Citation, Evidence, Finish, Found, Route, Sentence, Span, Usage
from retrieve import prompts
from retrieve.cite import Checked, Conflict, check, without_markers
from retrieve.support import Checker

SHOWN = 8  # pieces of evidence given to the model at once
HOLD = 400  # characters held back at most while a link, picture or tag is not closed
AGAIN = 5  # times in a row that a model says the same before it is stopped
RUNS = range(24, 201)  # characters of what it says again
OTHERWISE = {
    "en": 'But another source says otherwise: "{quote}" [{marker}]',
    "zh": "但另一份资料说法不同:“{quote}”[{marker}]",
}
BROKEN = {
    "en": "The model broke off ({why}). Keep going goes on from here.",
    "zh": "模型中断了({why})。可以按“继续”接着写。",
}
ATTACHED = {
    "en": "The model left out its sources; Clew found them for {share:.0%} of the sentences.",
    "zh": "模型没有写明来源;Clew为{share:.0%}的句子找到了来源。",
}


@dataclass
class Writer:
    """Writes answers with a model and checks them. ``window`` and ``max_tokens`` are tokens."""

    model: Model
    checker: Checker
    max_tokens: int = 512
    window: int = 8192
    most: int = SHOWN

    def messages(self, question: str, evidence: Sequence[Evidence], *, about: str = "") -> list[Message]:
        """What the model is sent for a question."""
        return prompts.write_prompt(question, evidence[: self.fitting(question, evidence)], about=about)

    def prompt(self, question: str, evidence: Sequence[Evidence], *, about: str = "") -> str:
        """The same as text, for ``--show-prompt``."""
        return prompts.shown(self.messages(question, evidence, about=about))

    def fitting(self, question: str, evidence: Sequence[Evidence]) -> int:
        """How many pieces of the evidence the model is given."""
        return prompts.fitting(question, evidence, room=self.window - self.max_tokens, most=self.most)

    def write(
        self,
        question: str,
        route: Route,
        found: Found,
        *,
        id: str,  # noqa: A002
        on_text: Callable[[str], None] | None = None,
        about: str = "",
    ) -> Answer:
        """An answer to the question. ``about`` orients the model and is no source.

        Errors before the first word are raised; later ones end the answer honestly.
        Raises Unreachable or ModelError, the latter also where the model wrote nothing: quote the evidence then.
        """
        answer = Answer(
            id=id, question=question, text="", route=route, finish="abstained", evidence=found.evidence,
            uncovered=found.uncovered,
        )  # fmt: skip
        if not found.evidence:
            text = prompts.ABSTAIN[language_of(question)]
            if on_text is not None:
                on_text(text)
            return replace(answer, text=text)
        shown = self.fitting(question, found.evidence)
        raw, finish, usage, why = self.stream(
            prompts.write_prompt(question, found.evidence[:shown], about=about), on_text
        )
        if not raw.strip():
            raise nothing_written(self.model)
        return self.checked(replace(answer, shown=shown, usage=usage), raw, finish, why, on_text=on_text)

    def stream(
        self, messages: Sequence[Message], on_text: Callable[[str], None] | None, *, purpose: str = "answer"
    ) -> tuple[str, Finish, Usage, str]:
        """(what the model wrote, how it ended, what it cost, why it broke off). Raises where an error came first.

        Whoever interrupts it gets what came so far, as stopped; one that says the same over and over is broken off.
        """
        stream = self.model.stream(messages, purpose=purpose, max_tokens=self.max_tokens)
        parts: list[str] = []
        finish: Finish = "complete"
        why = ""
        try:
            for piece in harmless(_noting(stream, parts)):
                if on_text is not None:
                    on_text(piece)
                said = "".join(parts)
                if again := _said_again(said):
                    stream.close()
                    parts = [said[: -again * (AGAIN - 1)]]
                    raise ModelError("it said the same thing over and over", "Set another model.")
            finish = stream.finish
        except ClewError as error:
            if not "".join(parts).strip():
                raise
            finish, why = "error", error.message
        except KeyboardInterrupt:
            stream.close()
            if not "".join(parts).strip():
                raise
            finish = "stopped"
        return "".join(parts), finish, stream.usage, why

    def checked(
        self, answer: Answer, raw: str, finish: Finish, why: str = "", *, on_text: Callable[[str], None] | None = None
    ) -> Answer:
        """The answer with a model's text in it: only valid markers, every sentence checked, doubts marked. ``on_text``
        is given what is added behind the model's words."""
        language = language_of(answer.question)
        evidence = answer.evidence[: answer.shown]
        notes = [BROKEN[language].format(why=why)] if why else []
        if finish == "complete" and prompts.is_refusal(raw):
            text = without_markers(prompts.plain(raw)).strip()
            return replace(
                answer, text=text, raw=raw, finish="abstained", sentences=(), citations=(), notes=tuple(notes)
            )
        text = prompts.with_nouns(prompts.without_footer(prompts.plain(raw))).strip()
        found = check(text, evidence, self.checker, unfinished=finish in ("length", "stopped", "error"))
        if finish == "complete":
            written = len(found.text)
            found = with_conflicts(found, evidence, language)
            if on_text is not None and len(found.text) > written:
                on_text(found.text[written:])
        if found.attached:
            notes.append(ATTACHED[language].format(share=found.attached))
        return replace(
            answer,
            text=found.text,
            raw=raw,
            finish=finish,
            sentences=found.sentences,
            citations=found.citations,
            attached=found.attached,
            notes=tuple(notes),
        )


def nothing_written(model: Model) -> ModelError:
    """The error for a reply without a word."""
    return ModelError(f"The model {model.name} wrote nothing.", "Ask again, or set another model.")


def with_conflicts(found: Checked, evidence: Sequence[Evidence], language: str) -> Checked:
    """The checked text with a closing line for each source that says otherwise and is not cited yet."""
    cited = {citation.marker for citation in found.citations}
    for conflict in _once(found.conflicts):
        if conflict.marker in cited:
            continue
        chunk = evidence[conflict.marker - 1].chunk
        at = chunk.text.find(conflict.quote)
        line = OTHERWISE[language].format(
            quote=prompts.one_line(prompts.as_data(conflict.quote)), marker=conflict.marker
        )
        start = len(found.text) + 2
        found = replace(
            found,
            text=f"{found.text}\n\n{line}",
            sentences=(
                *found.sentences,
                Sentence(span=Span(start, start + len(line)), markers=(conflict.marker,), supported=True),
            ),
            citations=(
                *found.citations,
                Citation(
                    marker=conflict.marker,
                    chunk=chunk,
                    span=Span(at, at + len(conflict.quote)).shift(chunk.span.start),
                    support=1.0,
                    supported=True,
                ),
            ),
        )
    return found


def harmless(pieces: Iterator[str]) -> Iterator[str]:
    """The stream without pictures, link targets and HTML, also where they come in many pieces."""
    held = ""
    for piece in pieces:
        held += piece
        cut = _open(held)
        ready, held = held[:cut], held[cut:]
        if ready:
            yield prompts.plain(ready)
    if held:
        yield prompts.plain(held)


def _open(text: str) -> int:
    """Where the last thing begins that may still become a picture, link or tag; the end if there is none."""
    tail = max(0, len(text) - HOLD)
    for at in range(tail, len(text)):
        rest = text[at:].removeprefix("!")
        if text[at] == "!" and not rest:
            return at
        if rest[0] == "[" and _unclosed(rest):
            return at
        if text[at] == "<" and ">" not in rest:
            return at
    return len(text)


def _unclosed(bracket: str) -> bool:
    """Whether what begins with "[" may still become a link."""
    closed = bracket.find("]")
    if closed in (-1, len(bracket) - 1):
        return True
    return bracket[closed + 1] in "([" and {"(": ")", "[": "]"}[bracket[closed + 1]] not in bracket[closed + 2 :]


def _noting(stream: Stream, parts: list[str]) -> Iterator[str]:
    for piece in stream:
        parts.append(piece)
        yield piece


def _said_again(text: str) -> int:
    """How many characters long is what a text ends with ``AGAIN`` times; 0 if it does not. Rules and dots are nothing
    said."""
    for length in RUNS:
        run = text[-length:]
        if text.endswith(run * AGAIN) and sum(map(str.isalpha, run)) > length // 2:
            return length
    return 0


def _once(conflicts: Sequence[Conflict]) -> list[Conflict]:
    """One conflict for each source."""
    return list({conflict.marker: conflict for conflict in reversed(conflicts)}.values())
