"""Make the room's music soft or pause it while somebody talks, and put it back as it was."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from homeassistant.components.media_player import (
    ATTR_MEDIA_VOLUME_LEVEL,
    DOMAIN as MEDIA_PLAYER,
    MediaPlayerState,
)
from homeassistant.const import (
    ATTR_ENTITY_ID,
    SERVICE_MEDIA_PAUSE,
    SERVICE_MEDIA_PLAY,
    SERVICE_VOLUME_SET,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceNotFound

from ..const import LOGGER

CONF_MEDIA_PLAYERS = "media_players"
CONF_MEDIA_ACTION = "media_action"

TALKING = frozenset(
    {"wake_pending", "listening", "thinking", "speaking", "follow_up", "announcing", "ringing"}
)
DUCKED = 0.25
"""The share of its volume that is left: 12 dB less."""
SAME_VOLUME = 0.02


class Action(StrEnum):
    """What is done with the music."""

    NOTHING = "nothing"
    DUCK = "duck"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Changed:
    """A player that was changed: how it was, and how we left it."""

    paused: bool
    volume: float | None = None
    ducked: float | None = None


class RoomMedia:
    """The media players of a room that its owner chose."""

    def __init__(self, hass: HomeAssistant, options: Mapping[str, object]) -> None:
        """Take the owner's choice from the entry's options."""
        self._hass = hass
        players = options.get(CONF_MEDIA_PLAYERS, [])
        self._players = [str(player) for player in players] if isinstance(players, list) else []
        self._action = Action(str(options.get(CONF_MEDIA_ACTION, Action.DUCK)))
        self._changed: dict[str, _Changed] = {}

    @property
    def changed(self) -> bool:
        """Return whether a player is not as it was."""
        return bool(self._changed)

    async def async_follow(self, state: str) -> None:
        """Be quiet while the satellite talks or listens, and put all back when it rests."""
        if self._action is Action.NOTHING:
            return
        if state in TALKING:
            for player in self._players:
                if player not in self._changed:
                    await self._quieten(player)
        else:
            await self.async_restore()

    async def async_restore(self) -> None:
        """Put every player back, unless somebody has changed it meanwhile."""
        while self._changed:
            player, before = self._changed.popitem()
            await self._put_back(player, before)

    async def _quieten(self, player: str) -> None:
        """Duck or pause one player that plays."""
        state = self._hass.states.get(player)
        if state is None or state.state != MediaPlayerState.PLAYING:
            return
        volume = state.attributes.get(ATTR_MEDIA_VOLUME_LEVEL)
        if self._action is Action.DUCK and isinstance(volume, int | float):
            ducked = round(volume * DUCKED, 3)
            self._changed[player] = _Changed(paused=False, volume=volume, ducked=ducked)
            await self._call(SERVICE_VOLUME_SET, player, {ATTR_MEDIA_VOLUME_LEVEL: ducked})
        else:
            # A player that can't be made softer is better paused than talked over.
            self._changed[player] = _Changed(paused=True)
            await self._call(SERVICE_MEDIA_PAUSE, player, {})

    async def _put_back(self, player: str, before: _Changed) -> None:
        """Put one player back."""
        state = self._hass.states.get(player)
        if state is None:
            return
        if before.paused:
            if state.state == MediaPlayerState.PAUSED:
                await self._call(SERVICE_MEDIA_PLAY, player, {})
            return
        volume = state.attributes.get(ATTR_MEDIA_VOLUME_LEVEL)
        ours = isinstance(volume, int | float) and abs(volume - (before.ducked or 0)) < SAME_VOLUME
        if ours:
            await self._call(SERVICE_VOLUME_SET, player, {ATTR_MEDIA_VOLUME_LEVEL: before.volume})

    async def _call(self, service: str, player: str, data: dict[str, object]) -> None:
        """Call an action of a player; one that fails must not disturb the talk."""
        try:
            await self._hass.services.async_call(
                MEDIA_PLAYER, service, {ATTR_ENTITY_ID: player, **data}, blocking=True
            )
        except (HomeAssistantError, ServiceNotFound) as err:
            LOGGER.warning("%s can't be changed while somebody talks: %s", player, err)
