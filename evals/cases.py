"""What is asked and what a right answer needs: the case, and the file that holds cases."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from clew.errors import ClewError
from clew.language import language_of
from clew.records import RoutePath

Split = Literal["dev", "test"]


class Case(BaseModel):
    """One question with whatever is known of its answer.

    ``gold_documents`` are the corpus' own ids (for our own folders: paths), all of them needed. ``gold_facts`` are
    quotes from these documents. ``aliases`` are other wordings of ``answer`` that count as much. ``kind`` is the data
    set's own type of the question.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = Field(min_length=1)
    question: str = Field(min_length=1)
    lang: str = ""
    split: Split = "test"
    gold_documents: tuple[str, ...] = ()
    gold_facts: tuple[str, ...] = ()
    path: RoutePath | None = None
    answer: str | None = None
    aliases: tuple[str, ...] = ()
    answerable: bool = True
    kind: str = ""

    def model_post_init(self, context: object, /) -> None:
        """Fill the language in where the file leaves it out; count each gold document and fact once."""
        for name in ("gold_documents", "gold_facts"):
            object.__setattr__(self, name, tuple(dict.fromkeys(getattr(self, name))))
        if not self.lang:
            object.__setattr__(self, "lang", language_of(self.question))

    @property
    def references(self) -> tuple[str, ...]:
        """Every wording of the answer."""
        return (() if self.answer is None else (self.answer,)) + self.aliases

    @property
    def ranked(self) -> bool:
        """Whether a ranking can be right or wrong for this case."""
        return self.answerable and bool(self.gold_documents)


def read_cases(path: Path) -> tuple[Case, ...]:
    """The cases of a JSON lines file, in order. A bad line or an id used twice is named with its line number."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as bad:
        raise ClewError(f"The cases in {path} cannot be read: {bad}.", "Check the path of the file.") from bad
    cases: dict[str, Case] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            case = Case.model_validate_json(line)
        except ValidationError as bad:
            first = bad.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise ClewError(
                f"{path}, line {number}: {where + ': ' if where else ''}{first['msg']}.",
                "A case is one JSON object a line: id, question, lang, split, gold_documents, gold_facts, path, "
                "answer, answerable.",
            ) from bad
        if case.id in cases:
            raise ClewError(f"{path}, line {number}: the id {case.id!r} is used twice.", "Give each case its own id.")
        cases[case.id] = case
    if not cases:
        raise ClewError(f"{path} holds no case.", "Write one JSON object a line.")
    return tuple(cases.values())
