"""Speak a wake word into her speech, in a simulated room and in virtual time, as often as wanted."""

import asyncio
from collections.abc import AsyncIterator
import contextlib
from dataclasses import dataclass
from typing import Any, Final

from echo_room import SPEAKER_RATE_HZ, EchoRoom, Floats, loudness
import numpy as np
from virtual_time import VirtualLoop
from wyoming.event import Event

from waifu_satellite.clock import LoopClock
from waifu_satellite.echo.canceller import Echo
from waifu_satellite.format import MIC_RATE_HZ, mic_samples
from waifu_satellite.hearing.endpoint import Endpointer
from waifu_satellite.hearing.vad import EnergyVad
from waifu_satellite.parts import Parts
from waifu_satellite.player import Ended
from waifu_satellite.satellite import Satellite
from waifu_satellite.timers import Timers
from waifu_satellite.wake.base import WakeEngine
from waifu_satellite.wake.catalogue import Known
from waifu_satellite.wake.words import Chosen, WakeWords
from waifu_satellite.watchdog import Watchdog

LEAD_S: Final = 8.0
"""She speaks so long before the first word is said into it: the filter learns the room."""
BEFORE_S: Final = 3.0
AFTER_S: Final = 3.0
DETECTED_S: Final = (-0.75, 1.5)
"""A wake word counts when it is heard so long after its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What became of one wake word that was spoken into her speech."""

    detected: bool
    silence_ms: float | None
    """From the detection to the last sample that sounded."""
    stale: bool
    """Something of the old reply sounded after that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """What she made of her own voice, with nobody else in the room."""

    wakes: int
    ducked_share: float
    """Of the time: so much she spoke softly for nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """All trials, and the wake words that nobody said."""

    trials: list[Trial]
    false_accepts: int


def play_trials(
    engine: WakeEngine, near: list[Floats], far: bytes, *, near_over_echo_db: float, echo: bool
) -> Outcome:
    """Speak every word of `near` into a speech of `far` (16 bit, 22 050 Hz)."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(_trials(engine, near, far, near_over_echo_db, cancels=echo))


def speak_alone(engine: WakeEngine, far: bytes, *, echo_rms: float, seconds: float) -> Alone:
    """Let her speak `far` over and over, as loud at the microphone as that, with nobody there."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(_alone(engine, far, echo_rms, seconds))


async def _alone(engine: WakeEngine, far: bytes, echo_rms: float, seconds: float) -> Alone:
    """Let her speak in an empty room."""
    clock = LoopClock()
    gain = echo_rms / _far_loudness(far)
    room, recorder = EchoRoom(clock, gain=gain, length_s=seconds + 5.0), _Recorder()
    parts = _parts(clock, room, recorder, engine, cancels=True)
    ducked = []
    async with _living(Satellite(parts)) as satellite:
        while room.now < mic_samples(seconds):
            if not satellite.player.playing:
                satellite.received(_user_event("cancel", turn_id=None))
                _speak(satellite, far)
            await asyncio.sleep(0.1)
            ducked.append(parts.echo.near_speech)
    share = sum(ducked) / len(ducked)
    return Alone(wakes=len(_wakes(recorder, room)), ducked_share=share)


def _far_loudness(far: bytes) -> float:
    """Return how loud her speech is."""
    return loudness(np.frombuffer(far, dtype="<i2").astype(np.float64))


@contextlib.asynccontextmanager
async def _living(satellite: Satellite) -> AsyncIterator[Satellite]:
    """Let a satellite live while the context is open."""
    running = asyncio.create_task(satellite.run())
    await asyncio.sleep(0.1)
    satellite.connected()
    try:
        yield satellite
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


class _Recorder:
    """Keeps what is sent, with its time."""

    def __init__(self) -> None:
        self.sent: list[tuple[float, Event]] = []

    def send(self, event: Event) -> None:
        """Keep an event."""
        self.sent.append((asyncio.get_running_loop().time() * 1000, event))


async def _trials(
    engine: WakeEngine, near: list[Floats], far: bytes, near_over_echo_db: float, *, cancels: bool
) -> Outcome:
    """Play all trials in one room."""
    clock = LoopClock()
    voice = loudness(np.concatenate(near))
    gain = voice / _far_loudness(far) / 10 ** (near_over_echo_db / 20)
    length_s = LEAD_S + len(near) * (BEFORE_S + AFTER_S + 3.0) + 5.0
    room = EchoRoom(clock, gain=gain, length_s=length_s)
    recorder = _Recorder()
    satellite = Satellite(_parts(clock, room, recorder, engine, cancels=cancels))
    ended: list[tuple[float, Ended]] = []
    satellite.on_ended = lambda end: ended.append((clock.now_ms(), end))
    trials, expected = [], []
    async with _living(satellite):
        _speak(satellite, far)
        await asyncio.sleep(LEAD_S)
        for word in near:
            if not satellite.player.playing:
                _speak(satellite, far)
            await asyncio.sleep(BEFORE_S)
            end = room.say(word, room.now)
            expected.append(end)
            await asyncio.sleep(len(word) / MIC_RATE_HZ + AFTER_S)
            trials.append(_judge(room, recorder, end))
            satellite.received(_user_event("cancel", turn_id=None))
            await asyncio.sleep(0.2)
    return Outcome(trials=trials, false_accepts=_false_accepts(recorder, room, expected))


def _parts(
    clock: LoopClock, room: EchoRoom, recorder: _Recorder, engine: WakeEngine, *, cancels: bool
) -> Parts:
    """Return the parts of a satellite in the room."""
    from waifu_satellite.echo.speex import SpeexCanceller

    return Parts(
        clock=clock,
        audio_in=room,
        audio_out=room,
        endpointer=Endpointer(EnergyVad()),
        transport=recorder,
        timers=Timers(None, asyncio.get_running_loop().time),
        watchdog=Watchdog({}),
        echo=Echo(SpeexCanceller() if cancels else None),
        wake=_words(engine),
    )


def _words(engine: WakeEngine) -> WakeWords:
    """Return the words of an engine, listening."""
    known = {
        word.name: Known(
            name=word.name,
            spec=f"{word.engine}:{word.name}",
            phrase=word.phrase,
            engine=word.engine,
            licence=word.licence,
        )
        for word in engine.words
    }
    words = WakeWords(known, Chosen(names=tuple(known)))
    words.start([engine])
    return words


def _speak(satellite: Satellite, far: bytes) -> None:
    """Let Home Assistant send the whole speech."""
    satellite.received(_user_event("reply-audio", turn_id="T"))
    start = {"rate": SPEAKER_RATE_HZ, "width": 2, "channels": 1}
    satellite.received(Event(type="audio-start", data=start))
    for at in range(0, len(far), 4096):
        satellite.received(Event(type="audio-chunk", data=start, payload=far[at : at + 4096]))
    satellite.received(Event(type="audio-stop"))


def _judge(room: EchoRoom, recorder: _Recorder, end: int) -> Trial:
    """Look what happened around the end of a word."""
    woken = [at for at in _wakes(recorder, room) if _belongs(at, end)]
    if not woken:
        return Trial(detected=False, silence_ms=None, stale=False)
    loud = np.nonzero(room.played[: room.now])[0]
    behind = loud[loud > woken[0]]
    last = int(behind[-1]) if len(behind) else woken[0]
    silence_ms = (last - woken[0]) * 1000 / MIC_RATE_HZ
    return Trial(detected=True, silence_ms=silence_ms, stale=silence_ms > 500)


def _wakes(recorder: _Recorder, room: EchoRoom) -> list[int]:
    """Return the samples at which the word was heard."""
    return [
        room.sample(at_ms)
        for at_ms, event in recorder.sent
        if event.type == "user-event" and event.data["name"] == "wake"
    ]


def _belongs(at: int, end: int) -> bool:
    """Return whether a detection belongs to a word."""
    return DETECTED_S[0] < (at - end) / MIC_RATE_HZ < DETECTED_S[1]


def _false_accepts(recorder: _Recorder, room: EchoRoom, expected: list[int]) -> int:
    """Return how many detections belong to no word."""
    return sum(not any(_belongs(at, end) for end in expected) for at in _wakes(recorder, room))


def _user_event(name: str, **data: Any) -> Event:
    """Return one of our own events."""
    return Event(type="user-event", data={"name": name, "data": data})
