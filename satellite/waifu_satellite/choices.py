"""Settings that somebody changes while the satellite runs, put to work."""

import asyncio
from collections.abc import Callable, Mapping
import logging

from wyoming.event import Event

from . import protocol
from .player import Player
from .preferences import Preferences, Settings, as_data
from .wake.base import WakeError
from .wake.own_models import OwnModels
from .wake.words import WakeWords

LOGGER = logging.getLogger(__name__)


class Choices:
    """What is chosen, and what could be."""

    def __init__(
        self,
        preferences: Preferences,
        player: Player,
        words: WakeWords | None,
        *,
        send: Callable[[Event], None],
        mute: Callable[[bool], None],
    ) -> None:
        """Set the player and the wake words; `mute` closes or opens the microphone."""
        self._preferences = preferences
        self._player = player
        self._words = words
        self._send = send
        self._mute = mute
        self.models = OwnModels(words, send, self._added)
        self._choosing: asyncio.Task[None] | None = None
        player.volume = self.settings.volume

    @property
    def settings(self) -> Settings:
        """Return what the home has chosen."""
        return self._preferences.settings

    def change(self, wanted: Mapping[str, object]) -> None:
        """Take settings that somebody chose; what makes no sense is left out."""
        before = self.settings
        chosen = self._preferences.change(wanted)
        self._player.volume = chosen.volume
        if self._words is not None:
            self._tune(self._words, before, chosen)
        if chosen.muted != before.muted:
            self._mute(chosen.muted)
        self.tell()

    def tell(self) -> None:
        """Tell Home Assistant."""
        words = self._words
        if words is not None:
            words.refresh()
        known = [] if words is None else [words.describe(each) for each in words.known.values()]
        self._send(protocol.settings({**as_data(self.settings), "wake_words": known}))

    def close(self) -> None:
        """End a change that is under way."""
        self.models.close()
        if self._choosing is not None:
            self._choosing.cancel()

    def _tune(self, words: WakeWords, before: Settings, chosen: Settings) -> None:
        """Set thresholds, and begin to listen for other words."""
        for name, threshold in chosen.thresholds.items():
            words.set_threshold(name, threshold)
        if chosen.wake_words is not None and chosen.wake_words != before.wake_words:
            self._choose_soon(words, chosen.wake_words)

    def _added(self, name: str) -> None:
        """Offer a model that was brought; one that is listened for already is taken up."""
        words = self._words
        if words is not None and name in words.chosen.names:
            self._choose_soon(words, words.chosen.names)
        self.tell()

    def _choose_soon(self, words: WakeWords, names: tuple[str, ...]) -> None:
        """Listen for other words as soon as they are loaded."""
        loop = asyncio.get_running_loop()
        self._choosing = loop.create_task(
            self._choose(words, names), name="waifu satellite wake words"
        )

    async def _choose(self, words: WakeWords, names: tuple[str, ...]) -> None:
        """Listen for other words."""
        try:
            await words.choose(names)
        except WakeError as err:
            LOGGER.warning("The wake words stay as they are: %s", err)
            self._preferences.change({"wake_words": words.chosen.names})
        self.tell()
