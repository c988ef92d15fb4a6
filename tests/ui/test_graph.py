"""``clew graph`` on a small folder: counts, who is named where, export, joining and parting by hand."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from lxml import etree

from clew.errors import UsageError
from clew.settings import Settings
from retrieve.assembly import open_index
from ui.commands.graph_ import command

TEXTS = {
    "light.md": "# The light\n\nCaptain Edda Holm kept the light at Gull Head. Holm met Arne Lind in Hask.\n",
    "bees.md": "# Bees\n\nArne Lind keeps bees in Hask. He sold honey to Edda Holm.\n",
    "boat.md": "# A boat\n\nEdda Holm painted the boat of Arne Lind.\n",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("harbour")
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    with open_index(folder / ".clew", Settings(threads=1)) as index:
        index.ingest(folder)
    return folder / ".clew"


def graph(index: Path, *arguments: str) -> Result:
    return CliRunner().invoke(
        command, [*arguments, "--index", str(index)], catch_exceptions=False, standalone_mode=False
    )


def shown(index: Path, name: str) -> list[dict[str, Any]]:
    body = json.loads(graph(index, "show", name, "--json").stdout)
    assert next(iter(body.items())) == ("schema", "clew.graph/1")
    entities: list[dict[str, Any]] = body["entities"]
    return entities


def test_it_counts(index: Path) -> None:
    counts = json.loads(graph(index, "--json").stdout)["counts"]
    assert counts["documents"] == 3
    assert counts["entities"] >= 3
    assert "entities" in graph(index).stdout


def test_an_entity_is_shown_with_its_sentences_at_their_offsets(index: Path) -> None:
    [holm] = shown(index, "edda holm")
    assert {m["document"] for m in holm["mentions"]} == {"light.md", "bees.md", "boat.md"}
    for mention in holm["mentions"]:
        assert TEXTS[mention["document"]][mention["start"] : mention["end"]].strip() == mention["text"]
    assert "[boat.md] Edda Holm painted" in graph(index, "show", "Edda Holm").stdout
    with pytest.raises(UsageError, match="Nobody"):
        graph(index, "show", "Nobody")


def test_it_is_exported_as_graphml_and_json_ld(index: Path, tmp_path: Path) -> None:
    graph(index, "export", str(tmp_path / "g.graphml"))
    tree = etree.parse(str(tmp_path / "g.graphml"))
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    nodes = {node.get("id") for node in tree.iterfind(".//g:node", space)}
    edges = [(edge.get("source"), edge.get("target")) for edge in tree.iterfind(".//g:edge", space)]
    assert edges
    assert all(source in nodes and target in nodes for source, target in edges)
    graph(index, "export", str(tmp_path / "g.jsonld"))
    data = json.loads((tmp_path / "g.jsonld").read_text(encoding="utf-8"))
    ids = {one.get("id") for one in data["@graph"]}
    assert {"Person"} <= {one["type"] for one in data["@graph"]}
    assert all(m in ids for one in data["@graph"] for m in one.get("mentions", ()))
    with pytest.raises(UsageError, match=r"graphml or \.jsonld"):
        graph(index, "export", str(tmp_path / "g.txt"))


def test_joining_and_parting_hold_when_the_index_is_made_anew_and_can_be_undone(index: Path) -> None:
    graph(index, "merge", "Edda Holm", "Arne Lind", "--note", "a test")
    [one] = shown(index, "Arne Lind")
    assert "Edda Holm" in {one["entity"]["name"], *one["entity"]["aliases"]}
    with open_index(index, Settings(threads=1)) as opened:
        opened.reindex()
    assert shown(index, "Edda Holm")[0]["entity"]["id"] == one["entity"]["id"]
    graph(index, "undo", "Edda Holm")
    assert len({e["entity"]["id"] for name in ("Edda Holm", "Arne Lind") for e in shown(index, name)}) == 2
    graph(index, "split", "Edda Holm", "--document", "bees.md")
    assert len(shown(index, "Edda Holm")) == 2
    with pytest.raises(UsageError, match="Name one by its id"):
        graph(index, "split", "Edda Holm", "--document", "bees.md")
    with pytest.raises(UsageError, match=r"no document nothing\.md"):
        graph(index, "split", "Arne Lind", "--document", "nothing.md")
    graph(index, "undo", "Edda Holm")
    assert len(shown(index, "Edda Holm")) == 1


def test_json_may_stand_before_the_subcommand(index: Path) -> None:
    assert json.loads(graph(index, "--json", "show", "Edda Holm").stdout)["entities"] == shown(index, "Edda Holm")


def test_to_forget_what_was_said_of_nobody_is_an_error(index: Path) -> None:
    with pytest.raises(UsageError, match="Nobody"):
        graph(index, "undo", "Nobody")
