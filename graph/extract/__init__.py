"""Chunks in, mentions and triples out: without a language model (``nlp``) or as something else found them (``given``).

``extract_each(documents)`` is the default, ``extract(chunks)`` the same for one document.
"""

from graph.extract.facts import Facts
from graph.extract.nlp import extract, extract_each

__all__ = ["Facts", "extract", "extract_each"]
