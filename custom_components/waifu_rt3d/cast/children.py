"""Who is a child in this house, and how long it has been talking (docs/safety.md)."""

from dataclasses import dataclass, field

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..characters.cast import CAST
from ..const import CONF_CHILDREN, CONF_KIND, DOMAIN, KIND_COMPANION
from ..turns.turn import Turn
from .character import Character

CHILDREN: HassKey[Children] = HassKey(f"{DOMAIN}_children")
BREAK_AFTER_S = 30 * 60.0
"""After so long a talk a break is suggested, and again after as long."""
SAME_TALK_S = 10 * 60.0
"""A longer silence than this was a break."""


@dataclass(slots=True)
class _Talk:
    """When a talk began, or its last break was suggested, and when it went on last (s)."""

    since_s: float
    last_s: float


@dataclass(slots=True)
class Children:
    """The people who are children, by the companion's options."""

    hass: HomeAssistant
    _talks: dict[str, _Talk] = field(default_factory=dict)

    @callback
    def has(self, user_id: str | None) -> bool:
        """Return whether a user is a child."""
        entries = self.hass.config_entries.async_entries(DOMAIN)
        return user_id is not None and any(
            user_id in entry.options.get(CONF_CHILDREN, ())
            for entry in entries
            if entry.data.get(CONF_KIND) == KIND_COMPANION
        )

    @callback
    def must_not_meet(self, turn: Turn, character: Character) -> bool:
        """Return whether a character that was imported speaks with a child, also a vouched one."""
        return character.person not in CAST and self.has(turn.start.person.user_id)

    @callback
    def wants_break(self, turn: Turn, now_s: float) -> bool:
        """Note that somebody speaks; return whether a child has been talking for long enough."""
        user_id = turn.start.person.user_id
        if user_id is None or not self.has(user_id):
            return False
        talk = self._talks.setdefault(user_id, _Talk(now_s, now_s))
        if now_s - talk.last_s > SAME_TALK_S:
            talk.since_s = now_s
        talk.last_s = now_s
        if now_s - talk.since_s < BREAK_AFTER_S:
            return False
        talk.since_s = now_s
        return True
