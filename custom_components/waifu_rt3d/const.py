"""Names shared by the parts of the integration."""

import logging
from typing import Final

from homeassistant.const import MAJOR_VERSION, MINOR_VERSION, __version__

OLDEST_HOME_ASSISTANT: Final = (2026, 10)

# Checked where everything else begins: what an older release would say is a riddle.
if (MAJOR_VERSION, MINOR_VERSION) < OLDEST_HOME_ASSISTANT:
    raise ImportError(
        "waifu-rt3d needs Home Assistant {}.{} or newer; this is {}".format(
            *OLDEST_HOME_ASSISTANT, __version__
        )
    )

DOMAIN: Final = "waifu_rt3d"
LOGGER: Final = logging.getLogger(__package__)
VERSION: Final = "0.1.0"

CONF_AREA: Final = "area"
CONF_KIND: Final = "kind"
CONF_PAIRING_KEY: Final = "pairing_key"
CONF_ORDER: Final = "order"
CONF_AVATAR: Final = "avatar"
CONF_AVATAR_COLOURS: Final = "avatar_colours"
CONF_AVATARS_BY_ALL: Final = "avatars_by_everybody"
CONF_PERSON: Final = "person"
CONF_CHILDREN: Final = "children"
CONF_LOREBOOKS: Final = "lorebooks"
CONF_NOTICES: Final = "notices"
CONF_QUIET_FROM: Final = "quiet_from"
CONF_QUIET_UNTIL: Final = "quiet_until"
CONF_WATCHED: Final = "watched"
CONF_SLEEP_AFTER_MIN: Final = "sleep_after_min"
CONF_MODEL: Final = "model"
CONF_VOICE: Final = "voice"
CONF_EARS: Final = "ears"
CONF_PIPELINE: Final = "pipeline"
CONF_SPEAK_MODEL: Final = "speak_model"
CONF_LISTEN_MODEL: Final = "listen_model"
CONF_LANGUAGES: Final = "languages"
CONF_CHARACTER: Final = "character"
CONF_FALLBACK: Final = "fallback"
CONF_ROOMS: Final = "rooms"
CONF_HOUSE_TOOLS: Final = "llm_hass_api"
CONF_UNTRUSTED: Final = "untrusted"
CONF_SERVER_KIND: Final = "kind"
CONF_CONTEXT_TOKENS: Final = "context_tokens"
CONF_EMBEDDING_MODEL: Final = "embedding_model"
CONF_TOOLS: Final = "tools"
CONF_PROVIDER: Final = "provider"
CONF_MEASURED: Final = "measured"

KIND_COMPANION: Final = "companion"
KIND_SPEECH: Final = "speech"
KIND_SPEECH_API: Final = "speech_api"
KIND_SATELLITE: Final = "satellite"

SUBENTRY_CHARACTER: Final = "character"
SUBENTRY_PROVIDER: Final = "provider"

DEFAULT_ORDER: Final = 1
DEFAULT_SPEECH_PORT: Final = 10720
DEFAULT_SATELLITE_PORT: Final = 10700

LARGEST_INTEGER: Final = 2**53 - 1
"""The largest that every reader of JSON keeps exactly; the database takes no more than 64 bits."""

LONGEST_QUERY: Final = 500
"""Characters of what is looked for."""

URL_BASE: Final = "/waifu_rt3d"
MANUFACTURER: Final = "waifu-rt3d"
DOCUMENTS: Final = "https://github.com/WestonGFX/waifu-rt3d/blob/main/docs"
