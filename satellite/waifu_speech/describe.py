"""Tell honestly what this server can do (Wyoming `info`, contracts §1)."""

from collections.abc import Sequence
from pathlib import Path
import platform
from typing import Any
import uuid

from wyoming.event import Event
from wyoming.info import (
    AsrModel,
    AsrProgram,
    Attribution,
    Info,
    TtsProgram,
    TtsVoice,
    TtsVoiceSpeaker,
    WakeModel,
    WakeProgram,
)

from . import VERSION
from .models import PIPER, WHISPER
from .recognisers import POCKETSPHINX, Recogniser
from .voices import ESPEAK, FLITE, Voice
from .wake_words import MICRO, OPEN, WakeWord

_ATTRIBUTIONS = {
    ESPEAK: Attribution(name="espeak-ng", url="https://github.com/espeak-ng/espeak-ng"),
    FLITE: Attribution(name="Flite", url="http://cmuflite.org"),
    PIPER: Attribution(name="Piper", url="https://github.com/OHF-Voice/piper1-gpl"),
    WHISPER: Attribution(name="faster-whisper", url="https://github.com/SYSTRAN/faster-whisper"),
    OPEN: Attribution(name="openWakeWord", url="https://github.com/dscripka/openWakeWord"),
    MICRO: Attribution(name="microWakeWord", url="https://github.com/kahrendt/microWakeWord"),
    POCKETSPHINX: Attribution(name="CMU Sphinx", url="https://github.com/cmusphinx/pocketsphinx"),
}
_OURS = Attribution(name="waifu-rt3d", url="https://github.com/WestonGFX/waifu-rt3d")


def info_event(
    voices: list[Voice],
    recognisers: list[Recogniser],
    wake_words: Sequence[WakeWord],
    *,
    server_id: str,
    aligns: bool,
    downloads: Sequence[str] = (),
) -> Event:
    """Return `info` with our own object beside the standard ones."""
    engines = sorted({voice.engine for voice in voices})
    info = Info(
        tts=[
            TtsProgram(
                # One program: Home Assistant's own integration looks only at the first.
                name="waifu-speech",
                attribution=_OURS,
                installed=True,
                description=f"{', '.join(engines)}, with the times of their sounds",
                version=VERSION,
                voices=[_voice(voice) for voice in voices],
                supports_synthesize_streaming=True,
            )
        ],
        asr=_programs(recognisers),
        wake=_wake_programs(wake_words),
    )
    event = info.event()
    event.data["waifu_rt3d"] = {
        "version": VERSION,
        "id": server_id,
        "role": "speech",
        "speech_marks": True,
        "grammar": any(one.commands_only for one in recognisers),
        "endpoint": any(not one.commands_only for one in recognisers),
        "feelings": True,
        "align": ["en"] if aligns else [],
        "download": list(downloads),
    }
    return event


def with_refused(info: Event, refused: dict[str, object]) -> Event:
    """Return `info` with how many were refused of late, for the owner to learn of it."""
    own = {**info.data["waifu_rt3d"], "refused": refused}
    return Event(type=info.type, data={**info.data, "waifu_rt3d": own})


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
        speakers=[TtsVoiceSpeaker(name=name) for name in voice.speakers] or None,
    )


def _programs(recognisers: list[Recogniser]) -> list[AsrProgram]:
    """Return the recognisers by engine, the default's engine first."""
    programs: dict[str, AsrProgram] = {}
    for one in recognisers:
        if one.engine not in programs:
            programs[one.engine] = AsrProgram(
                name=one.engine,
                attribution=_ATTRIBUTIONS[one.engine],
                installed=True,
                description=one.description,
                version=None,
                models=[],
                supports_transcript_streaming=not one.commands_only,
            )
        programs[one.engine].models.append(
            AsrModel(
                name=one.name,
                attribution=_ATTRIBUTIONS[one.engine],
                installed=True,
                description=one.description,
                version=None,
                languages=list(one.languages),
            )
        )
    return list(programs.values())


def _wake_programs(words: Sequence[WakeWord]) -> list[WakeProgram]:
    """Return the wake words by engine; a licence that binds the owner is told with each."""
    programs: dict[str, WakeProgram] = {}
    for word in words:
        about: dict[str, Any] = {
            "attribution": _ATTRIBUTIONS[word.engine],
            "installed": True,
            "version": None,
        }
        if word.engine not in programs:
            programs[word.engine] = WakeProgram(
                name=word.engine, description=f"Wake words ({word.licence})", models=[], **about
            )
        programs[word.engine].models.append(
            WakeModel(
                name=word.name,
                description=f"{word.phrase} ({word.licence})",
                languages=["en"],
                phrase=word.phrase,
                **about,
            )
        )
    return list(programs.values())
