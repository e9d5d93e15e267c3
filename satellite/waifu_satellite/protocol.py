"""The events that the satellite sends (Wyoming satellite protocol and contracts §4)."""

from collections.abc import Iterable
from typing import Final

from wyoming.event import Event

from . import VERSION
from .format import MIC_RATE_HZ, SAMPLE_BYTES
from .player import Stopped
from .sound import Place
from .wake.catalogue import Known

HOME: Final = "https://github.com/WestonGFX/waifu-rt3d"

type JsonObject = dict[str, object]


def user_event(name: str, data: JsonObject) -> Event:
    """Return an event of our own, which other Wyoming clients ignore."""
    return Event(type="user-event", data={"name": name, "data": data})


def clock_reply(t0: object, satellite_ms: float) -> Event:
    """Answer a `clock-probe`."""
    return user_event("clock-reply", {"t0": t0, "satellite_ms": round(satellite_ms, 3)})


def playback_started(turn_id: str | None, place: Place) -> Event:
    """Report a sound's first sample at the loudspeaker."""
    return user_event("playback-started", {"turn_id": turn_id, "at_ms": round(place.at_ms, 3)})


def playback_position(turn_id: str | None, place: Place) -> Event:
    """Report which sample is at the loudspeaker."""
    return user_event("playback-position", {"turn_id": turn_id, **_place(place)})


def playback_stopped(turn_id: str | None, place: Place, reason: Stopped) -> Event:
    """Report a sound's end, and how much of it was heard."""
    data: JsonObject = {"turn_id": turn_id, **_place(place), "reason": reason.value}
    return user_event("playback-stopped", data)


def wake(
    *, origin: str, name: str | None, score: float | None, snr_db: float | None, at_ms: float
) -> Event:
    """Say why a run is asked for: `wake_word`, `button` or `follow_up`."""
    return user_event(
        "wake",
        {
            "origin": origin,
            "name": name,
            "score": None if score is None else round(score, 3),
            "snr_db": None if snr_db is None else round(snr_db, 1),
            "at_ms": round(at_ms, 3),
        },
    )


def timers(living: list[dict[str, object]]) -> Event:
    """Tell a Home Assistant that may have forgotten them which timers run."""
    return user_event("timers", {"timers": living})


def state(name: str) -> Event:
    """Report the satellite's state."""
    return user_event("state", {"state": name})


def settings(data: JsonObject) -> Event:
    """Tell what was chosen, so that Home Assistant can show and change it."""
    return user_event("settings", data)


def scores(best: dict[str, float], level_db: float | None) -> Event:
    """Show how sure the engines are of each word just now (wake tester)."""
    level = None if level_db is None else round(level_db, 1)
    return user_event("scores", {"scores": best, "level_db": level})


def sound_test(data: JsonObject) -> Event:
    """Tell whether the microphone heard the loudspeaker."""
    return user_event("sound-test", data)


def recording(left_s: float, error: str | None) -> Event:
    """Tell for how long the microphone is recorded to a file from now on; 0 for not."""
    return user_event("recording", {"seconds_left": round(left_s, 1), "error": error})


def wake_model(name: str, error: str | None) -> Event:
    """Tell what became of a wake word model that was brought."""
    return user_event("wake-model", {"name": name, "error": error})


def stats(data: JsonObject) -> Event:
    """Tell how the satellite does."""
    return user_event("stats", data)


def not_heard() -> Event:
    """Say that nobody answered within the follow-up window."""
    return user_event("not-heard", {})


def detection(name: str, timestamp_ms: int) -> Event:
    """Report a wake word (`detection`)."""
    return Event(type="detection", data={"name": name, "timestamp": timestamp_ms})


def run_pipeline(wake_word_name: str | None) -> Event:
    """Ask for a run from speech to speech; only these two stages are safe with core."""
    data: JsonObject = {"start_stage": "asr", "end_stage": "tts", "restart_on_end": False}
    if wake_word_name is not None:
        data["wake_word_name"] = wake_word_name
    return Event(type="run-pipeline", data=data)


def audio_chunk(pcm: bytes, timestamp_ms: int) -> Event:
    """Carry microphone audio."""
    data: JsonObject = {
        "rate": MIC_RATE_HZ,
        "width": SAMPLE_BYTES,
        "channels": 1,
        "timestamp": timestamp_ms,
    }
    return Event(type="audio-chunk", data=data, payload=pcm)


def audio_stop(timestamp_ms: int) -> Event:
    """End the microphone's stream: the satellite heard the end of speech."""
    return Event(type="audio-stop", data={"timestamp": timestamp_ms})


def played() -> Event:
    """Say that a stream has been played, or will not be."""
    return Event(type="played", data={})


def info(
    *, satellite_id: str, name: str, area: str | None, known: Iterable[Known], active: list[str]
) -> Event:
    """Describe the satellite and the wake words that it knows."""
    attribution = {"name": "waifu-rt3d", "url": HOME}
    part = {"attribution": attribution, "installed": True, "version": VERSION}
    models = [
        {
            **part,
            "name": word.name,
            "description": f"{word.phrase} ({word.engine}, {word.licence})",
            "phrase": word.phrase,
            "languages": ["en"],
            "attribution": {"name": word.engine, "url": ""},
        }
        for word in known
    ]
    satellite = {
        **part,
        "name": name,
        "description": "waifu-rt3d satellite",
        "area": area,
        "has_vad": True,
        "active_wake_words": active,
        "max_active_wake_words": max(1, len(models)),
        "supports_trigger": False,
    }
    wake_program = {**part, "name": "waifu-satellite", "description": "wake word", "models": models}
    return Event(
        type="info",
        data={
            "satellite": satellite,
            "wake": [wake_program] if models else [],
            "waifu_rt3d": {"version": VERSION, "id": satellite_id, "role": "satellite"},
        },
    )


def _place(place: Place) -> JsonObject:
    """Return a place as it is written down: whole ms of audio, finer ms of time."""
    return {"audio_ms": round(place.audio_ms), "at_ms": round(place.at_ms, 3)}
