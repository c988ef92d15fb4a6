"""Small documents to test with."""

from clew.ids import digest, document_id
from clew.language import language_of
from clew.models.minilm import MiniLM
from clew.ports import Point
from clew.records import Chunk, Document, Markdown
from ingest.chunk import chunks, passage


def document(path: str, text: str = "", *, title: str | None = None, **more: object) -> Document:
    """A document of the default collection."""
    return Document(
        id=document_id("", path),
        path=path,
        title=title or path,
        media_type="text/markdown",
        content_hash=digest(text),
        language=language_of(text),
        **more,  # type: ignore[arg-type]
    )


def cut(path: str, text: str, embedder: MiniLM, *, named: bool = False, title: str | None = None) -> list[Chunk]:
    """The chunks of a text."""
    markdown = Markdown(text=text, title=title or path, named=named)
    return chunks(document(path, text, title=title), markdown, embedder)


def points(path: str, text: str, embedder: MiniLM, **more: object) -> list[Point]:
    """A text as points ready to be stored."""
    made = cut(path, text, embedder, **more)  # type: ignore[arg-type]
    vectors = embedder.embed_passages([passage(chunk, embedder) for chunk in made])
    return [Point(chunk, found) for chunk, found in zip(made, vectors, strict=True)]


FERRY = """# The ferry Aurelia

The Aurelia was built in 1987 at the Brackwater yard. She carries 240 passengers and 38 cars.

## Her captain

Ines Calloway took command in March 2019. Before that she sailed the night boat to Sundhaven for eleven years.

| Season | Fare | Crossings a day |
|---|---|---|
| Winter | 14.50 | 4 |
| Summer | 19.00 | 9 |
"""

LIGHTHOUSE = """# The lighthouse at Gull Head

The lamp was first lit in 1862. Its keeper, Tobias Renn, wrote down every storm in a green ledger.

The ledger lies in the town archive today.
"""

TEAHOUSE = """# 海边茶馆

海边茶馆位于码头街十二号，由林秀兰于一九九八年开办。茶馆每天上午九点开门，晚上十点关门。

店里最有名的是盐焗花生和铁观音。
"""
