"""A progress that nobody watches; the one people see is drawn by ``ui.render``."""


class Silent:
    """Takes every report and shows nothing."""

    def start(self, label: str, total: int | None) -> None:
        """Begin a stage of ``total`` steps (None: unknown)."""

    def advance(self, by: int = 1, note: str = "") -> None:
        """Count steps done."""

    def finish(self) -> None:
        """End the stage."""
