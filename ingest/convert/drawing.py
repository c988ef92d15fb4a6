"""A drawing (.svg): the words in it; its lines are numbers that nobody looks for."""

from lxml import etree

from clew.errors import ConversionError
from ingest.convert.archive import parser_for_xml
from ingest.convert.draft import Draft

_WORDS = ("title", "desc", "text", "foreignObject")


def read(data: bytes, name: str) -> Draft:
    """Read the title, the description and the texts of a drawing."""
    try:
        root = etree.fromstring(data, parser_for_xml())
    except etree.XMLSyntaxError as error:
        raise ConversionError(
            f"the drawing is damaged ({error})", "Open it in its program and save it again."
        ) from error
    found = [(etree.QName(e).localname, " ".join(" ".join(e.itertext()).split())) for e in root.iter(etree.Element)]
    words = [(kind, text) for kind, text in found if kind in _WORDS and text]
    if not words:
        raise ConversionError("a drawing without words", "Describe what matters of it in the text.", "image")
    title = next((text for kind, text in words if kind == "title"), "")
    return Draft.of("\n\n".join(dict.fromkeys(text for _, text in words)), title=title)
