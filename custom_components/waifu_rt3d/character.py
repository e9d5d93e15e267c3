"""A character as the house knows it: the options of its subentry and the entities made from them."""

from dataclasses import dataclass

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.llm import LLM_API_ASSIST

from .const import (
    CONF_AVATAR,
    CONF_EARS,
    CONF_FALLBACK,
    CONF_HOUSE_TOOLS,
    CONF_MODEL,
    CONF_PIPELINE,
    CONF_VOICE,
    DOMAIN,
    URL_BASE,
)

DEFAULT_CHARACTER_ID = "default"
DEFAULT_CHARACTER_NAME = "Mira"
DEFAULT_AVATAR = "companion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Character:
    """Who answers: references and options only; body and prompt are in the library."""

    id: str
    """Stable id, also the subentry's unique id."""
    subentry_id: str
    name: str
    avatar: str
    model: str
    """Who thinks for this character: a conversation agent, or a provider by its subentry's id."""
    fallback: str | None = None
    """The provider that answers when the first one does not."""
    house_tools: tuple[str, ...] = (LLM_API_ASSIST,)
    """The tools of the house that its own model may use."""
    voice: str | None
    """A `tts` entity, or nothing for the best local one."""
    ears: str | None
    """An `stt` entity, or nothing for the best local one."""
    pipeline: str | None

    @classmethod
    def from_subentry(cls, subentry: ConfigSubentry) -> Character:
        """Read a character from its subentry."""
        data = subentry.data
        return cls(
            id=subentry.unique_id or subentry.subentry_id,
            subentry_id=subentry.subentry_id,
            name=subentry.title,
            avatar=data.get(CONF_AVATAR, DEFAULT_AVATAR),
            model=data.get(CONF_MODEL, "conversation.home_assistant"),
            fallback=data.get(CONF_FALLBACK),
            house_tools=tuple(data.get(CONF_HOUSE_TOOLS, (LLM_API_ASSIST,))),
            voice=data.get(CONF_VOICE),
            ears=data.get(CONF_EARS),
            pipeline=data.get(CONF_PIPELINE),
        )

    @property
    def avatar_url(self) -> str:
        """Return where the card loads the avatar from."""
        return f"{URL_BASE}/avatars/{self.avatar}.vrm"

    @callback
    def entity_id(self, hass: HomeAssistant, platform: Platform) -> str | None:
        """Return the id of this character's entity on a platform."""
        return er.async_get(hass).async_get_entity_id(platform, DOMAIN, self.unique_id(platform))

    def unique_id(self, platform: Platform) -> str:
        """Return the unique id of this character's entity on a platform."""
        return f"{self.id}-{platform.value}"
