"""A satellite in virtual time, with the test at its other end."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast, override

import numpy as np
from wyoming.event import Event

from waifu_satellite.audio.base import AudioError, Deliver
from waifu_satellite.audio.file_out import FileSpeaker
from waifu_satellite.audio.paced import PacedMicrophone
from waifu_satellite.clock import LoopClock
from waifu_satellite.format import mic_samples
from waifu_satellite.hearing.endpoint import Endpointer
from waifu_satellite.parts import Parts
from waifu_satellite.preferences import Preferences, Settings
from waifu_satellite.satellite import Satellite
from waifu_satellite.timers import Timers
from waifu_satellite.wake.base import Score, WakeEngine, WakeWord
from waifu_satellite.wake.catalogue import Known
from waifu_satellite.wake.listener import WakeListener
from waifu_satellite.wake.words import Chosen, WakeWords
from waifu_satellite.watchdog import Watchdog

RATE_HZ = 22_050
WAKE_SAMPLE = 12_345
OTHER_SAMPLE = 12_346
STOP_SAMPLE = 12_347
UNASKED = {"state", "settings", "stats", "recording"}
"""What a satellite says of itself all the time."""
MARKERS = {"hey_jarvis": WAKE_SAMPLE, "alexa": OTHER_SAMPLE}
VOICE = 4_000


type Scene = Callable[["Room"], Awaitable[None]]


class MarkerEngine:
    """A wake engine that hears one sample value."""

    def __init__(self, name: str = "hey_jarvis", marker: int = WAKE_SAMPLE) -> None:
        self.marker = marker
        self.words = (
            WakeWord(
                name=name,
                phrase=name.replace("_", " "),
                engine="test",
                licence="none",
                threshold=0.5,
            ),
        )
        self.hop_samples = 1280
        self.resets = 0

    def accepted(self) -> None:
        """Go on."""

    def skip(self, _pcm: bytes) -> bool:
        """Hear everything."""
        return False

    def process(self, pcm: bytes) -> list[Score]:
        """Return certainty for a hop with the marker."""
        heard = bool((np.frombuffer(pcm, dtype="<i2") == self.marker).any())
        return [Score(word=self.words[0], value=float(heard))]

    def reset(self) -> None:
        """Count."""
        self.resets += 1


class LoudVad:
    """Speech is what is loud."""

    samples = mic_samples(0.03)

    def probability(self, pcm: bytes) -> float:
        """Return certainty."""
        return float(np.abs(np.frombuffer(pcm, dtype="<i2")).max(initial=0) >= VOICE - 1)

    def reset(self) -> None:
        """Nothing to forget."""


class FailingMicrophone(PacedMicrophone):
    """A microphone that can be unplugged."""

    def __init__(self, clock: LoopClock) -> None:
        super().__init__(clock)
        self.unplugged = asyncio.Event()
        self.hangs = False
        self.opened = 0

    @override
    async def run(self, deliver: Deliver) -> None:
        """Deliver until it is unplugged; an unplugged one can't be opened."""
        self.opened += 1
        if self.unplugged.is_set():
            raise AudioError("There is no such device")

        def unless_hanging(pcm: bytes, at_ms: float) -> None:
            if not self.hangs:
                deliver(pcm, at_ms)

        running = asyncio.ensure_future(super().run(unless_hanging))
        unplugged = asyncio.ensure_future(self.unplugged.wait())
        try:
            await asyncio.wait((running, unplugged), return_when=asyncio.FIRST_COMPLETED)
        finally:
            running.cancel()
            unplugged.cancel()
        raise AudioError("The device is gone")


@dataclass
class Room:
    """A satellite whose other end is the test."""

    satellite: Satellite
    microphone: FailingMicrophone
    speaker: FileSpeaker
    path: Path
    sent: list[tuple[float, Event]] = field(default_factory=list)
    background: list[asyncio.Future[Any]] = field(default_factory=list)

    @property
    def state(self) -> str:
        """Return the satellite's state."""
        return self.satellite.state.value

    @property
    def now_ms(self) -> float:
        """Return the virtual time."""
        return asyncio.get_running_loop().time() * 1000.0

    def names(self) -> list[str]:
        """Return what was sent without microphone audio, user-events by their own name."""
        events = [event for _, event in self.sent]
        return [
            str(e.data["name"]) if e.type == "user-event" else e.type
            for e in events
            if e.type != "audio-chunk" and e.data.get("name") not in UNASKED
        ]

    def last(self, name: str) -> tuple[float, dict[str, Any]]:
        """Return when an event was sent last, and its data."""
        for at_ms, event in reversed(self.sent):
            if event.type == name:
                return at_ms, event.data
            if event.type == "user-event" and event.data["name"] == name:
                return at_ms, cast("dict[str, Any]", event.data["data"])
        raise AssertionError(f"{name} was not sent")

    def microphone_audio(self) -> np.ndarray[Any, np.dtype[np.int16]]:
        """Return the samples that were sent since the last request."""
        starts = [i for i, (_, e) in enumerate(self.sent) if e.type == "run-pipeline"]
        chunks = [e.payload or b"" for _, e in self.sent[starts[-1] :] if e.type == "audio-chunk"]
        return np.frombuffer(b"".join(chunks), dtype="<i2")

    def receive(self, kind: str, payload: bytes | None = None, **data: object) -> None:
        """Let Home Assistant send an event."""
        self.satellite.received(Event(type=kind, data=data, payload=payload))

    def user_event(self, name: str, /, **data: object) -> None:
        """Let Home Assistant send one of our own events."""
        self.receive("user-event", name=name, data=data)

    def reply(self, seconds: float, turn_id: str | None = "T1", *, complete: bool = True) -> None:
        """Let Home Assistant send a reply, faster than it sounds."""
        if turn_id is not None:
            self.user_event("reply-audio", turn_id=turn_id)
        self.receive("audio-start", rate=RATE_HZ, width=2, channels=1)
        self.more(seconds)
        if complete:
            self.receive("audio-stop")

    def more(self, seconds: float) -> None:
        """Let Home Assistant send more of the reply, not a whole number of frames."""
        pcm = np.full(round(seconds * RATE_HZ), 5000, dtype="<i2").tobytes()
        for at in range(0, len(pcm), 2048):
            self.receive("audio-chunk", pcm[at : at + 2048], rate=RATE_HZ, width=2, channels=1)

    async def wake(self, marker: int = WAKE_SAMPLE) -> float:
        """Say a wake word, let its hop pass; return when the word ended."""
        said = await self.microphone.say(wake_word(marker))
        await asyncio.sleep(0.08)
        return said.end_ms

    async def say(self, seconds: float) -> None:
        """Say something that is no wake word."""
        await self.microphone.say(voice(seconds))

    def meanwhile(self, what: Coroutine[Any, Any, object]) -> None:
        """Do something while the scene goes on."""
        self.background.append(asyncio.ensure_future(what))

    async def ask(self) -> None:
        """Say the wake word and a command, and wait until the satellite has heard the end."""
        await self.wake()
        await self.say(1.5)
        await asyncio.sleep(1.5)

    def played(self) -> np.ndarray[Any, np.dtype[np.int16]]:
        """Return all that was written for the loudspeaker so far."""
        return np.frombuffer(self.path.read_bytes()[44:], dtype="<i2")


def voice(seconds: float) -> bytes:
    """Return a steady loud voice."""
    samples = np.full(mic_samples(seconds), VOICE, dtype="<i2")
    samples[1::2] *= -1
    return samples.tobytes()


def wake_word(marker: int = WAKE_SAMPLE) -> bytes:
    """Return 700 ms of voice whose last sample is the marker."""
    samples = np.frombuffer(voice(0.7), dtype="<i2").copy()
    samples[-1] = marker
    return samples.tobytes()


def marker_words(names: tuple[str, ...] = ("hey_jarvis",)) -> WakeWords:
    """Return wake words of the marker engine, listening for some of them."""
    known = {
        name: Known(
            name=name,
            spec=f"test:{name}",
            phrase=name.replace("_", " "),
            engine="test",
            licence="none",
        )
        for name in MARKERS
    }

    def load(specs: tuple[str, ...]) -> list[WakeEngine]:
        loaded = [spec.partition(":")[2] for spec in specs]
        return [MarkerEngine(name, MARKERS[name]) for name in loaded]

    words = WakeWords(known, Chosen(names=names), load=load)
    words.start(load(tuple(word.spec for word in words.active)))
    return words


class _Recorder:
    """The transport of a test: it keeps what is sent, with its time."""

    def __init__(self) -> None:
        self.sent: list[tuple[float, Event]] = []

    def send(self, event: Event) -> None:
        """Keep an event."""
        self.sent.append((asyncio.get_running_loop().time() * 1000.0, event))


async def play_in_room(scene: Scene, path: Path, connect: bool, settings: Settings) -> None:
    """Build a room, play the scene in it, take it down."""
    clock = LoopClock()
    recorder = _Recorder()
    microphone = FailingMicrophone(clock)
    speaker = FileSpeaker(path, clock, RATE_HZ)
    words = marker_words()
    parts = Parts(
        clock=clock,
        audio_in=microphone,
        audio_out=speaker,
        endpointer=Endpointer(LoudVad()),
        transport=recorder,
        timers=Timers(path.with_name("timers.json"), asyncio.get_running_loop().time),
        watchdog=Watchdog({}),
        wake=words,
        recordings=path.with_name("recordings"),
        stop_word=lambda on_stop: WakeListener(MarkerEngine("stop", STOP_SAMPLE), on_stop),
    )
    kept = path.with_name("preferences.json")
    kept.unlink(missing_ok=True)
    satellite = Satellite(parts, Preferences(settings, kept))
    room = Room(satellite, microphone, speaker, path, recorder.sent)
    running = asyncio.create_task(satellite.run())
    await asyncio.sleep(0.05)
    if connect:
        satellite.connected()
    try:
        await scene(room)
    finally:
        for task in (running, *room.background):
            task.cancel()
        await asyncio.gather(running, *room.background, return_exceptions=True)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    left = asyncio.all_tasks() - {asyncio.current_task()}
    assert not left, left
