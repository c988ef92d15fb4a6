"""Word lists, written as people read them."""


def listed(text: str) -> list[str]:
    """The words of a text between white space."""
    return text.split()
