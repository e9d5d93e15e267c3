"""Tell honestly what this server can do (Wyoming `info`, contracts §1)."""

from pathlib import Path
import platform
import uuid

from wyoming.event import Event
from wyoming.info import AsrModel, AsrProgram, Attribution, Info, TtsProgram, TtsVoice

from . import VERSION
from .voices import ESPEAK, FLITE, Voice

_ATTRIBUTIONS = {
    ESPEAK: Attribution(name="espeak-ng", url="https://github.com/espeak-ng/espeak-ng"),
    FLITE: Attribution(name="Flite", url="http://cmuflite.org"),
}
_POCKETSPHINX = Attribution(name="CMU Sphinx", url="https://github.com/cmusphinx/pocketsphinx")
_OURS = Attribution(name="waifu-rt3d", url="https://github.com/WestonGFX/waifu-rt3d")


def info_event(voices: list[Voice], *, stt: str | None, server_id: str) -> Event:
    """Return `info` with our own object beside the standard ones."""
    info = Info(
        tts=[
            TtsProgram(
                # One program: Home Assistant's own integration looks only at the first.
                name="waifu-speech",
                attribution=_OURS,
                installed=True,
                description="espeak-ng and flite, with the times of their sounds",
                version=VERSION,
                voices=[_voice(voice) for voice in voices],
                supports_synthesize_streaming=True,
            )
        ],
        asr=[_commands(stt)] if stt else [],
    )
    event = info.event()
    event.data["waifu_rt3d"] = {
        "version": VERSION,
        "id": server_id,
        "role": "speech",
        "speech_marks": True,
        "grammar": stt is not None,
    }
    return event


def stable_id(role: str, port: int) -> str:
    """Return a UUID that this part of this machine keeps."""
    try:
        machine = Path("/etc/machine-id").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        machine = f"{platform.node()} {uuid.getnode()}"
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{machine} {role} {port} waifu-rt3d"))


def _voice(voice: Voice) -> TtsVoice:
    """Return a voice as Wyoming describes it."""
    return TtsVoice(
        name=voice.name,
        attribution=_ATTRIBUTIONS[voice.engine],
        installed=True,
        description=voice.description,
        version=None,
        languages=[voice.language],
    )


def _commands(model: str) -> AsrProgram:
    """Return the recogniser, which says itself that it is not for free speech."""
    return AsrProgram(
        name="pocketsphinx",
        attribution=_POCKETSPHINX,
        installed=True,
        description="Commands only: it understands the house's own commands, not free speech",
        version=None,
        models=[
            AsrModel(
                name=model,
                attribution=_POCKETSPHINX,
                installed=True,
                description="Commands only, English",
                version=None,
                languages=["en"],
            )
        ],
        supports_transcript_streaming=False,
    )
