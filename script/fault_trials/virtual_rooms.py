"""Many rooms in one process: `python virtual_rooms.py ROOMS KEY SPOKEN.wav`, driven by lines of JSON.

The link is the satellite's own (TLS-PSK, frames, pings, clock probes), each room has a port and answers
for itself. Ears and loudspeaker are left out: the words are a file, sent in real time from the wake word
on, and a reply is played by waiting as long as it sounds. First line out: the ports. A line in,
`{"turns": 3, "pause_s": [20, 60], "common": false, "seed": 1}`, lets all of them talk; a line out for each
turn. With `"speed": 4` people there speak, and hear out what is said to them, four times as fast.
"""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
import json
from pathlib import Path
from random import Random
import sys
from typing import Any

from wyoming.event import Event

from waifu_satellite import protocol
from waifu_satellite.audio.wav import read_for_microphone
from waifu_satellite.clock import LoopClock
from waifu_satellite.format import FRAME_BYTES, FRAME_MS
from waifu_satellite.link import Link
from waifu_satellite.player import Stopped
from waifu_satellite.sound import Place
from waifu_satellite.wake.catalogue import Known
from waifu_wire.pairing import parse_key
from waifu_wire.server import start_server

HOST = "127.0.0.1"
SILENCE_MS = 700
"""What a satellite waits for before it takes the words for ended."""
TURN_LIMIT_S = 60.0


@dataclass(slots=True, kw_only=True)
class Turn:
    """One turn as a room has it; times are seconds of the monotonic clock."""

    room: int
    woken_s: float
    listening_s: float | None = None
    ended_s: float | None = None
    sound_s: float | None = None
    heard: str = ""
    sound_ms: float = 0.0
    error: str = ""


class VirtualRoom:
    """A satellite without ears: it is told when its wake word was said."""

    def __init__(self, number: int, clock: LoopClock) -> None:
        """Have a name and a wake word."""
        self._number = number
        self._clock = clock
        self._own = Known(
            name=f"room_{number}",
            spec=f"openwakeword:room_{number}",
            phrase=f"room {number}",
            engine="openwakeword",
            licence="none",
        )
        self._common = Known(
            name="hey_jarvis",
            spec="openwakeword:hey_jarvis",
            phrase="hey jarvis",
            engine="openwakeword",
            licence="none",
        )
        known = (self._own, self._common)
        self.link = Link(
            clock,
            lambda: protocol.info(
                satellite_id=f"virtual-{number:02}",
                name=f"Room {number}",
                area=None,
                known=known,
                active=[word.name for word in known],
            ),
        )
        self.link.listener = self
        self.there = asyncio.Event()
        self._turn: Turn | None = None
        self._over = asyncio.Event()
        self._turn_id: str | None = None
        self._speed = 1.0
        self._rate_hz = 0
        self._bytes = 0

    def connected(self) -> None:
        """Tell a primary what a satellite tells it."""
        words = [
            {"name": w.name, "phrase": w.phrase, "engine": w.engine, "licence": w.licence,
             "active": True, "threshold": 0.5}
            for w in (self._own, self._common)
        ]  # fmt: skip
        self.link.send(protocol.settings({"volume": 1.0, "wake_words": words}))
        self.link.send(protocol.state("idle"))
        self.there.set()

    def disconnected(self) -> None:
        """Go on without a primary."""
        self.there.clear()
        self._end("disconnected")

    def received(self, event: Event) -> None:
        """Take what Home Assistant says about the turn."""
        turn, now_s = self._turn, self._clock.now_ms() / 1000
        if event.type == "user-event" and event.data.get("name") in {"turn", "reply-audio"}:
            self._turn_id = (event.data.get("data") or {}).get("turn_id")
        if turn is None:
            return
        match event.type:
            case "transcribe":
                turn.listening_s = now_s
            case "transcript":
                turn.heard = str(event.data.get("text"))
            case "error":
                self._end(str(event.data.get("code")))
            case "audio-start":
                self._rate_hz, self._bytes = int(event.data["rate"]), 0
            case "audio-chunk":
                self._take_sound(turn, event.payload or b"", now_s)
            case "audio-stop" if turn.sound_s is not None:
                turn.sound_ms = self._bytes / 2 / self._rate_hz * 1000
                left_s = turn.sound_s + turn.sound_ms / 1000 / self._speed - now_s
                asyncio.get_running_loop().call_later(max(0.0, left_s), self._played)

    async def talk(self, pcm: bytes, *, common: bool, speed: float) -> Turn:
        """Say the wake word and the words; return what came of it."""
        self._speed = speed
        word = self._common if common else self._own
        turn = self._turn = Turn(room=self._number, woken_s=self._clock.now_ms() / 1000)
        self._over = asyncio.Event()
        at_ms = turn.woken_s * 1000
        self.link.send(
            protocol.wake(origin="wake_word", name=word.name, score=0.9, snr_db=20.0, at_ms=at_ms)
        )
        self.link.send(protocol.detection(word.name, round(at_ms)))
        self.link.send(protocol.run_pipeline(word.name))
        try:
            async with asyncio.timeout(TURN_LIMIT_S):
                await self._stream(turn, pcm)
                await self._over.wait()
        except TimeoutError:
            turn.error = turn.error or "timeout"
        self._turn = None
        return turn

    async def _stream(self, turn: Turn, pcm: bytes) -> None:
        """Send the words at the pace of speech, and the silence that ends them."""
        pcm += bytes(FRAME_BYTES * SILENCE_MS // FRAME_MS)
        for number, at in enumerate(range(0, len(pcm), FRAME_BYTES)):
            due_s = turn.woken_s + number * FRAME_MS / 1000 / self._speed
            await asyncio.sleep(max(0.0, due_s - self._clock.now_ms() / 1000))
            if self._over.is_set():
                return
            self.link.send(protocol.audio_chunk(pcm[at : at + FRAME_BYTES], number * FRAME_MS))
        turn.ended_s = self._clock.now_ms() / 1000
        self.link.send(protocol.audio_stop(len(pcm) // FRAME_BYTES * FRAME_MS))

    def _take_sound(self, turn: Turn, pcm: bytes, now_s: float) -> None:
        """Take sound; its first piece begins to be heard at once."""
        self._bytes += len(pcm)
        if turn.sound_s is None:
            turn.sound_s = now_s
            place = Place(audio_ms=0.0, at_ms=now_s * 1000)
            self.link.send(protocol.playback_started(self._turn_id, place))

    def _played(self) -> None:
        """Tell that the reply was heard to its end."""
        turn = self._turn
        if turn is None:
            return
        place = Place(audio_ms=turn.sound_ms, at_ms=self._clock.now_ms())
        self.link.send(protocol.playback_stopped(self._turn_id, place, Stopped.FINISHED))
        self.link.send(protocol.played())
        self._over.set()

    def _end(self, error: str) -> None:
        """End the turn that is under way."""
        if self._turn is not None and not self._over.is_set():
            self._turn.error = error
            self._over.set()


async def _live(room: VirtualRoom, pcm: bytes, order: dict[str, Any], random: Random) -> None:
    """Let a room talk as often as it is told, with pauses between."""
    low_s, high_s = order["pause_s"]
    for _ in range(order["turns"]):
        await asyncio.sleep(random.uniform(low_s, high_s))
        turn = await room.talk(pcm, common=order["common"], speed=order.get("speed", 1.0))
        print(json.dumps(asdict(turn)), flush=True)


async def main() -> None:
    """Serve the rooms until the standard input ends."""
    count, key, spoken = int(sys.argv[1]), parse_key(sys.argv[2]), Path(sys.argv[3])
    pcm, clock = read_for_microphone(spoken), LoopClock()
    rooms = [VirtualRoom(number, clock) for number in range(count)]
    loop = asyncio.get_running_loop()
    async with AsyncExitStack() as stack:
        ports = []
        for room in rooms:
            server = await start_server(room.link.serve, host=HOST, port=0, pairing_key=key)
            stack.push_async_callback(server.close)
            ports.append(server.port)
        print(json.dumps(ports), flush=True)
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            order = json.loads(line)
            async with asyncio.timeout(60):
                await asyncio.gather(*(room.there.wait() for room in rooms))
            random = Random(order["seed"])
            seeds = [Random(random.random()) for _ in rooms]
            await asyncio.gather(
                *(_live(room, pcm, order, own) for room, own in zip(rooms, seeds, strict=True))
            )
            print(json.dumps("over"), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
