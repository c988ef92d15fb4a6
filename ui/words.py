"""Counts in words."""


def counted(count: int, one: str, more: str = "") -> str:
    """A number with its noun: "1 passage", "1,184 passages"; ``more`` where an s is not enough."""
    return f"{count:,} {one if count == 1 else more or one + 's'}"
