"""The sample folders and their questions agree with each other."""

import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from evals.cases import read_cases
from evals.suite import files

EXAMPLES = Path(__file__).parents[2] / "examples"
FOLDERS = ("first", "harbour")
KEYS = {"id", "question", "lang", "split", "gold_documents", "gold_facts", "path", "answer", "answerable"}


def cases(folder: str) -> list[dict[str, Any]]:
    lines = (EXAMPLES / f"{folder}.cases.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def documents(folder: str) -> list[str]:
    return [name for name, _ in files(EXAMPLES / folder)]  # not those of an index that lies there


def written(folder: str, document: str) -> str:
    """The text that a person wrote: the Markdown source of a rendered file, else the file itself."""
    source = EXAMPLES / "sources" / f"{document}.md"
    path = source if folder == "harbour" and source.exists() else EXAMPLES / folder / document
    text = path.read_text(encoding="utf-8")
    return text.replace("=\n", "") if document.endswith(".eml") else text


def is_chinese(text: str) -> bool:
    return len(re.findall("[\u4e00-\u9fff]", text)) > 100


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_case_has_the_agreed_shape_and_an_id_of_its_own(folder: str) -> None:
    found = cases(folder)
    assert len({case["id"] for case in found}) == len(found)
    for case in found:
        assert case.keys() <= KEYS
        assert KEYS - case.keys() <= {"gold_facts"}
        assert case["lang"] in ("en", "zh")
        assert case["split"] in ("dev", "test")
        assert case["path"] in ("direct", "passages", "graph", "global")
        assert case["question"]
        assert case["answer"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_question_names_the_documents_that_answer_it(folder: str) -> None:
    there = set(documents(folder))
    for case in cases(folder):
        gold = case["gold_documents"]
        assert set(gold) <= there, case["id"]
        assert len(set(gold)) == len(gold), case["id"]
        assert bool(gold) == (case["answerable"] and case["path"] != "direct"), case["id"]


@pytest.mark.parametrize("file", ["harbour.practice.jsonl", "harbour.unseen.jsonl", "harbour.fresh.jsonl"])
def test_a_question_for_practice_or_never_seen_is_a_new_one_about_documents_that_are_there(file: str) -> None:
    found = read_cases(EXAMPLES / file)
    there, asked = set(documents("harbour")), {case["question"] for case in cases("harbour")}
    assert found
    for case in found:
        assert set(case.gold_documents) <= there, case.id
        assert bool(case.gold_documents) == case.answerable, case.id
        assert case.question not in asked, case.id


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_gold_fact_stands_word_for_word_in_a_gold_document(folder: str) -> None:
    for case in cases(folder):
        texts = [written(folder, document) for document in case["gold_documents"]]
        for fact in case.get("gold_facts", []):
            assert any(fact in text for text in texts), (case["id"], fact)


def test_a_question_that_needs_joining_names_what_must_be_joined() -> None:
    for case in cases("harbour"):
        gold = case["gold_documents"]
        if case["answerable"] and case["path"] == "graph":
            assert len(gold) >= 2, case["id"]
        if case["path"] == "global":
            assert 3 <= len(gold) <= 10, case["id"]


def test_the_splits_are_halves_in_every_kind_and_language() -> None:
    counts = Counter((c["answerable"], c["path"], c["lang"], c["split"]) for c in cases("harbour"))
    for answerable, path, lang, _ in counts:
        dev, test = (counts[answerable, path, lang, split] for split in ("dev", "test"))
        assert abs(dev - test) <= 2, (answerable, path, lang)


def test_the_test_half_has_enough_of_the_hard_kinds() -> None:
    kinds = Counter(
        case["path"] if case["answerable"] else "unanswerable" for case in cases("harbour") if case["split"] == "test"
    )
    assert len(cases("harbour")) >= 130
    assert kinds["global"] >= 15
    assert kinds["unanswerable"] >= 15
    assert kinds["graph"] >= 15


def test_a_third_of_the_questions_is_chinese_and_some_ask_across_languages() -> None:
    found = cases("harbour")
    chinese = {name for name in documents("harbour") if is_chinese(written("harbour", name))}
    across = [
        case
        for case in found
        if case["gold_documents"]
        and all((name in chinese) != (case["lang"] == "zh") for name in case["gold_documents"])
    ]
    assert sum(case["lang"] == "zh" for case in found) >= len(found) / 3
    assert len(across) >= 15


def test_the_folder_has_many_documents_in_many_formats_a_quarter_of_them_chinese() -> None:
    names = documents("harbour")
    assert len(names) >= 66
    assert len({Path(name).suffix for name in names}) >= 9
    assert sum(is_chinese(written("harbour", name)) for name in names) >= len(names) / 4


def test_every_source_has_its_rendered_file() -> None:
    sources = EXAMPLES / "sources"
    for source in sources.rglob("*.md"):
        assert (EXAMPLES / "harbour" / source.relative_to(sources).with_suffix("")).is_file(), source


def test_web_pages_and_notebooks_are_what_their_sources_render_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(EXAMPLES))
    from rendering.blocks import read
    from rendering.plain import notebook, rtf
    from rendering.website import page

    renderers = {".html": lambda source: page(source).encode(), ".ipynb": notebook, ".rtf": rtf}
    for path in (EXAMPLES / "sources").rglob("*.md"):
        target = EXAMPLES / "harbour" / path.relative_to(EXAMPLES / "sources").with_suffix("")
        if target.suffix in renderers:
            assert target.read_bytes() == renderers[target.suffix](read(path.read_text(encoding="utf-8"))), path
    for name in [name for name in sys.modules if name.partition(".")[0] == "rendering"]:
        monkeypatch.delitem(sys.modules, name)
