"""SQuAD 1.1 and 2.0, and CMRC 2018 in the same layout: questions over single paragraphs.

Layouts: https://rajpurkar.github.io/SQuAD-explorer, https://github.com/ymcui/cmrc2018 (squad-style-data).
"""

import re
from pathlib import Path

from pydantic import BaseModel

from evals.cases import Case, Split
from evals.loaders.reading import read_json, shaped
from evals.suite import Passage, Suite

END = re.compile(r"[。!?！？\n]|[.](?=\s|$)")


class Wording(BaseModel):
    """An answer as it stands in the paragraph."""

    text: str
    answer_start: int


class Question(BaseModel):
    """A question on one paragraph."""

    id: str
    question: str
    answers: list[Wording] = []
    is_impossible: bool = False


class Paragraph(BaseModel):
    """A paragraph with its questions; CMRC gives it an id."""

    id: str = ""
    context: str
    qas: list[Question]


class Article(BaseModel):
    """A titled list of paragraphs."""

    title: str
    paragraphs: list[Paragraph]


def load(path: Path, name: str = "", *, split: Split = "dev") -> Suite:
    """Every paragraph is a document and the answer's sentence its gold fact.

    A question without a word (CMRC's trial set has some) is left out. Ids are the file's own, or else
    ``<article>.<paragraph>``.
    """
    articles = shaped(read_json(path, "The SQuAD file").get("data"), list[Article], path)
    passages, cases = [], []
    for a, article in enumerate(articles):
        for p, paragraph in enumerate(article.paragraphs):
            key = paragraph.id or f"{a}.{p}"
            passages.append(Passage(id=key, title=article.title.replace("_", " "), text=paragraph.context))
            cases += [
                _case(question, key, paragraph.context, split)
                for question in paragraph.qas
                if question.question.strip()
            ]
    return Suite(name=name or path.stem, cases=tuple(cases), passages=tuple(passages))


def _case(question: Question, document: str, context: str, split: Split) -> Case:
    wordings = list(dict.fromkeys(answer.text for answer in question.answers))
    facts = (sentence_at(context, answer.answer_start) for answer in question.answers[:1])
    return Case(
        id=question.id,
        question=question.question,
        split=split,
        gold_documents=() if question.is_impossible else (document,),
        gold_facts=() if question.is_impossible else tuple(fact for fact in facts if fact),
        answer=wordings[0] if wordings else None,
        aliases=tuple(wordings[1:]),
        answerable=not question.is_impossible,
    )


def sentence_at(text: str, offset: int) -> str:
    """The sentence around an offset, by its end marks alone."""
    start = max((m.end() for m in END.finditer(text, 0, offset)), default=0)
    end = END.search(text, offset)
    return text[start : end.end() if end else len(text)].strip()
