"""Whether wyoming-satellite gets on with our speech server: its wake word, and a turn's ears and voice.

The server is its wake service; what it says after the wake word goes to the same server and the
answer back to its loudspeaker, as Home Assistant would do it.
"""

import asyncio
from collections.abc import AsyncIterator
import contextlib
from dataclasses import dataclass
from pathlib import Path
import sys
import tempfile
from typing import Final

import numpy as np
from wyoming.client import AsyncTcpClient
from wyoming.event import Event

from benchmarks.room.rival import HOME, PACED_MIC, NoRivalError, make_environments, started
from benchmarks.room.voices import spoken
from waifu_satellite.audio.wav import write_wav

from .servers import RivalError, free_port, ours

RATE_HZ: Final = 16000
# wyoming-satellite converts what it plays to this.
LOUDSPEAKER_HZ: Final = 22050
FORMAT: Final = {"rate": RATE_HZ, "width": 2, "channels": 1}
WORD: Final = "hey_jarvis"
COMMAND: Final = "what time is it"
ANSWER: Final = "It is ten past nine."
PLAYED: Final = "played.raw"
# The satellite first has to reach its wake service.
BEFORE_S: Final = 3.0
# It begins to send the sound a third of a second after the wake word.
BETWEEN_S: Final = 0.8
# The command and a little more: the satellite streams until it is told the transcript.
LISTENED_S: Final = 3.0
TURN_S: Final = 60.0
TARGETS_LEAST: Final = {
    "wyoming_satellite_woken": 2.0,
    "wyoming_satellite_understood": 2.0,
    "wyoming_satellite_played_share": 0.99,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A satellite that waits for its wake word, and the server for its turns."""

    folder: Path
    satellite: AsyncTcpClient
    speech_port: int


def measure() -> dict[str, float]:
    """Print and return what two turns have come to; nothing where the satellite can't be run."""
    try:
        make_environments()
        with tempfile.TemporaryDirectory() as folder:
            return asyncio.run(_turns(Path(folder)))
    except (NoRivalError, RivalError) as err:
        print(f"wyoming-satellite can't be run: {err}")
        return {}


async def _turns(folder: Path) -> dict[str, float]:
    """Say the wake word and a command twice: after a turn the satellite waits for its word again."""
    async with _room(folder) as room:
        heard, sent_s = [], 0.0
        for _ in range(2):
            heard.append(await _heard(room))
            sent_s += await _answered(room)
        played_s = await _played_s(folder / PLAYED, sent_s)
    woken = [text for text in heard if text is not None]
    print(f"wyoming-satellite 1.0.0 woken by “{WORD}” {len(woken)} of {len(heard)} times")
    print(f"    “{COMMAND}” understood as {woken}; {played_s:.2f} of {sent_s:.2f} s played")
    return {
        "wyoming_satellite_woken": float(len(woken)),
        "wyoming_satellite_understood": float(woken.count(COMMAND)),
        "wyoming_satellite_played_share": played_s / sent_s if sent_s else 0.0,
    }


@contextlib.asynccontextmanager
async def _room(folder: Path) -> AsyncIterator[Room]:
    """Run server and satellite."""
    with ours(folder, "--stt", "pocketsphinx:en-us") as server:
        port = free_port()
        program = [str(HOME / "wyoming-satellite" / "bin" / "python"), "-m", "wyoming_satellite"]
        arguments = [
            *("--uri", f"tcp://127.0.0.1:{port}", "--name", "room", "--no-zeroconf"),
            *("--mic-command", f"{sys.executable} {PACED_MIC} {folder}"),
            *("--snd-command", f"tee -a {folder / PLAYED}"),
            *("--snd-command-rate", str(LOUDSPEAKER_HZ)),
            *("--wake-uri", f"tcp://127.0.0.1:{server.port}", "--wake-word-name", WORD),
        ]
        async with contextlib.AsyncExitStack() as stack:
            await started(stack, program, arguments, port)
            satellite = await stack.enter_async_context(AsyncTcpClient("127.0.0.1", port))
            await satellite.write_event(Event("run-satellite"))
            yield Room(folder=folder, satellite=satellite, speech_port=server.port)


async def _heard(room: Room) -> str | None:
    """Say wake word and command; return what our server understands, nothing where it did not wake."""
    await asyncio.sleep(BEFORE_S)
    _say(room.folder)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(TURN_S):
            while (event := await room.satellite.read_event()) is not None:
                if event.type == "run-pipeline":
                    return await _transcript(room)
    return None


def _say(folder: Path) -> None:
    """Speak the wake word, and after a moment the command, into the microphone."""
    hiss = np.random.default_rng(0).normal(0, 30, int(BETWEEN_S * RATE_HZ)).astype("<i2")
    name = spoken(folder, WORD.replace("_", " "), "en-gb")
    command = spoken(folder, COMMAND, "en-us")
    draft = folder / "draft.wav"
    sound = np.concatenate((hiss, name, hiss, command, hiss))
    write_wav(draft, sound.tobytes(), RATE_HZ)
    draft.rename(folder / "say.wav")


async def _transcript(room: Room) -> str:
    """Return what our server understands in the satellite's sound, and tell the satellite."""
    async with AsyncTcpClient("127.0.0.1", room.speech_port) as ears:
        await ears.write_event(Event("transcribe", {"language": "en"}))
        await ears.write_event(Event("audio-start", FORMAT))
        heard_s = 0.0
        while heard_s < LISTENED_S and (event := await room.satellite.read_event()) is not None:
            if event.type == "audio-chunk" and event.payload:
                heard_s += len(event.payload) / 2 / RATE_HZ
                await ears.write_event(event)
        await ears.write_event(Event("audio-stop"))
        while (event := await ears.read_event()) is not None:
            if event.type == "transcript":
                await room.satellite.write_event(event)
                return str(event.data["text"])
    return ""


async def _answered(room: Room) -> float:
    """Send our server's sound to the satellite; return how long it was (s)."""
    sent_s = 0.0
    async with AsyncTcpClient("127.0.0.1", room.speech_port) as voice, asyncio.timeout(TURN_S):
        await voice.write_event(Event("synthesize", {"text": ANSWER}))
        while (event := await voice.read_event()) is not None:
            if event.type in {"audio-start", "audio-chunk", "audio-stop"}:
                await room.satellite.write_event(event)
            if event.type == "audio-chunk":
                sent_s += len(event.payload or b"") / 2 / event.data["rate"]
            if event.type == "audio-stop":
                break
    return sent_s


async def _played_s(file: Path, sent_s: float) -> float:
    """Return how much sound reached the satellite's loudspeaker (s)."""
    played_s = 0.0
    loop = asyncio.get_running_loop()
    end_s = loop.time() + TURN_S
    while played_s < 0.99 * sent_s and loop.time() < end_s:
        await asyncio.sleep(0.2)
        played_s = file.stat().st_size / 2 / LOUDSPEAKER_HZ if file.exists() else 0.0
    return played_s
