"""One corpus out of the paragraphs that come with each question, and HippoRAG's ready corpora."""

from pathlib import Path

from clew.errors import ClewError
from evals.loaders.reading import read_json, shaped
from evals.suite import Passage


class Pool:
    """Paragraphs by (title, text), each kept once. Ids are titles, or running numbers where titles are shared.

    ``closed`` pools take nothing new: a paragraph that is not in the ready corpus is an error.
    """

    def __init__(self, ready: list[tuple[str, str]] | None = None, *, by_title: bool) -> None:
        self._by_title = by_title
        self._ids: dict[tuple[str, str], str] = {}
        self._titles: dict[str, int] = {}
        self._closed = False
        for title, text in ready or []:
            self.add(title, text)
        self._closed = ready is not None

    def add(self, title: str, text: str) -> str:
        """The id of this paragraph, taken in if it is new."""
        key = (title, text.strip())
        if key not in self._ids:
            if self._closed:
                raise ClewError(
                    f"A question's paragraph {title!r} is not in the corpus beside it.", "Use the matching corpus file."
                )
            seen = self._titles[title] = self._titles.get(title, 0) + 1
            self._ids[key] = (f"{title} [{seen}]" if seen > 1 else title) if self._by_title else str(len(self._ids))
        return self._ids[key]

    def passages(self) -> tuple[Passage, ...]:
        return tuple(Passage(id=key, title=title, text=text) for (title, text), key in self._ids.items())


def hipporag_corpus(path: Path) -> list[tuple[str, str]]:
    """HippoRAG's corpus files: a list of {title, text}, or (for HotpotQA) a mapping of title to sentences."""
    raw = read_json(path, "The corpus")
    if isinstance(raw, dict):
        sentences = shaped(raw, dict[str, list[str]], path)
        return [(title, joined(parts)) for title, parts in sentences.items()]
    rows = shaped(raw, list[dict[str, str | int]], path)
    return [(str(row["title"]), str(row["text"])) for row in rows]


def joined(sentences: list[str]) -> str:
    """Sentences as one text: HotpotQA's carry their leading space, 2WikiMultihopQA's do not."""
    spaced = any(sentence[:1].isspace() for sentence in sentences[1:])
    return ("" if spaced else " ").join(sentences).strip()
