"""Suites by name and by path, and their corpora as folders."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from clew.errors import ClewError, UsageError
from clew.settings import Settings
from evals.cases import Case, read_cases
from evals.corpus import as_markdown, file_names, materialise
from evals.run import Plan, run
from evals.suite import Passage, Suite
from evals.suites import NAMED, load_suite


def small(*passages: Passage) -> Suite:
    return Suite(name="small", cases=(Case(id="a", question="Which?"),), passages=passages)


@pytest.mark.parametrize("name", NAMED)
def test_a_named_suite_without_its_data_is_an_error(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--data"):
        load_suite(name)
    with pytest.raises(ClewError, match="is not at") as missing:
        load_suite(name, tmp_path / "nothing")
    assert missing.value.exit_code == 1
    with pytest.raises(ClewError, match="is not at"):
        load_suite(name, tmp_path)


def test_an_unknown_name_says_which_there_are() -> None:
    with pytest.raises(UsageError, match="musique-train100"):
        load_suite("no-such-suite")


def test_the_sample_is_built_in_and_its_gold_is_in_its_folder() -> None:
    suite = load_suite("sample")
    assert suite.name == "sample"
    assert len(suite.cases) >= 20
    assert any(not case.answerable for case in suite.cases)


def test_cases_lie_beside_the_folder_they_are_asked_of(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mill.md").write_text("The mill burned.", "utf-8")
    (tmp_path / "notes" / ".hidden").write_text("x", "utf-8")
    cases = tmp_path / "notes.cases.jsonl"
    cases.write_text('{"id": "1", "question": "What burned?", "gold_documents": ["mill.md"]}\n\n', "utf-8")
    suite = load_suite(str(cases))
    corpus = materialise(suite, tmp_path / "cache")
    assert (suite.name, corpus.folder, corpus.ids) == ("notes", tmp_path / "notes", {"mill.md": "mill.md"})
    cases.write_text('{"id": "1", "question": "What burned?", "gold_documents": ["kiln.md"]}\n', "utf-8")
    with pytest.raises(ClewError, match=r"kiln\.md"):
        load_suite(str(cases))


def test_cases_without_their_folder_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "cases.jsonl").write_text('{"id": "1", "question": "What?"}\n', "utf-8")
    with pytest.raises(ClewError, match="documents"):
        load_suite(str(tmp_path / "cases.jsonl"))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"id": "2"}', "question"),
        ('{"id": "1", "question": "again"}', "twice"),
        ("not json", "line 2"),
        ('{"id": "2", "question": "?", "path": "magic"}', "path"),
    ],
)
def test_a_bad_case_is_named_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(f'{{"id": "1", "question": "What?"}}\n{line}\n', "utf-8")
    with pytest.raises(ClewError, match=said) as bad:
        read_cases(path)
    assert "line 2" in str(bad.value)


def test_an_empty_file_of_cases_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "cases.jsonl").write_text("\n", "utf-8")
    with pytest.raises(ClewError, match="no case"):
        read_cases(tmp_path / "cases.jsonl")


def test_a_line_separator_inside_a_case_does_not_end_its_line(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps({"id": "1", "question": "one\u2028two"}, ensure_ascii=False) + "\n", "utf-8")
    assert read_cases(path)[0].question == "one\u2028two"


def test_passages_become_numbered_files_with_a_heading(tmp_path: Path) -> None:
    suite = small(
        Passage(id="x 1", title="The Mill:\nPart *1*", text=" It burned.\n"),
        Passage(id="磨", title="磨坊 (旧)", text="烧毁了。"),
        Passage(id="///", text="No title."),
    )
    corpus = materialise(suite, tmp_path)
    assert list(corpus.ids) == ["0-the-mill-part-1.md", "1-磨坊-旧.md", "2.md"]
    assert (corpus.folder / "0-the-mill-part-1.md").read_text("utf-8") == "# The Mill: Part *1*\n\nIt burned.\n"
    assert (corpus.folder / "2.md").read_text("utf-8") == "No title.\n"
    assert json.loads((corpus.folder.parent / "ids.json").read_text("utf-8")) == corpus.ids


def test_a_corpus_is_written_once_and_again_when_a_word_changes(tmp_path: Path) -> None:
    one = materialise(small(Passage(id="a", text="One.")), tmp_path)
    stamp = (one.folder / "0-a.md").stat().st_mtime_ns
    again = materialise(small(Passage(id="a", text="One.")), tmp_path)
    other = materialise(small(Passage(id="a", text="Two.")), tmp_path)
    assert again == one
    assert (one.folder / "0-a.md").stat().st_mtime_ns == stamp
    assert other.folder != one.folder
    assert not list(tmp_path.glob("corpora/writing-*"))


def test_long_titles_fit_a_file_name_and_sort_in_order() -> None:
    passages = tuple(Passage(id=str(n), title="磨坊" * 200, text="x") for n in range(11))
    names = file_names(passages)
    assert names == sorted(names)
    assert all(len(name.encode()) <= 220 for name in names)


def test_an_id_used_twice_is_an_error() -> None:
    with pytest.raises(ClewError, match="twice"):
        small(Passage(id="a", text="1"), Passage(id="a", text="2")).check()


def test_a_case_that_stands_twice_is_an_error() -> None:
    cases = (Case(id="1", question="Where?"), Case(id="1", question="When?"))
    with pytest.raises(ClewError, match="2 cases '1'"):
        replace(small(Passage(id="a", text="1")), cases=cases).check()


def test_gold_that_is_named_twice_counts_once() -> None:
    case = Case(id="1", question="Where?", gold_documents=("a", "b", "a"), gold_facts=("x", "x"))
    assert (case.gold_documents, case.gold_facts) == (("a", "b"), ("x",))


def test_a_question_without_a_word_is_told_by_its_suite(tmp_path: Path) -> None:
    (tmp_path / "qrels").mkdir()
    (tmp_path / "corpus.jsonl").write_text('{"_id": "d", "text": "Orm has a mill."}', "utf-8")
    (tmp_path / "queries.jsonl").write_text('{"_id": "q", "text": ""}', "utf-8")
    (tmp_path / "qrels" / "test.tsv").write_text("q\td\t1\n", "utf-8")
    with pytest.raises(ClewError, match="makes no case: question"):
        load_suite(str(tmp_path))


def test_a_suite_whose_questions_nobody_judged_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ClewError, match="no question"):
        run(replace(small(Passage(id="a", text="1")), cases=()), Plan(), settings=Settings(), cache=tmp_path)


def test_the_language_of_a_question_is_told_where_the_file_does_not() -> None:
    assert Case(id="1", question="磨坊什么时候烧毁?").lang == "zh"
    assert Case(id="1", question="磨坊?", lang="en").lang == "en"


def test_a_heading_needs_a_title() -> None:
    assert as_markdown(Passage(id="a", text="# Own\n\nText")) == "# Own\n\nText\n"
