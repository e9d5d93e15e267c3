"""Names shared by the parts of the integration."""

import logging
from typing import Final

DOMAIN: Final = "waifu_rt3d"
LOGGER: Final = logging.getLogger(__package__)
VERSION: Final = "0.1.0"

CONF_KIND: Final = "kind"
CONF_PAIRING_KEY: Final = "pairing_key"
CONF_SERVER_ID: Final = "server_id"
CONF_AVATAR: Final = "avatar"
CONF_MODEL: Final = "model"
CONF_VOICE: Final = "voice"
CONF_EARS: Final = "ears"
CONF_PIPELINE: Final = "pipeline"
CONF_CHARACTER: Final = "character"

KIND_COMPANION: Final = "companion"
KIND_SPEECH: Final = "speech"
KIND_SATELLITE: Final = "satellite"

SUBENTRY_CHARACTER: Final = "character"

DEFAULT_SPEECH_PORT: Final = 10720
DEFAULT_SATELLITE_PORT: Final = 10700

URL_BASE: Final = "/waifu_rt3d"
MANUFACTURER: Final = "waifu-rt3d"
