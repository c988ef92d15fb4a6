"""How well a source supports a sentence: one question, a file for each thing that must not differ."""

from retrieve.support.score import Checker, Support, support

__all__ = ["Checker", "Support", "support"]
