"""The satellite: a room's microphone and loudspeaker for Home Assistant's Assist."""

from typing import Final

VERSION: Final = "0.1.0"
