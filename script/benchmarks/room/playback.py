"""How exactly a satellite tells when its sound is at the loudspeaker, and how well two clocks agree."""

import asyncio
from pathlib import Path
import shutil
import subprocess
import sys
import tempfile

from wyoming.event import Event

from waifu_wire.frames import read_frame, write_frame

from .interrupting import ROOM
from .listening import satellite

BACK_ENDS = ("pulse", "sounddevice")
TURNS = 3
PROBES = 8


def playback(folder: Path) -> dict[str, float]:
    """Return the largest errors over real sound servers and between two processes."""
    figures = {"clock_offset_ms": asyncio.run(_clock_offset_ms(folder))}
    if shutil.which("pulseaudio") is None or shutil.which("parec") is None:
        print("Playback is not measured: pulseaudio and pulseaudio-utils are not installed")
        return figures
    sys.path.insert(0, str(ROOM))
    # The sound server belongs to the tests, which prove what is measured here.
    from pulse_room import spoken_turn  # noqa: PLC0415 - see above

    wav = folder / "spoken.wav"
    text = "hey jarvis, turn on the kitchen light"
    subprocess.run(["espeak-ng", "-v", "en-us", "-s", "150", "-w", str(wav), text], check=True)
    for back_end in BACK_ENDS:
        errors = []
        for _ in range(TURNS):
            with tempfile.TemporaryDirectory() as name:
                turn = asyncio.run(spoken_turn(Path(name), wav, back_end))
            errors += [abs(error_ms) for error_ms in turn.errors_ms()]
        figures[f"playback_error_ms_{back_end}"] = round(max(errors), 1)
    return figures


async def _clock_offset_ms(folder: Path) -> float:
    """Return what eight probes make of a clock that is our own: the smallest round trip wins."""
    loop = asyncio.get_running_loop()
    async with satellite(folder, "openwakeword") as ours:
        reader, writer = await asyncio.open_connection("127.0.0.1", ours.port)
        found = []
        for _ in range(PROBES):
            sent_ms = loop.time() * 1000
            data = {"name": "clock-probe", "data": {"t0": sent_ms}}
            await write_frame(writer, Event(type="user-event", data=data))
            reply = await read_frame(reader)
            assert reply is not None
            back_ms = loop.time() * 1000
            middle_ms = (sent_ms + back_ms) / 2
            found.append((back_ms - sent_ms, reply.data["data"]["satellite_ms"] - middle_ms))
        writer.close()
    return round(abs(min(found)[1]), 3)
