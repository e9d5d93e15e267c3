"""Open microphones and loudspeakers by their names in the configuration."""

from pathlib import Path
from typing import Final

from waifu_satellite.clock import Clock

from .base import AudioError, AudioIn, AudioOut
from .channels import MONO, Channels
from .file_out import FileSpeaker, NullSpeaker
from .paced import PacedMicrophone

BACK_ENDS: Final = "sounddevice[:DEVICE], alsa[:DEVICE], pulse[:DEVICE], file:PATH.wav or null"


def open_microphone(name: str, clock: Clock, channels: Channels = MONO) -> AudioIn:
    """Return the microphone that a configuration names."""
    kind, _, rest = name.partition(":")
    match kind:
        case "file" | "null":
            return PacedMicrophone(clock)
        case "sounddevice":
            # Each back end needs a library or a program that others can do without.
            from .portaudio import PortAudioMicrophone  # noqa: PLC0415 - see above

            return PortAudioMicrophone(rest or None, clock, channels)
        case "alsa" | "pulse":
            from .process import ProcessMicrophone  # noqa: PLC0415 - see above

            return ProcessMicrophone(kind, rest or None, clock, channels)
    raise AudioError(f"There is no microphone {name}; choose {BACK_ENDS}")


def open_speaker(name: str, clock: Clock, rate_hz: int) -> AudioOut:
    """Return the loudspeaker that a configuration names."""
    kind, _, rest = name.partition(":")
    match kind:
        case "file" if rest:
            return FileSpeaker(Path(rest), clock, rate_hz)
        case "null":
            return NullSpeaker(clock, rate_hz)
        case "sounddevice":
            from .portaudio import PortAudioSpeaker  # noqa: PLC0415 - see above

            return PortAudioSpeaker(rest or None, clock, rate_hz)
        case "alsa" | "pulse":
            from .process import ProcessSpeaker  # noqa: PLC0415 - see above

            return ProcessSpeaker(kind, rest or None, clock, rate_hz)
    raise AudioError(f"There is no loudspeaker {name}; choose {BACK_ENDS}")
