"""Word lists, written as people read them."""


def listed(text: str) -> list[str]:
    """The words of a text between white space."""
    return text.split()


WIDE: dict[int, int | str] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    0xFFE1: "\u00a3",
    0xFFE5: "\u00a5",
}


def narrow(text: str) -> str:
    """The text with full-width marks, digits and letters written as ASCII, so that every offset stays."""
    return text.translate(WIDE)
