"""Whether a speech server can be used, as the turns that needed it found out."""

from collections.abc import Callable

type Listener = Callable[[str | None], None]


class Health:
    """The state of one server: up until a turn or a probe finds it gone."""

    def __init__(self) -> None:
        """Begin healthy: who was never asked is not ill."""
        self.trouble: str | None = None
        """Why it can't be used, as one sentence; nothing while it can."""
        self._listeners: list[Listener] = []

    @property
    def up(self) -> bool:
        """Return whether it can be used."""
        return self.trouble is None

    def lost(self, trouble: str) -> None:
        """Take that it can't be used; a second loss changes nothing."""
        if self.trouble is None:
            self._become(trouble)

    def found(self) -> None:
        """Take that it can be used again."""
        if self.trouble is not None:
            self._become(None)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with each change; return how to stop."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _become(self, trouble: str | None) -> None:
        """Change and tell it once."""
        self.trouble = trouble
        for listener in list(self._listeners):
            listener(trouble)
