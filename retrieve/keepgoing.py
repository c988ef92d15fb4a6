"""Go on with an answer: a cut one where it stopped, a complete one with evidence not used yet.

Either way it stays one message with one numbering. Each press is kept as a case for the eval suite.
"""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from clew.errors import ModelError
from clew.language import language_of
from clew.models.llm import Message
from clew.records import Answer, Finish, Usage
from retrieve import prompts
from retrieve.cite import CLOSING, check, sentences_of, without_markers
from retrieve.write import BROKEN, Writer, nothing_written

STEP = 4  # further pieces of evidence for each press
ANEW = 25  # words at the beginning of what goes on that tell whether it begins anew
RUN = 5  # words in a row that do not repeat across a join
WORD = re.compile(r"[㐀-鿿]|[^\W㐀-鿿]+")
NO_MORE = {"en": "There is nothing more on this in what was found.", "zh": "没有更多内容了。"}


def keep_going(
    answer: Answer,
    writer: Writer,
    *,
    id: str,  # noqa: A002
    on_text: Callable[[str], None] | None = None,
    cases: Path | None = None,
) -> Answer:
    """The answer with more in it, under a new id. ``cases`` is the file that keeps each press."""
    cut = is_cut(answer)
    if cases is not None:
        keep_case(cases, answer, "cut" if cut else "deeper")
    more = _finished(answer, writer, on_text) if cut else _deeper(answer, writer, on_text)
    return replace(more, id=id, continues=answer.id, kind="cut" if cut else "deeper")


def is_cut(answer: Answer) -> bool:
    """Whether an answer stopped before its end."""
    return answer.finish in ("length", "stopped", "error") and bool(answer.raw)


def has_ended(answer: Answer) -> bool:
    """Whether it was said already that there is no more."""
    return answer.text.endswith(tuple(NO_MORE.values()))


def has_more(answer: Answer) -> bool:
    """Whether it is worth asking for more: small talk and sums have nothing behind them."""
    return bool(answer.evidence) and not has_ended(answer)


def join(before: str, more: str) -> str:
    """What ``more`` adds to ``before``: a restart or an overlap is trimmed, and sentences said already go.

    ``before + join(before, more)`` reads on; no run of five words (ten Chinese characters) repeats across.
    """
    rest = _without_restart(before, more)
    rest = rest[_overlap(before, rest) :]
    said = _runs(before)
    kept: list[str] = []
    at = 0
    for span in sentences_of(rest):
        last = [m.group() for m in WORD.finditer(before + "".join(kept))][-RUN + 1 :]
        runs = _runs(" ".join((*last, rest[span.slice])))
        if WORD.search(rest[span.slice]) and not runs & said:
            kept.append(rest[at : span.end])
            said |= runs
        at = span.end
    fresh = "".join(kept)
    if not fresh.strip():
        return ""
    gap = "" if not before or before[-1].isspace() or fresh[0].isspace() or language_of(before) == "zh" else " "
    return gap + fresh.lstrip(" ") if gap else fresh


def keep_case(file: Path, answer: Answer, kind: str) -> None:
    """Add a press to the cases: what was asked, found and written, and how it had ended."""
    case = {
        "id": f"{kind}-{answer.id}",
        "question": answer.question,
        "lang": language_of(answer.question),
        "path": answer.route.path,
        "kind": kind,
        "finish": answer.finish,
        "evidence": [piece.chunk.id for piece in answer.evidence],
        "shown": answer.shown,
        "text": answer.text,
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as out:
        out.write(json.dumps(case, ensure_ascii=False) + "\n")


def _finished(answer: Answer, writer: Writer, on_text: Callable[[str], None] | None) -> Answer:
    """Go on with a cut answer from the very place where it stopped."""
    evidence = answer.evidence[: answer.shown]
    question = answer.question
    before = answer.raw
    if writer.model.prefill is not False:
        messages = [*prompts.write_prompt(question, evidence), Message("assistant", before)]
        try:
            more, finish, usage, why = writer.stream(messages, on_text, purpose="keep going")
        except ModelError:
            if writer.model.prefill:
                raise
        else:
            added = _without_restart(before, more)
            if writer.model.prefill is None and _begins_anew(before, added):  # it was taken for an answer of its own
                whole = _whole_words(before)
                added = join(whole, more)
                before = whole if added else before
            return _added(answer, writer, before, added, (finish, why), usage, on_text)
    whole = _whole_words(before)
    messages = prompts.go_on_prompt(question, evidence, whole)
    more, finish, usage, why = writer.stream(messages, None, purpose="keep going")
    added = "" if prompts.adds_nothing(more) else join(whole, more)
    before = whole if added else before
    if on_text is not None and added:
        on_text(added)
    return _added(answer, writer, before, added, (finish, why), usage, on_text)


def _added(
    answer: Answer,
    writer: Writer,
    before: str,
    added: str,
    ended: tuple[Finish, str],
    usage: Usage,
    on_text: Callable[[str], None] | None,
) -> Answer:
    """The joined answer; where nothing was added, the old one, complete at what it had."""
    if not added.strip():
        whole = writer.checked(answer, before.rstrip(), "complete", on_text=on_text)
        return replace(whole, usage=answer.usage + usage, added_from=len(whole.text))
    checked = writer.checked(answer, before + added, *ended, on_text=on_text)
    return replace(checked, usage=answer.usage + usage, added_from=_common(answer.text, checked.text))


def _deeper(answer: Answer, writer: Writer, on_text: Callable[[str], None] | None) -> Answer:
    """Add what the next pieces of evidence say, numbered on: the first of them that add anything."""
    language = language_of(answer.question)
    start = len(answer.text) + 2
    before = without_markers(answer.text)
    while unused := answer.evidence[answer.shown : answer.shown + STEP]:
        messages = prompts.deeper_prompt(answer.question, unused, before, first=answer.shown + 1)
        raw, finish, usage, why = writer.stream(messages, None, purpose="keep going")
        if not raw.strip():
            raise nothing_written(writer.model)
        shown = answer.shown + len(unused)
        fresh = "" if prompts.adds_nothing(raw) else join(before, prompts.plain(raw)).strip()
        answer = replace(answer, shown=shown, usage=answer.usage + usage)
        if fresh:
            found = check(fresh, answer.evidence[:shown], writer.checker, unfinished=finish != "complete")
            if on_text is not None:
                on_text(found.text)
            return replace(
                answer,
                text=f"{answer.text}\n\n{found.text}",
                raw=f"{answer.raw}\n\n{fresh}",
                sentences=(*answer.sentences, *(replace(s, span=s.span.shift(start)) for s in found.sentences)),
                citations=(*answer.citations, *found.citations),
                finish=finish,
                added_from=start,
                notes=(BROKEN[language].format(why=why),) if why else (),
            )
        if finish == "stopped":
            raise KeyboardInterrupt
    more = NO_MORE[language]
    if on_text is not None:
        on_text(more)
    return replace(answer, text=f"{answer.text}\n\n{more}", finish="complete", added_from=start)


def _without_restart(before: str, more: str) -> str:
    """``more`` without the whole text before it, which some servers and models send again."""
    head = before.strip()
    body = more.lstrip()
    if head and body.startswith(head):
        return body[len(head) :]
    return more


def _begins_anew(before: str, more: str) -> bool:
    """Whether what should go on says again, at its beginning, what stands before."""
    return bool(_runs(" ".join(without_markers(more).split()[:ANEW])) & _runs(before))


def _overlap(before: str, more: str) -> int:
    """How many characters at the start of ``more`` say again how ``before`` ends."""
    ours = [m.group().lower() for m in WORD.finditer(before)][-80:]
    theirs = list(WORD.finditer(more))[:80]
    words = [m.group().lower() for m in theirs]
    for length in range(min(len(ours), len(words)), 0, -1):
        if ours[-length:] == words[:length] and (length > 1 or len(words[0]) > 3):
            return theirs[length - 1].end()
    # The last words again, with something in front ("Sure, here it goes on: …").
    for start in range(1, min(20, len(words))):
        if len(ours) >= RUN and words[start : start + RUN] == ours[-RUN:]:
            return theirs[start + RUN - 1].end()
    return 0


def _runs(text: str) -> set[tuple[str, ...]]:
    """Every run of five words of a text; of Chinese ten characters."""
    words = [m.group().lower() for m in WORD.finditer(without_markers(text))]
    size = RUN * 2 if language_of(text) == "zh" else RUN
    return {tuple(words[i : i + size]) for i in range(len(words) - size + 1)}


def _whole_words(text: str) -> str:
    """The text up to its last whole sentence, or where there is none its last whole word."""
    spans = sentences_of(text)
    if text.rstrip()[-1:] in CLOSING:
        return text
    if len(spans) > 1:
        return text[: spans[-2].end]
    if language_of(text) == "zh" or not text or not text[-1].isalnum():
        return text
    return text.rsplit(None, 1)[0] if " " in text.strip() else text


def _common(a: str, b: str) -> int:
    """Where two texts part."""
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
