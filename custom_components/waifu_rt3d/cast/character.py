"""A character as the house knows it: the options of its subentry and the entities made from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
import re

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.llm import LLM_API_ASSIST

from ..characters.cast import DEFAULT_PERSON, person_with_avatar, sheet_of
from ..const import (
    CONF_AVATAR,
    CONF_AVATAR_COLOURS,
    CONF_EARS,
    CONF_FALLBACK,
    CONF_HOUSE_TOOLS,
    CONF_LOREBOOKS,
    CONF_MODEL,
    CONF_PERSON,
    CONF_PIPELINE,
    CONF_UNTRUSTED,
    CONF_VOICE,
    DOMAIN,
)

DEFAULT_CHARACTER_ID = "default"
DEFAULT_AVATAR = "companion"
OWN_AVATARS: Mapping[str, str] = {"companion": "Mira", "steward": "Rowan", "spirit": "Ember"}
"""The figures that come with us, by their files' names."""
COLOUR_GROUPS = ("hair", "eyes", "skin", "outfit", "accent")
"""What can be coloured anew on our figures."""

LONGEST_NAME = 60
# Controls of the text's direction would turn the rest of a line around.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def plain_name(*candidates: str) -> str:
    """Return the first name of which something is to be seen: on one line, of 60 letters at most."""
    names = (" ".join(_UNSEEN.sub(" ", name).split()) for name in candidates)
    return next((name[:LONGEST_NAME].strip() for name in names if name), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Character:
    """Who answers: references and options only; body and prompt are in the library."""

    id: str
    """Stable id, also the subentry's unique id."""
    subentry_id: str
    name: str
    person: str = DEFAULT_PERSON
    """Who is played: a person that is written here, or a card by its id in the library."""
    lorebooks: tuple[str, ...] = ()
    """Lorebooks that were given to it, by their ids."""
    avatar: str
    """One of `OWN_AVATARS`, or the id of a user's file."""
    avatar_colours: Mapping[str, str] = field(default_factory=dict)
    """Other colours (`#rrggbb`) of `COLOUR_GROUPS`."""
    model: str
    """Who thinks for this character: a conversation agent, or a provider by its subentry's id."""
    fallback: str | None = None
    """The provider that answers when the first one does not."""
    house_tools: tuple[str, ...] = (LLM_API_ASSIST,)
    """The tools of the house that its own model may use."""
    untrusted: bool = False
    """It was imported, and no admin has vouched for its text."""
    voice: str | None
    """A `tts` entity, or nothing for the best local one."""
    ears: str | None
    """An `stt` entity, or nothing for the best local one."""
    pipeline: str | None

    @classmethod
    def from_subentry(cls, subentry: ConfigSubentry) -> Character:
        """Read a character from its subentry."""
        data = subentry.data
        untrusted = bool(data.get(CONF_UNTRUSTED, False))
        person = data.get(CONF_PERSON) or person_with_avatar(data.get(CONF_AVATAR))
        return cls(
            id=subentry.unique_id or subentry.subentry_id,
            subentry_id=subentry.subentry_id,
            name=subentry.title,
            person=person,
            lorebooks=tuple(data.get(CONF_LOREBOOKS, ())),
            avatar=data.get(CONF_AVATAR) or sheet_of(person).avatar,
            avatar_colours=dict(data.get(CONF_AVATAR_COLOURS, {})),
            model=data.get(CONF_MODEL, "conversation.home_assistant"),
            fallback=data.get(CONF_FALLBACK),
            house_tools=tuple(data.get(CONF_HOUSE_TOOLS, () if untrusted else (LLM_API_ASSIST,))),
            untrusted=untrusted,
            voice=data.get(CONF_VOICE),
            ears=data.get(CONF_EARS),
            pipeline=data.get(CONF_PIPELINE),
        )

    @callback
    def entity_id(self, hass: HomeAssistant, platform: Platform) -> str | None:
        """Return the id of this character's entity on a platform."""
        return er.async_get(hass).async_get_entity_id(platform, DOMAIN, self.unique_id(platform))

    def unique_id(self, platform: Platform) -> str:
        """Return the unique id of this character's entity on a platform."""
        return f"{self.id}-{platform.value}"
