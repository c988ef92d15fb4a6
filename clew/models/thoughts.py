"""Leave out what a model thinks aloud before it answers: some servers send it in front of the reply."""

import re
from collections.abc import Generator, Iterator
from contextlib import closing

OPENS = ("<think>", "<thinking>")
THOUGHT = re.compile(r"\s*<(think(?:ing)?)>(?:.*?</\1>\s*|.*\Z)", re.S | re.I)


def spoken(reply: str) -> str:
    """A reply without the thoughts before it; empty where it was cut in their midst."""
    found = THOUGHT.match(reply)
    return reply[found.end() :] if found else reply


def spoken_pieces(pieces: Generator[str, None, None]) -> Iterator[str]:
    """The same for a reply that comes piece by piece."""
    with closing(pieces):
        held = ""
        for piece in pieces:
            held += piece
            begun = held.lstrip().lower()
            if not begun or any(tag.startswith(begun) for tag in OPENS):
                continue  # it may become one
            if begun.startswith(OPENS) and not spoken(held):
                continue
            yield spoken(held)
            break
        else:
            if rest := spoken(held):
                yield rest
        yield from pieces
