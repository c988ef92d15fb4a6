"""The house stands as it was drawn: plain room names that collide with nothing, and arrows that point one way."""

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

import pytest

HERE = Path(__file__).parent.parent
ROOMS = ("clew", "ingest", "graph", "retrieve", "ui", "evals")


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_is_imported_from_this_checkout(room: str) -> None:
    found = importlib.import_module(room).__file__
    assert found is not None
    assert Path(found).parent == HERE / room


@pytest.mark.parametrize("room", ROOMS)
def test_no_installed_distribution_ships_a_room_of_that_name(room: str) -> None:
    for distribution in distributions():
        if distribution.name == "clew":
            continue
        tops = {file.parts[0] for file in distribution.files or ()}
        assert not tops & {room, f"{room}.py"}, distribution.name


def test_no_file_inside_a_room_is_named_like_a_room() -> None:
    for room in ROOMS:
        for file in (HERE / room).rglob("*.py"):
            assert file.stem not in ROOMS, file


def test_only_the_assembly_names_a_concrete_store() -> None:
    assembly = {HERE / "retrieve" / "engines.py"}
    concrete = ("ingest.store.edge", "ingest.store.server", "graph.store.ladybug", "graph.store.neo4j")
    for room in ROOMS:
        for file in set((HERE / room).rglob("*.py")) - assembly:
            if file.parent.name == "store":
                continue
            text = file.read_text(encoding="utf-8")
            assert not any(f"from {name} import" in text for name in concrete), file


def test_no_pattern_names_a_mark_twice() -> None:
    """A full-width mark that an editor wrote as ASCII: such a pattern misses what Chinese texts have."""
    classes = re.compile(r"(?<!\\)\[((?:[^\]\\\n]|\\.)+)\]")
    for room in ROOMS:
        for file in (HERE / room).rglob("*.py"):
            for text in _strings(file):
                listed = [m[1] for m in classes.finditer(text) if not re.search("[A-Za-z]{3}", m[1])]
                if not re.search(r"[\w\s\\|[]", text) and len(set(text)) > 1:
                    listed.append(text)
                for marks in listed:
                    twice = [mark for mark in ",;:?!()" if marks.count(mark) > 1]
                    assert not twice, (file, marks)


def _strings(file: Path) -> Iterator[str]:
    """The strings of a file that are no docstrings; single marks listed one by one as one string."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            parts = [one.value for one in node.elts if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if parts and all(len(part) == 1 for part in parts):
                yield "".join(parts)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Constant) and isinstance(child.value, str) and not isinstance(node, ast.Expr):
                yield child.value


def test_help_imports_nothing_heavy() -> None:
    heavy = "numpy, spacy, sklearn, llama_index, streamlit, onnxruntime, pandas, qdrant_edge, rich, pydantic"
    script = (
        "import sys; from ui.cli import clew, run; run(clew, ['--help']);"
        f"loaded = [name for name in '{heavy}'.split(', ') if name in sys.modules];"
        "sys.exit(f'imported: {loaded}' if loaded else 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
