"""A day of a satellite in virtual time: the real parts, and everything that can go wrong.

Only the wake network is replaced (its hop, gate, listener and thresholds are real), because a day of
the real one would take half an hour.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
import gc
from pathlib import Path
import random
import tracemalloc
from typing import Any, Final, override

from satellite_room import FailingMicrophone, MarkerEngine, voice, wake_word
from virtual_time import VirtualLoop
from wyoming.event import Event

from waifu_satellite.audio.base import AudioError, Deliver, Source
from waifu_satellite.audio.file_out import NullSpeaker
from waifu_satellite.clock import LoopClock
from waifu_satellite.hearing.endpoint import Endpointer
from waifu_satellite.hearing.vad import EnergyVad
from waifu_satellite.link import Link
from waifu_satellite.parts import Parts
from waifu_satellite.protocol import info
from waifu_satellite.satellite import Satellite
from waifu_satellite.timers import Timers
from waifu_satellite.wake.base import Score
from waifu_satellite.wake.catalogue import Known
from waifu_satellite.wake.gate import SilenceGate
from waifu_satellite.wake.words import Chosen, WakeWords
from waifu_satellite.watchdog import Watchdog
from waifu_wire.frames import FrameError, encode_frame, read_frame
from waifu_wire.server import Connection

REACH_S: Final = 2.08
ANSWER_S: Final = 2.0


class Peer(Connection):
    """A connection without a socket: the real frame reader reads what Home Assistant writes."""

    def __init__(self) -> None:
        self._incoming = asyncio.StreamReader()
        self.sent: list[Event] = []
        self.gone = asyncio.Event()
        self.slow = False

    @property
    @override
    def peer(self) -> str:
        """Return a name."""
        return "home assistant"

    @override
    async def read(self) -> Event | None:
        """Return the next event of Home Assistant; garbage ends the connection."""
        try:
            return await read_frame(self._incoming)
        except FrameError:
            return None

    @override
    async def write(self, event: Event) -> None:
        """Take an event for Home Assistant; a slow one takes its time."""
        if self.gone.is_set():
            raise ConnectionResetError
        if self.slow:
            await asyncio.sleep(1.0)
        if event.type == "ping":
            self.tell(Event(type="pong"))
        self.sent.append(event)

    @override
    def abort(self) -> None:
        """End at once."""
        self.leave()

    def tell(self, event: Event) -> None:
        """Let Home Assistant write."""
        if not self.gone.is_set():
            self._incoming.feed_data(encode_frame(event))

    def garble(self, raw: bytes) -> None:
        """Let Home Assistant write nonsense."""
        self._incoming.feed_data(raw)

    def leave(self) -> None:
        """Let Home Assistant leave."""
        if not self.gone.is_set():
            self.gone.set()
            self._incoming.feed_eof()


class HangingMicrophone(FailingMicrophone):
    """A microphone whose driver hangs until it is opened again."""

    @override
    async def run(self, deliver: Deliver) -> None:
        """Work again."""
        self.hangs = False
        await super().run(deliver)


class FailingEngine(MarkerEngine):
    """The wake network, which may break now and then."""

    breaks = 0

    @override
    def process(self, pcm: bytes) -> list[Score]:
        """Break, or hear the marker."""
        if self.breaks:
            self.breaks -= 1
            raise RuntimeError("out of memory")
        return super().process(pcm)


class FailingSpeaker(NullSpeaker):
    """A loudspeaker that can be unplugged."""

    fails = 0

    @override
    async def play(self, source: Source) -> None:
        """Play, or fail."""
        if self.fails:
            self.fails -= 1
            raise AudioError("The loudspeaker is gone")
        await super().play(source)


@dataclass
class Day:
    """A satellite, the faults that it meets, and what became of each."""

    satellite: Satellite
    link: Link
    microphone: FailingMicrophone
    speaker: FailingSpeaker
    engine: FailingEngine
    random: random.Random
    peer: Peer | None = None
    serving: asyncio.Task[None] | None = None
    faults: dict[str, int] = field(default_factory=dict)
    unanswered: list[str] = field(default_factory=list)

    async def connect(self) -> None:
        """Let Home Assistant come."""
        self.peer = Peer()
        self.serving = asyncio.create_task(self._serve(self.peer))
        self.peer.tell(Event(type="run-satellite"))
        await asyncio.sleep(0.05)

    async def _serve(self, peer: Peer) -> None:
        """Serve Home Assistant until it leaves."""
        try:
            await self.link.serve(peer)
        except ConnectionResetError:
            pass
        finally:
            peer.leave()

    async def disconnect(self) -> None:
        """Let Home Assistant go."""
        if self.peer is not None and self.serving is not None:
            self.peer.leave()
            await asyncio.gather(self.serving, return_exceptions=True)
            self.peer = None

    def tell(self, kind: str, payload: bytes | None = None, **data: object) -> None:
        """Let Home Assistant send an event, if it is there."""
        if self.peer is not None:
            self.peer.tell(Event(type=kind, data=data, payload=payload))

    def reply(self, seconds: float, *, complete: bool = True) -> None:
        """Let Home Assistant send a sound."""
        self.tell("user-event", name="reply-audio", data={"turn_id": "T"})
        self.tell("audio-start", rate=16_000, width=2, channels=1)
        for _ in range(round(seconds * 10)):
            self.tell("audio-chunk", voice(0.1), rate=16_000, width=2, channels=1)
        if complete:
            self.tell("audio-stop")

    async def answered(self) -> bool:
        """Say the wake word; return whether a run was asked for within two seconds."""
        peer = self.peer
        assert peer is not None
        del peer.sent[:]
        await self.microphone.say(wake_word())
        began = asyncio.get_running_loop().time()
        while asyncio.get_running_loop().time() - began < ANSWER_S:
            if any(event.type == "run-pipeline" for event in peer.sent):
                return True
            await asyncio.sleep(0.05)
        return False


type Fault = Callable[[Day], Awaitable[None]]


async def home_assistant_restarts(day: Day) -> None:
    """Let Home Assistant go away and come back."""
    await day.disconnect()
    await asyncio.sleep(day.random.uniform(0.1, 90))
    await day.connect()


async def home_assistant_is_killed_while_she_listens(day: Day) -> None:
    """Break the connection in the middle of a command."""
    await day.microphone.say(wake_word())
    await asyncio.sleep(0.3)
    await day.disconnect()
    await asyncio.sleep(0.5)
    await day.connect()


async def reply_breaks_off(day: Day) -> None:
    """Begin a sound that never ends, and lose the connection with it."""
    day.reply(3.0, complete=False)
    await asyncio.sleep(1.0)
    await day.disconnect()
    await day.connect()


async def garbage_arrives(day: Day) -> None:
    """Send what is no frame."""
    assert day.peer is not None
    day.peer.garble(day.random.randbytes(300) + b"\n")
    await asyncio.sleep(1.0)
    await day.disconnect()
    await day.connect()


async def reader_is_slow(day: Day) -> None:
    """Let Home Assistant take nothing for a while."""
    assert day.peer is not None
    day.peer.slow = True
    await day.microphone.say(wake_word())
    await asyncio.sleep(5.0)
    day.peer.slow = False
    await asyncio.sleep(8.0)


async def microphone_is_unplugged(day: Day) -> None:
    """Take the device away, and put it back."""
    day.microphone.unplugged.set()
    await asyncio.sleep(day.random.uniform(0.5, 20))
    day.microphone.unplugged.clear()
    await asyncio.sleep(3.0)


async def microphone_hangs(day: Day) -> None:
    """Let the driver deliver nothing more, without an error."""
    day.microphone.hangs = True
    await asyncio.sleep(10.0)


async def loudspeaker_fails(day: Day) -> None:
    """Send a reply that can't be played."""
    day.speaker.fails = 1
    day.reply(2.0)
    await asyncio.sleep(1.0)


async def wake_engine_breaks(day: Day) -> None:
    """Let the network raise some times."""
    day.engine.breaks = 3
    await day.microphone.say(voice(1.0))
    await asyncio.sleep(1.0)


async def run_is_never_answered(day: Day) -> None:
    """Speak a command to which Home Assistant says nothing at all."""
    await day.microphone.say(wake_word() + voice(1.0))
    await asyncio.sleep(120.0)


async def timer_rings_and_nobody_stops_it(day: Day) -> None:
    """Let a timer ring until it ends by itself."""
    day.tell("timer-started", id="T", total_seconds=5, name="tea")
    await asyncio.sleep(920.0)


async def machine_sleeps(day: Day) -> None:
    """Let the clock jump by some minutes."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    loop.now_s += day.random.uniform(30, 300)
    await asyncio.sleep(4.0)
    if day.peer is None or day.peer.gone.is_set():
        await day.connect()


FAULTS: Final[tuple[Fault, ...]] = (
    home_assistant_restarts,
    home_assistant_is_killed_while_she_listens,
    reply_breaks_off,
    garbage_arrives,
    reader_is_slow,
    microphone_is_unplugged,
    microphone_hangs,
    loudspeaker_fails,
    wake_engine_breaks,
    run_is_never_answered,
    timer_rings_and_nobody_stops_it,
    machine_sleeps,
)


def live(folder: Path, *, hours: float, times: int, deaf_is_seen: bool = True) -> Day:
    """Live through hours in which each fault happens so often; return what became of it."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(_live(folder, hours, times, deaf_is_seen))


async def _live(folder: Path, hours: float, times: int, deaf_is_seen: bool) -> Day:
    """Build the satellite and let the day pass."""
    day = _make(folder)
    if not deaf_is_seen:
        day.satellite._check_health = lambda: None  # type: ignore[method-assign]  # broken on purpose
    running = asyncio.create_task(day.satellite.run())
    await asyncio.sleep(0.1)
    await day.connect()
    began_s = asyncio.get_running_loop().time()
    plan = [fault for fault in FAULTS for _ in range(times)]
    day.random.shuffle(plan)
    try:
        for fault in plan:
            await _suffer(day, fault)
        left_s = began_s + hours * 3600 - asyncio.get_running_loop().time()
        if left_s > 0:
            await asyncio.sleep(left_s)
        if not await day.answered():
            day.unanswered.append("the end of the day")
    finally:
        await day.disconnect()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    return day


async def _suffer(day: Day, fault: Fault) -> None:
    """Let one fault happen, and look whether the next wake word is answered."""
    name = getattr(fault, "__name__", "fault")
    day.faults[name] = day.faults.get(name, 0) + 1
    await fault(day)
    if day.peer is None or day.peer.gone.is_set():
        await day.connect()
    if not await day.answered():
        day.unanswered.append(name)
    day.tell("error", code="stt-no-text-recognized")
    await asyncio.sleep(day.random.uniform(2, 10))


def _make(folder: Path) -> Day:
    """Return a satellite with all its real parts."""
    clock = LoopClock()
    microphone, speaker = HangingMicrophone(clock), FailingSpeaker(clock, 16_000)
    engine = FailingEngine()
    known = {
        word.name: Known(
            name=word.name, spec="test:word", phrase=word.phrase, engine="test", licence="none"
        )
        for word in engine.words
    }
    words = WakeWords(known, Chosen(names=tuple(known)))
    words.start([SilenceGate(engine, REACH_S)])
    link = Link(clock, lambda: info(satellite_id="x", name="x", area=None, known=(), active=[]))
    parts = Parts(
        clock=clock,
        audio_in=microphone,
        audio_out=speaker,
        endpointer=Endpointer(EnergyVad()),
        transport=link,
        timers=Timers(folder / "timers.json", asyncio.get_running_loop().time),
        watchdog=Watchdog({}),
        wake=words,
    )
    satellite = Satellite(parts)
    link.listener = satellite
    return Day(satellite, link, microphone, speaker, engine, random.Random(24))


def grown_bytes(work: Callable[[], Any]) -> int:
    """Return how much memory some work has left behind."""
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    work()
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return after - before
