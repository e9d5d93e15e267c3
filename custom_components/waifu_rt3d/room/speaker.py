"""Who speaks in a room: for manners, never for rights."""

from collections.abc import Mapping
from dataclasses import replace
import re

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from ..turns.turn import HOUSEHOLD_PERSON, Person, Turn

CONF_PERSON = "person"
HOUSEHOLD = "household"
ASK = "ask"

_NAMED = re.compile(r"^\s*\[([^\[\]]{1,40})\]\s*(?=\S)")


def split_speaker(text: str) -> tuple[str | None, str]:
    """Return the name that a speaker-recognising STT puts before the text, and the text alone.

    `[Anna] turn on the light` → `Anna`, `turn on the light`.
    """
    match = _NAMED.match(text)
    if match is None or not any(letter.isalpha() for letter in match[1]):
        return None, text
    return match[1].strip(), text[match.end() :]


def call_by_name(turn: Turn, name: str) -> None:
    """Let the character call somebody by name; whose turn it is, and so its rights, stay."""
    person = turn.start.person
    if person.user_id is None:
        turn.start = replace(turn.start, person=replace(person, name=name))


async def async_person_of_room(hass: HomeAssistant, options: Mapping[str, object]) -> Person:
    """Return to whom a satellite belongs: a user, or the household; a user who is gone is nobody."""
    chosen = options.get(CONF_PERSON, HOUSEHOLD)
    if not isinstance(chosen, str) or chosen in {HOUSEHOLD, ASK}:
        return HOUSEHOLD_PERSON
    user = await hass.auth.async_get_user(chosen)
    if user is None or not user.is_active:
        return HOUSEHOLD_PERSON
    return Person(user_id=user.id, name=user.name)


def asks_who(hass: HomeAssistant, satellite_id: str | None) -> bool:
    """Return whether a satellite wants to be told who speaks."""
    known = er.async_get(hass).async_get(satellite_id) if satellite_id else None
    entry_id = known.config_entry_id if known is not None else None
    entry = hass.config_entries.async_get_entry(entry_id) if entry_id else None
    return entry is not None and entry.options.get(CONF_PERSON) == ASK
