"""What a format's reader hands over, before cleaning gives it its final offsets."""

import datetime
from dataclasses import dataclass

from clew.records import DateSource, Loss


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A file as its reader understood it. ``parts`` are (page or None, Markdown); ``title`` is empty where the
    document names none."""

    parts: tuple[tuple[int | None, str], ...]
    title: str = ""
    date: datetime.date | None = None
    date_source: DateSource | None = None
    losses: tuple[Loss, ...] = ()

    @classmethod
    def of(
        cls,
        text: str,
        *,
        title: str = "",
        date: datetime.date | None = None,
        date_source: DateSource | None = None,
        losses: tuple[Loss, ...] = (),
    ) -> "Draft":
        """A draft without pages."""
        return cls(parts=((None, text),), title=title, date=date, date_source=date_source, losses=losses)
