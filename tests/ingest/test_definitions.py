"""Source code is cut by definition, and cited by the line of its file."""

import time
from pathlib import Path

import pytest

from clew.models.minilm import MiniLM
from clew.records import Chunk, Document
from clew.settings import Settings
from ingest.chunk import chunks
from ingest.convert import convert
from ingest.definitions import definitions
from retrieve.assembly import open_index

PYTHON = '''"""Fares."""

import csv

RATE = 1.25


# What a crossing costs.
@cached
def fare(distance):
    """In crowns."""
    return distance * RATE


class Ledger:
    """Keeps sales."""

    def add(self, sale):
        self.sales.append(sale)

    def total(self):
        return sum(self.sales)


print(fare(3))
'''


def named(code: str, language: str) -> list[tuple[int, int, str]]:
    return [(d.line, d.until, ".".join(d.path)) for d in definitions(code, language)]


def test_python_definitions_have_their_decorators_and_the_class_around_them() -> None:
    assert named(PYTHON, "python") == [
        (7, 14, "fare"),
        (14, 24, "Ledger"),
        (17, 20, "Ledger.add"),
        (20, 24, "Ledger.total"),
    ]


@pytest.mark.parametrize(
    ("language", "code", "names"),
    [
        ("javascript", "export function foo(a) {\n  return a\n}\nclass K {\n  go(x) { return 1 }\n}\n", ["foo", "K"]),
        ("java", "class A {\n  int f(int x) {\n    return g(x);\n  }\n}\n", ["A", "A.f"]),
        ("go", "type T struct {\n}\n\nfunc (s *T) Do(x int) error {\n\treturn nil\n}\n", ["T", "Do"]),
        ("rust", "struct B;\nfn main() {\n    go();\n}\n", ["B", "main"]),
        ("c", "int main(void)\n{\n  foo(1);\n}\n", ["main"]),
        ("bash", "greet() {\n  echo hi\n}\n", ["greet"]),
        ("sql", "CREATE TABLE fares (zone int);\nSELECT 1;\n", ["fares"]),
        ("toml", "[ferry]\nname = 1\n\n[ferry.crew]\nsize = 2\n", ["ferry", "ferry.crew"]),
        ("yaml", "ferry:\n  name: a\ncrew:\n  - b\n", ["ferry", "crew"]),
        ("nolanguage", "fn main() {}", []),
    ],
)
def test_definitions_of_other_languages_are_found(language: str, code: str, names: list[str]) -> None:
    assert [".".join(d.path) for d in definitions(code, language)] == names


def cut(code: str, name: str, embedder: MiniLM, folder: Path) -> list[Chunk]:
    file = folder / name
    file.write_text(code, "utf-8")
    made = convert(file, name)
    document = Document(id="d", path=name, title=name, media_type="text/x-source", content_hash="h")
    return chunks(document, made, embedder)


def test_long_definitions_are_chunks_of_their_own_and_know_their_lines(minilm: MiniLM, tmp_path: Path) -> None:
    body = "\n".join(f"    total += step_{n} * weight_{n}  # weighs step number {n}" for n in range(12))
    parts = [f"def measure_{name}(total):\n{body}\n    return total" for name in ("wind", "tide", "fog")]
    code = "\n\n".join(parts) + "\n"
    made = cut(code, "measure.py", minilm, tmp_path)
    assert [chunk.headings for chunk in made] == [("measure_wind",), ("measure_tide",), ("measure_fog",)]
    assert "".join(chunk.text for chunk in made).count("def measure_") == 3
    lines = code.split("\n")
    for chunk in made:
        for span in chunk.sentences:
            number = chunk.line_at(span.start)
            assert number is not None
            assert lines[number - 1].strip() == chunk.quote(span).strip()


def test_prose_has_no_lines(minilm: MiniLM, tmp_path: Path) -> None:
    document = Document(id="d", path="a.md", title="a", media_type="text/markdown", content_hash="h")
    (tmp_path / "a.md").write_text("# A\n\nOne sentence.\n", "utf-8")
    (chunk,) = chunks(document, convert(tmp_path / "a.md", "a.md"), minilm)
    assert chunk.line_at(chunk.span.start) is None


def test_an_answer_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "fares.py").write_text(PYTHON, "utf-8")
    with open_index(tmp_path / ".clew", Settings(threads=1, workers=1)) as index:
        index.ingest(tmp_path)
        found = index.assistant.search("What does the total of the Ledger return?", path="passages").found
        chunk = found.evidence[0].chunk
    at = chunk.span.start + chunk.text.index("return sum(self.sales)")
    assert chunk.line_at(at) == PYTHON.split("\n").index("        return sum(self.sales)") + 1


@pytest.mark.parametrize("line", ["function f(\n", "}class A{\n", "@d class A {\n", "f() { // one\n"])
def test_thousands_of_heads_that_nothing_closes_are_no_matter(line: str) -> None:
    code = line * (150_000 // len(line))
    started = time.process_time()
    for language in ("javascript", "bash"):
        definitions(code, language)
    assert time.process_time() - started < 30
