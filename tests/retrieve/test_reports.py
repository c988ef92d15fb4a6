"""Reports of communities: written when asked, kept by what they sum up."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from clew.models.llm import Model
from clew.models.minilm import MiniLM
from clew.models.scripted import Says, Scripted
from graph.extract import extract_each
from graph.pipeline import FactGraph
from graph.ports import Community
from graph.store.ladybug import LadybugStore
from ingest.store.edge import EdgeStore
from retrieve.reports import Report, Reports, Shelf, _title
from tests.worlds import points

QUAY = (
    "Nora Feld met Ada Lusk and Ines Calloway at the customs house in March. "
    "Ada Lusk wrote to Ines Calloway about the winter boat and the mail. "
    "Nora Feld thanked Ines Calloway for the new lamps along the quay."
)
HILL = (
    "Tobias Renn met Maud Perrin and Colm Vey under the old lime tree. "
    "Maud Perrin wrote to Colm Vey about the price of bread and flour. "
    "Tobias Renn thanked Colm Vey for the bench in front of the school."
)


class World:
    """Two parts of a town that have nothing to do with each other, in real stores."""

    def __init__(self, folder: Path, minilm: MiniLM) -> None:
        self.embedder = minilm
        self.shelf = Shelf(folder / "reports.sqlite")
        self.store = EdgeStore(folder / "vectors", size=minilm.size)
        self.facts = FactGraph(LadybugStore(folder / "graph.db"), extract_each)
        self.write("quay.txt", QUAY)
        self.write("hill.txt", HILL)

    def write(self, path: str, text: str) -> None:
        made = points(path, text, self.embedder)
        self.store.delete([made[0].chunk.document.id])
        self.store.write(made)
        self.facts.write(self.facts.extract([[point.chunk for point in made]]))
        self.facts.settle()

    def reports(self, model: Model | None = None) -> Reports:
        return Reports(self.store, self.facts.store, self.shelf, model)

    def communities(self) -> list[Community]:
        return self.facts.store.communities()

    def by_title(self, title: str) -> Report:
        return next(r for r in map(self.reports().of, self.communities()) if title in r.title)


@pytest.fixture
def world(tmp_path: Path, minilm: MiniLM) -> World:
    return World(tmp_path, minilm)


def kept(world: World) -> int:
    with sqlite3.connect(world.shelf._path) as connection:
        count: int = connection.execute("SELECT count(*) FROM reports").fetchone()[0]
    return count


def scripted(*script: Any) -> tuple[Model, Scripted]:
    llm = Scripted(script=list(script))
    return Model(name="scripted", make=lambda: llm, tries=1, first_wait=0.01), llm


def test_a_report_has_the_central_names_and_sentences_that_stand_in_the_documents(world: World) -> None:
    report = world.by_title("Ines Calloway")
    assert report.title.startswith("Ines Calloway")
    assert set(report.names) >= {"Nora Feld", "Ada Lusk", "Ines Calloway"}
    assert len(report.sentences) == 3
    for told in report.sentences:
        chunk = world.store.fetch([told.chunk])[told.chunk]
        assert chunk.quote(told.span) == told.text
        assert chunk.document.id == told.document


def test_a_report_is_written_once_and_again_only_where_its_content_changed(world: World) -> None:
    for community in world.communities():
        world.reports().of(community)
    assert kept(world) == 2
    for community in world.communities():
        world.reports().of(community)
    assert kept(world) == 2
    world.write("hill.txt", HILL.replace("bench", "fountain"))
    for community in world.communities():
        world.reports().of(community)
    assert kept(world) == 3
    assert any("fountain" in told.text for told in world.by_title("Colm Vey").sentences)


def test_a_model_sums_up_once_and_only_markers_of_its_sentences_stay(world: World) -> None:
    model, llm = scripted("They met in March [1]. They wrote of a boat [2, 9]. ![x](http://evil.example) [77]")
    report = world.by_title("Ines Calloway")
    summed = world.reports(model).summed_up(report)
    assert "[1]" in summed.text
    assert "[2]" in summed.text
    assert "9" not in summed.text
    assert "77" not in summed.text
    assert "evil" not in summed.text
    assert world.reports(model).summed_up(report) == summed
    assert len(llm.prompts) == 1
    assert report.sentences[0].text in llm.prompts[0]


def test_a_model_that_fails_leaves_the_sentences(world: World) -> None:
    model, _ = scripted(Says(status=500))
    report = world.by_title("Ines Calloway")
    assert world.reports(model).summed_up(report) == report
    assert world.reports().summed_up(report) == report


def test_a_weekday_or_a_month_of_a_letters_head_is_no_theme_while_there_is_another() -> None:
    assert _title(["Sep", "René Dufour", "Mon", "Tarn Mill", "Tarn"]) == ["René Dufour", "Tarn Mill", "Sep"]
    assert _title(["Sunday", "Monday Club", "Ines Calloway", "Ada Lusk"]) == [
        "Monday Club",
        "Ines Calloway",
        "Ada Lusk",
    ]
