"""Chunks in, mentions and triples out: without a language model (``nlp``) or as something else found them (``given``).

``extract(chunks)`` is the default.
"""

from graph.extract.facts import Extractor, Facts
from graph.extract.nlp import NlpExtractor, extract, extract_each

__all__ = ["Extractor", "Facts", "NlpExtractor", "extract", "extract_each"]
