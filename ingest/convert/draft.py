"""What a format's reader hands over, before cleaning gives it its final offsets."""

import datetime
from dataclasses import dataclass

from clew.records import DateSource, Loss, LossKind

AS_IT_SHOULD_BE = "Nothing, if that is as it should be."
"""The remedy where a file holds nothing to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A file as its reader understood it. ``parts`` are (page or None, Markdown); ``title`` is empty where the
    document names none. ``date`` is what the document says itself, ``saved`` what its program noted: any copy or
    export renews that, so a date in the title goes before it. ``verbatim`` text keeps its lines as they are."""

    parts: tuple[tuple[int | None, str], ...]
    title: str = ""
    date: datetime.date | None = None
    date_source: DateSource | None = None
    saved: datetime.date | None = None
    losses: tuple[Loss, ...] = ()
    verbatim: bool = False

    @classmethod
    def of(
        cls,
        text: str,
        *,
        title: str = "",
        date: datetime.date | None = None,
        date_source: DateSource | None = None,
        saved: datetime.date | None = None,
        losses: tuple[Loss, ...] = (),
        verbatim: bool = False,
    ) -> "Draft":
        """A draft without pages."""
        return cls(
            parts=((None, text),),
            title=title,
            date=date,
            date_source=date_source,
            saved=saved,
            losses=losses,
            verbatim=verbatim,
        )


def lost(kind: LossKind, reason: str, remedy: str, page: int | None = None) -> Loss:
    """A loss of the file at hand, whose path is filled in once for all of them."""
    return Loss(path="", kind=kind, reason=reason, remedy=remedy, page=page)


def pictures_lost(count: int) -> tuple[Loss, ...]:
    """The loss of a document's pictures, if it has any."""
    if not count:
        return ()
    reason = "a picture is not read" if count == 1 else f"{count} pictures are not read"
    return (lost("image", reason, "Describe what matters of it in the text."),)
